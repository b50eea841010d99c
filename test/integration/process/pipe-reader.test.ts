import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
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

test('whoever takes long over what it gets is read again in a later turn, and nothing is lost or out of order', async (t) => {
  const pool = createFifoPool();
  t.after(() => pool.dispose());
  const fifo = (await pool.take(1))?.[0] ?? assert.fail('needs mkfifo');
  let next = 0;
  let ofTurn = 0;
  let mostOfTurn = 0;
  const ended = new Promise<void>((resolve) => {
    const reader = readDescriptor(fifo.readFd, {
      onChunk(chunk) {
        for (const byte of chunk) assert.equal(byte, 0x61 + (next++ % 26));
        if (ofTurn === 0) setImmediate(() => (ofTurn = 0));
        mostOfTurn = Math.max(mostOfTurn, ++ofTurn);
        const untilMs = performance.now() + 15;
        while (performance.now() < untilMs);
      },
      onEnd: resolve,
    });
    t.after(() => reader.close());
  });
  const script = 'const all = "abcdefghijklmnopqrstuvwxyz".repeat(1e5); require("fs").writeSync(1, all)';
  spawn(process.execPath, ['-e', script], { stdio: ['ignore', fifo.writeFd, 'inherit'] });
  closeSync(fifo.writeFd);
  await ended;
  assert.equal(next, 2_600_000);
  assert.equal(mostOfTurn, 1);
});
