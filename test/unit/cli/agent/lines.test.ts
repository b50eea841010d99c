/** Bytes are cut into lines wherever they come apart, and a line that is too long is never held. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { linesOf } from '../../../../src/cli/client/agent/lines.ts';
import { assertAsyncProperty } from '../../../support/assert-property.ts';
import { collectGarbage } from '../../../support/collect-garbage.ts';

async function* given(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function cut(
  chunks: readonly Uint8Array[],
  mostBytes: number,
): Promise<readonly (string | undefined)[]> {
  const lines: (string | undefined)[] = [];
  for await (const line of linesOf(given(chunks), mostBytes)) lines.push(line);
  return lines;
}

test('the same bytes are the same lines, wherever they come apart', async () => {
  const texts = fc.array(fc.constantFrom('', 'a', 'grün', '日本', '😀 and more', 'x'.repeat(20)), {
    minLength: 1,
  });
  await assertAsyncProperty(
    fc.asyncProperty(texts, fc.array(fc.nat(60), { maxLength: 8 }), async (lines, cuts) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const edges = [0, ...cuts.map((at) => Math.min(at, bytes.length)).sort((a, b) => a - b), bytes.length];
      const chunks = edges.slice(1).map((to, index) => bytes.subarray(edges[index], to));
      const expected = lines.map((line) => (Buffer.byteLength(line) > 15 ? undefined : line));
      assert.deepEqual(await cut(chunks, 15), expected);
    }),
  );
});

test('what had no newline at the end is a line, nothing is none', async () => {
  assert.deepEqual(await cut([Buffer.from('a\nb')], 9), ['a', 'b']);
  assert.deepEqual(await cut([Buffer.from('a\n')], 9), ['a']);
  assert.deepEqual(await cut([], 9), []);
});

test('of a line that is too long nothing is kept, however long it is', async () => {
  const held: WeakRef<ArrayBuffer>[] = [];
  const many = async function* (): AsyncGenerator<Uint8Array> {
    for (let count = 0; count < 64; count += 1) {
      const chunk = new Uint8Array(64 * 1024);
      held.push(new WeakRef(chunk.buffer));
      yield chunk;
    }
    await collectGarbage();
    // The last one may be in use still.
    assert.equal(held.slice(0, -1).filter((memory) => memory.deref() !== undefined).length, 0);
    yield Buffer.from('\nnext\n');
  };
  const lines: (string | undefined)[] = [];
  for await (const line of linesOf(many(), 1024)) lines.push(line);
  assert.deepEqual(lines, [undefined, 'next']);
});
