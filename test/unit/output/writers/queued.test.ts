import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createQueuedWriter, type Transport } from '../../../../src/output/writers/queued.ts';

type Done = (error: NodeJS.ErrnoException | null | undefined, written: number) => void;

/** A transport that has room for so many bytes, and finishes a write when the test says so. */
function setUp(capBytes = 100) {
  const told: string[] = [];
  let room = 0;
  let out = '';
  let pending: { piece: Buffer; done: Done } | undefined;
  let released = 0;
  let failure: NodeJS.ErrnoException | undefined;
  const transport: Transport = {
    writeNow(chunk) {
      if (failure) throw failure;
      const now = chunk.subarray(0, room);
      room -= now.length;
      out += now.toString();
      return now.length;
    },
    writeLater(piece, done) {
      pending = { piece, done };
    },
    release: () => void released++,
  };
  const writer = createQueuedWriter(transport, {
    capBytes,
    hooks: {
      onDropped: (lines, why) => void told.push(`dropped ${lines}${why === undefined ? '' : `: ${why}`}`),
      onClosed: () => void told.push('closed'),
      onTrouble: (message) => void told.push(message),
      onFull: (full) => void told.push(full ? 'full' : 'room'),
    },
  });
  return {
    writer,
    told,
    out: () => out,
    released: () => released,
    give(bytes: number) {
      room = bytes;
    },
    failWith(code: string | undefined) {
      failure =
        code === undefined ? undefined : Object.assign(new Error(`${code}: said the system`), { code });
    },
    isWriting: () => pending !== undefined,
    finishWrite(bytes?: number, error?: NodeJS.ErrnoException) {
      const { piece, done } = pending!;
      pending = undefined;
      const part = piece.subarray(0, bytes ?? piece.length);
      if (!error) out += part.toString();
      done(error, error ? 0 : part.length);
    },
  };
}

test('what has room goes at once; the rest of a line waits and nothing overtakes it', () => {
  const it = setUp();
  it.give(7);
  assert.equal(it.writer.write(Buffer.from('first\nsecond\n')), true);
  it.give(1000);
  assert.equal(it.writer.write(Buffer.from('third\n')), true);
  assert.equal(it.out(), 'first\ns');
  while (it.isWriting()) it.finishWrite(3);
  assert.equal(it.out(), 'first\nsecond\nthird\n');
  assert.equal(it.writer.pendingBytes, 0);
});

test('the chunk is the caller’s again after the call', () => {
  const it = setUp();
  const chunk = Buffer.from('mine\n');
  it.writer.write(chunk);
  chunk.fill('x');
  it.finishWrite();
  assert.equal(it.out(), 'mine\n');
});

test('a full queue drops whole lines, tells when there is room again, and tells how many', () => {
  const it = setUp(20);
  it.writer.write(Buffer.from('12345678\n12345678\n'));
  assert.equal(it.writer.full, true);
  assert.equal(it.writer.write(Buffer.from('a\nb\n')), false);
  assert.equal(it.writer.write(Buffer.from('c\n')), false);
  assert.deepEqual(it.told, ['full']);
  it.finishWrite();
  assert.deepEqual(it.told, ['full', 'room', 'dropped 3']);
  assert.equal(it.out(), '12345678\n12345678\n');
});

test('a reader that is gone is told once; what comes after is dropped without a word', () => {
  for (const code of ['EPIPE', 'EIO', 'ECONNRESET']) {
    const it = setUp();
    it.failWith(code);
    assert.equal(it.writer.write(Buffer.from('a\n')), false);
    assert.equal(it.writer.write(Buffer.from('b\n')), false);
    assert.deepEqual(it.told, ['closed'], code);
    assert.deepEqual([it.writer.closed, it.released()], [true, 1]);
  }
});

test('a reader that goes away while a write is under way ends the flush', async () => {
  const it = setUp();
  it.writer.write(Buffer.from('a\n'));
  const flushed = it.writer.flush(60_000);
  it.finishWrite(0, Object.assign(new Error('gone'), { code: 'EPIPE' }));
  await flushed;
  assert.deepEqual(it.told, ['dropped 1: its reader is gone', 'closed']);
});

test('another failure is told once in the system’s words; what it cost is told when writing works again', () => {
  const it = setUp();
  it.failWith('EBADF');
  it.writer.write(Buffer.from('a\nb\n'));
  it.writer.write(Buffer.from('c\n'));
  assert.deepEqual(it.told, ['EBADF: said the system']);
  it.failWith(undefined);
  it.give(100);
  it.writer.write(Buffer.from('d\n'));
  assert.deepEqual(it.told, ['EBADF: said the system', 'dropped 3: EBADF: said the system']);
  assert.equal(it.out(), 'd\n');
});

test('what was waiting when writing failed is lost for that reason, and what comes after is counted', async () => {
  const it = setUp();
  it.writer.write(Buffer.from('a\n'));
  it.finishWrite(0, Object.assign(new Error('ENOSPC: said the system'), { code: 'ENOSPC' }));
  assert.deepEqual(it.told, ['ENOSPC: said the system', 'dropped 1: ENOSPC: said the system']);
  it.writer.write(Buffer.from('b\nc\n'));
  await it.writer.flush(60_000);
  assert.deepEqual(it.told.slice(2), ['dropped 2: ENOSPC: said the system']);
});

test('waiting for a queue to drain gives nothing up: it ends at its limit, and the writer goes on', async () => {
  const it = setUp();
  it.writer.write(Buffer.from('a\n'));
  await it.writer.drained(0);
  assert.deepEqual([it.told, it.writer.closed, it.writer.pendingBytes], [[], false, 2]);
  const drained = it.writer.drained(60_000);
  it.finishWrite();
  await drained;
  assert.deepEqual([it.out(), it.writer.write(Buffer.from('b\n'))], ['a\n', true]);
});

test('flush settles at once when nothing is pending, and else when all is written', async () => {
  const it = setUp();
  await it.writer.flush(60_000);
  it.writer.write(Buffer.from('a\nb\n'));
  const flushed = it.writer.flush(60_000);
  it.finishWrite(2);
  assert.equal(it.isWriting(), true);
  it.finishWrite();
  await flushed;
  assert.deepEqual([it.out(), it.writer.closed], ['a\nb\n', false]);
});

test('flush gives up at its limit: what is left is counted and the descriptor let go of', async () => {
  const it = setUp();
  it.writer.write(Buffer.from('a\nb\n'));
  await it.writer.flush(0);
  assert.deepEqual(it.told, ['dropped 2']);
  assert.deepEqual([it.writer.closed, it.released(), it.writer.write(Buffer.from('c\n'))], [true, 1, false]);
});
