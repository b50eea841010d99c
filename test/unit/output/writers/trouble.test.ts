/**
 * Whatever the system says to a write, and wherever it is written to: the one who writes goes on, and what is lost is counted.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderlyEvent } from '../../../../src/events/event.ts';
import { createJsonOutput, createRecord } from '../../../../src/output/json/json-output.ts';
import type { BoundedWriter, WriterHooks } from '../../../../src/output/writers/bounded-writer.ts';
import { createFileWriter } from '../../../../src/output/writers/file.ts';
import { createQueuedWriter } from '../../../../src/output/writers/queued.ts';
import { ERRNOS, errno, GONE } from '../support/errnos.ts';

/** A place to write to that fails until it is mended. */
interface Place {
  failure: NodeJS.ErrnoException | undefined;
  out: string;
}

const WRITERS: Readonly<Record<string, (place: Place, hooks: WriterHooks) => BoundedWriter>> = {
  'a file': (place, hooks) =>
    createFileWriter(9, {
      hooks,
      writeSync(_fd, chunk, offset, length) {
        if (place.failure) throw place.failure;
        place.out += chunk.toString('utf8', offset, offset + length);
        return length;
      },
    }),
  'a pipe': (place, hooks) =>
    createQueuedWriter(
      {
        writeNow(chunk) {
          if (place.failure) throw place.failure;
          place.out += chunk.toString();
          return chunk.length;
        },
        writeLater: () => assert.fail('there was room'),
        release: () => undefined,
      },
      { hooks },
    ),
};

/** Of a file EIO is a fault of the disk, and no reader can be gone. */
const isGone = (name: string, code: string) => GONE.has(code) && !(name === 'a file' && code === 'EIO');

for (const [name, open] of Object.entries(WRITERS))
  for (const code of ERRNOS)
    test(`trouble in telling, ${name} and ${code}: dropped, counted, told when it is over`, async () => {
      const told: string[] = [];
      const place: Place = { failure: errno(code), out: '' };
      const writer = open(place, {
        onDropped: (lines, why) => void told.push(`${lines} lines: ${why}`),
        onClosed: () => void told.push('closed'),
        onTrouble: (why) => void told.push(why),
      });
      assert.equal(writer.write(Buffer.from('a\nb\n')), false);
      assert.equal(writer.write(Buffer.from('c\n')), false);
      if (isGone(name, code)) return assert.deepEqual(told, ['closed']);
      assert.deepEqual(told, [`${code}: said the system`]);
      place.failure = undefined;
      assert.equal(writer.write(Buffer.from('d\n')), true);
      await writer.flush(0);
      assert.deepEqual([told.slice(1), place.out], [[`3 lines: ${code}: said the system`], 'd\n']);
    });

for (const code of ERRNOS)
  test(`trouble in telling, JSON and a record and ${code}: events go on`, async () => {
    const sentences: string[] = [];
    const place: Place = { failure: errno(code), out: '' };
    const hooks = { onDropped: () => undefined, onClosed: () => undefined, onTrouble: () => undefined };
    const json = createJsonOutput({
      stdout: WRITERS['a pipe']!(place, hooks),
      stamp: (fact) => ({ seq: 2, time: '', ms: 0, ...fact }),
    });
    const record = createRecord(
      (its) => WRITERS['a file']!(place, its),
      'run.jsonl',
      (sentence) => void sentences.push(sentence),
    );
    const event: OrderlyEvent = { seq: 1, time: '', ms: 0, type: 'run.note', text: 'hello' };
    for (const output of [json, record]) {
      output.onEvent(event);
      output.onEvent(event);
      output.onLog('db', 1, 'stdout', Buffer.from('half a line'));
    }
    await Promise.all([json.finish(), record.finish()].map((finished) => finished.catch(assert.fail)));
    assert.equal(sentences.length, 1);
  });
