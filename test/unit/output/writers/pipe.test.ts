import assert from 'node:assert/strict';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { createPipeWriter } from '../../../../src/output/writers/open.ts';
import { createFifo } from '../support/fifo.ts';

const CAP_BYTES = 1 << 20;
const FILLING = 'x'.repeat(93);

function setUp(fd: number) {
  const told = { dropped: 0, closed: 0, troubles: [] as string[] };
  const writer = createPipeWriter(fd, {
    capBytes: CAP_BYTES,
    hooks: {
      onDropped: (lines) => {
        told.dropped += lines;
      },
      onClosed: () => {
        told.closed++;
      },
      onTrouble: (message) => void told.troubles.push(message),
    },
  });
  return { writer, told };
}

/** The writer's own description of the pipe's write end, as `open.ts` makes it; the other one is closed. */
function ownDescription(fd: number): number {
  const own = openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
  closeSync(fd);
  return own;
}

/** So many numbered lines of 100 bytes. */
function numbered(from: number, count: number): Buffer {
  let text = '';
  for (let i = from; i < from + count; i++) text += `${String(i).padStart(6, '0')}${FILLING}\n`;
  return Buffer.from(text);
}

test('G7, G9: a pipe that nobody reads never blocks, holds no more than the cap, and accounts for every line', async () => {
  const { readFd, writeFd } = createFifo();
  const { writer, told } = setUp(ownDescription(writeFd));
  const total = 100_000;
  for (let at = 0; at < total; at += 500) {
    writer.write(numbered(at, 500));
    assert.ok(writer.pendingBytes <= CAP_BYTES);
  }
  assert.equal(writer.full, true);
  assert.equal(told.dropped, 0, 'the gap is told once it has ended');

  const reader = new Socket({ fd: readFd, writable: false });
  const received: Buffer[] = [];
  const sawLast = new Promise<void>((resolve) => {
    reader.on('data', (chunk: Buffer) => {
      received.push(chunk);
      if (chunk.includes('the last\n')) resolve();
    });
  });
  await writer.flush(60_000);
  assert.equal(writer.write(Buffer.from('the last\n')), true, 'there is room again');
  await sawLast;

  const lines = Buffer.concat(received).toString().split('\n').slice(0, -2);
  for (const line of lines) assert.match(line, /^\d{6}x{93}$/, 'no line is torn');
  const numbers = lines.map((line) => Number(line.slice(0, 6)));
  for (let i = 1; i < numbers.length; i++) assert.ok(numbers[i]! > numbers[i - 1]!, 'in order');
  assert.equal(numbers.length + told.dropped, total, 'what did not arrive was counted');

  reader.destroy();
  await once(reader, 'close');
  assert.equal(writer.write(Buffer.from('nobody reads this\n')), false);
  assert.equal(writer.write(Buffer.from('nor this\n')), false);
  assert.deepEqual([writer.closed, told.closed, told.troubles], [true, 1, []]);
});

test('a reader that leaves while lines wait for it is told of once, and the flush ends', async () => {
  const { readFd, writeFd } = createFifo();
  const { writer, told } = setUp(ownDescription(writeFd));
  writer.write(numbered(0, 2_000));
  assert.ok(writer.pendingBytes > 0);
  const flushed = writer.flush(60_000);
  closeSync(readFd);
  await flushed;
  assert.deepEqual([writer.closed, told.closed], [true, 1]);
  assert.ok(told.dropped > 0);
});

test('a flush that gives up lets go of the pipe: its reader sees the end', async () => {
  const { readFd, writeFd } = createFifo();
  const { writer, told } = setUp(ownDescription(writeFd));
  writer.write(numbered(0, 2_000));
  await writer.flush(0);
  assert.equal(writer.closed, true);
  const reader = new Socket({ fd: readFd, writable: false });
  let received = 0;
  reader.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  await once(reader, 'end');
  // What the pipe had taken ends in the middle of a line, which counts as dropped.
  assert.equal(Math.floor(received / 100) + told.dropped, 2_000);
});
