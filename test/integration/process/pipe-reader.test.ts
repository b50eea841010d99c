import assert from 'node:assert/strict';
import { closeSync, writeSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { createFifoPool } from '../../../src/process/pipes/fifo-pool.ts';
import { readDescriptor } from '../../../src/process/pipes/pipe-reader.ts';

async function createPipe(t: TestContext) {
  const pool = createFifoPool();
  t.after(() => pool.dispose());
  const fifo = (await pool.take(1))?.[0] ?? assert.fail('needs mkfifo');
  let text = '';
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const reader = readDescriptor(fifo.readFd, {
    onChunk: (chunk) => {
      text += chunk.toString();
    },
    onEnd: () => end(),
  });
  t.after(() => reader.close());
  return { reader, ended, writeFd: fifo.writeFd, read: () => text };
}

test('a drain passes on at once what was written, though the other end stays open', async (t) => {
  const { reader, writeFd, read, ended } = await createPipe(t);
  writeSync(writeFd, 'x'.repeat(60_000));
  writeSync(writeFd, 'last');
  reader.drain();
  assert.equal(read(), `${'x'.repeat(60_000)}last`);
  reader.drain();
  closeSync(writeFd);
  await ended;
  assert.equal(read().length, 60_004);
});

test('a drain after the end or the close reads from nothing', async (t) => {
  const { reader, writeFd, ended, read } = await createPipe(t);
  closeSync(writeFd);
  await ended;
  reader.drain();
  reader.close();
  reader.drain();
  assert.equal(read(), '');
});
