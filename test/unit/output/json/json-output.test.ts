import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Fact } from '../../../../src/events/event.ts';
import { createJsonOutput } from '../../../../src/output/json/json-output.ts';
import { createLineCutter, type LogLine } from '../../../../src/output/lines/line-cutter.ts';
import { assertProperty } from '../../../support/assert-property.ts';
import { eventAt, finished, runStarted } from '../support/events.ts';
import { createFakeWriter } from '../support/fake-writer.ts';

function setUp() {
  const writer = createFakeWriter();
  let seq = 0;
  const stamp = (fact: Fact) => eventAt(seq, fact, ++seq);
  const output = createJsonOutput({ stdout: writer, stamp });
  const objects = () =>
    writer
      .text()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return { output, stamp, objects, writer };
}

test('every event and every line of output is one object a line, numbered in one row', async () => {
  const { output, stamp, objects, writer } = setUp();
  output.onEvent(stamp(runStarted('a')));
  output.onLog('a', 1, 'stderr', Buffer.from('one\nt'));
  output.onLog('a', 1, 'stderr', Buffer.from('wo\nrest'));
  output.onLog('a', 1, 'stderr', undefined);
  output.onEvent(stamp(finished(0, 'everything is done')));
  await output.finish();
  assert.deepEqual(
    objects().map(({ seq, type, text }) => [seq, type, text]),
    [
      [1, 'run.started', undefined],
      [2, 'log', 'one'],
      [3, 'log', 'two'],
      [4, 'log', 'rest'],
      [5, 'run.finished', undefined],
    ],
  );
  assert.deepEqual(objects()[1], {
    ...eventAt(1, { type: 'log', service: 'a', attempt: 1, stream: 'stderr', text: 'one' }, 2),
  });
  assert.equal(writer.flushed, true);
});

test('bytes that are no UTF-8 are replaced, and every line is JSON all the same', () => {
  assertProperty(
    fc.property(fc.uint8Array({ maxLength: 50 }), fc.integer({ min: 1, max: 7 }), (bytes, size) => {
      const { output, objects } = setUp();
      for (let at = 0; at < bytes.length; at += size) {
        output.onLog('a', 1, 'stdout', Buffer.from(bytes.subarray(at, at + size)));
      }
      output.onLog('a', 1, 'stdout', undefined);
      const wanted = Buffer.from(bytes).toString('utf8').split('\n');
      if (wanted.at(-1) === '') wanted.pop();
      assert.deepEqual(
        objects().map(({ text }) => text),
        wanted,
      );
    }),
  );
});

test('a line over the limit comes in parts between characters, all but the last marked, and they make the line', () => {
  assertProperty(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }),
      fc.integer({ min: 1, max: 9 }),
      (raw, size) => {
        const text = raw.replaceAll('\n', 'n');
        const lines: LogLine[] = [];
        const cutter = createLineCutter((some) => void lines.push(...some), 8);
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; at += size)
          cutter.add('a', 1, 'stdout', bytes.subarray(at, at + size));
        cutter.end();
        assert.equal(lines.map((line) => line.text).join(''), text);
        assert.ok(lines.slice(0, -1).every(({ partial }) => partial));
        assert.equal(lines.at(-1)?.partial, false);
      },
    ),
  );
});

test('the chunk is the caller’s again after the call', () => {
  const { output, objects } = setUp();
  const chunk = Buffer.from('mine');
  output.onLog('a', 1, 'stdout', chunk);
  chunk.fill('x');
  output.onLog('a', 1, 'stdout', Buffer.from('\n'));
  assert.equal(objects()[0].text, 'mine');
});

test('a chunk of nothing but line ends is written in parts that a queue can take', () => {
  const { output, writer, objects } = setUp();
  output.onLog('a', 1, 'stdout', Buffer.alloc(20_000, 10));
  assert.equal(objects().length, 20_000);
  for (const part of writer.writes) assert.ok(part.length < 300 * 1024);
});
