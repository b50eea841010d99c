/**
 * Of what a service wrote the last bytes are kept, whole lines of them, in order.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { KeptOutput } from '../../../src/control/server/kept-output.ts';
import { assertProperty } from '../../support/assert-property.ts';

const KEPT_BYTES = 128 * 1024;
const STREAMS = ['stdout', 'stderr'] as const;

interface Write {
  readonly stream: (typeof STREAMS)[number];
  readonly attempt: number;
  /** How often it repeats its text; none: the stream ends. */
  readonly times: number | undefined;
  readonly text: string;
}

const writes: fc.Arbitrary<readonly Write[]> = fc.array(
  fc.record({
    stream: fc.constantFrom(...STREAMS),
    attempt: fc.integer({ min: 1, max: 2 }),
    times: fc.option(fc.constantFrom(1, 2, 100, 40_000, 70_000), { nil: undefined }),
    text: fc.constantFrom('a\n', 'b', 'cd\nef', '\n'),
  }),
  { maxLength: 30 },
);

/** What is read of each stream, by attempt and stream. */
function readAll(kept: KeptOutput): ReadonlyMap<string, string> {
  const read = new Map<string, string>();
  for (const { from, bytes } of kept.read()) {
    const key = `${from.attempt} ${from.stream}`;
    read.set(key, (read.get(key) ?? '') + (bytes?.toString() ?? ''));
  }
  return read;
}

suite('output that is kept', () => {
  test('G9: what is read of a stream is its end, from the beginning of a line on, and never more than the limit', () => {
    assertProperty(
      fc.property(writes, (all) => {
        let ms = 0;
        const kept = new KeptOutput({ time: () => `t${ms}`, ms: () => ms });
        const written = new Map<string, string>();
        const ended = new Set<string>();
        let total = 0;
        for (const { stream, attempt, times, text } of all) {
          ms++;
          const key = `${attempt} ${stream}`;
          if (ended.has(key)) continue;
          if (times === undefined) {
            kept.add(attempt, stream, false, undefined);
            ended.add(key);
            continue;
          }
          const chunk = Buffer.from(text.repeat(times));
          kept.add(attempt, stream, false, chunk);
          written.set(key, (written.get(key) ?? '') + chunk.toString());
          chunk.fill('?');
          total += chunk.length;
        }
        const read = readAll(kept);
        let bytes = 0;
        for (const [key, text] of read) {
          const all = written.get(key) ?? '';
          bytes += text.length;
          assert.ok(all.endsWith(text), `${key}: what is read is its end`);
          const before = all.at(-text.length - 1);
          if (text !== '' && text.length < all.length) assert.equal(before, '\n', `${key}: a whole line`);
        }
        assert.ok(bytes <= KEPT_BYTES);
        if (total <= KEPT_BYTES / 2) assert.equal(bytes, total, 'of little nothing is forgotten');
      }),
      { numRuns: 300 },
    );
  });

  test('a stream is read with its moments, and its end', () => {
    let ms = 0;
    const kept = new KeptOutput({ time: () => `t${ms}`, ms: () => ms });
    for (const [stream, text] of [
      ['stdout', 'one\n'],
      ['stderr', 'two\n'],
      ['stdout', undefined],
    ] as const) {
      ms++;
      kept.add(1, stream, false, text === undefined ? undefined : Buffer.from(text));
    }
    assert.deepEqual(
      [...kept.read()].map(({ ms, from, bytes }) => [ms, from.stream, bytes?.toString()]),
      [
        [1, 'stdout', 'one\n'],
        [2, 'stderr', 'two\n'],
        [3, 'stdout', undefined],
      ],
    );
  });

  test('G9: of a flood less is kept and less is copied, and a burst is kept as anything else', () => {
    let ms = 0;
    const chunk = Buffer.from(`${'x'.repeat(63)}\n`.repeat(1024));
    const bytesAfter = (chunks: number, everyMs: number): number => {
      const kept = new KeptOutput({ time: () => `t${ms}`, ms: () => ms });
      for (let index = 0; index < chunks; index++, ms += everyMs) kept.add(1, 'stdout', false, chunk);
      return [...kept.read()].reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
    };
    // Four in ten milliseconds are the most that is none.
    assert.equal(bytesAfter(4, 0), KEPT_BYTES);
    assert.equal(bytesAfter(100, 3), KEPT_BYTES);
    assert.equal(bytesAfter(5, 0), 32 * 1024);
    assert.equal(bytesAfter(1000, 1), 32 * 1024);
  });

  test('G9: many tiny writes are forgotten by their number', () => {
    let ms = 0;
    const kept = new KeptOutput({ time: () => `t${ms}`, ms: () => ms });
    for (; ms < 5_000; ms++) kept.add(1, 'stdout', false, Buffer.from('x\n'));
    const parts = [...kept.read()];
    assert.ok(parts.length <= 2_000 && parts.length >= 1_000, `${parts.length}`);
    assert.equal(parts.at(-1)?.ms, 4_999);
  });
});
