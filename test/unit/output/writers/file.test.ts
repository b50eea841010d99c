import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFileWriter } from '../../../../src/output/writers/file.ts';

/** A disk with room for so many bytes. */
function setUp() {
  const told: string[] = [];
  let room = Number.POSITIVE_INFINITY;
  let code = 'ENOSPC';
  let out = '';
  const writer = createFileWriter(99, {
    hooks: {
      onDropped: (lines, why) => void told.push(`dropped ${lines}: ${why}`),
      onClosed: () => void told.push('closed'),
      onTrouble: (message) => void told.push(message),
    },
    writeSync(_fd, chunk, offset, length) {
      if (room === 0) throw Object.assign(new Error(`${code}: no room`), { code });
      const part = chunk.subarray(offset, offset + Math.min(length, room));
      room -= part.length;
      out += part.toString();
      return part.length;
    },
  });
  const give = (bytes: number, error = 'ENOSPC') => {
    room = bytes;
    code = error;
  };
  return { writer, told, give, out: () => out };
}

const write = (it: ReturnType<typeof setUp>, text: string) => it.writer.write(Buffer.from(text));

test('a full disk is told once, lines are counted, and writing goes on when there is room, on a line of its own', () => {
  const it = setUp();
  it.give(6);
  assert.equal(write(it, 'one\ntwo\nthree\n'), false);
  assert.equal(write(it, 'four\n'), false);
  it.give(Number.POSITIVE_INFINITY);
  assert.equal(write(it, 'five\n'), true);
  assert.equal(write(it, 'six\n'), true);
  assert.equal(it.out(), 'one\ntw\nfive\nsix\n');
  assert.deepEqual(it.told, ['ENOSPC: no room', 'dropped 3: ENOSPC: no room']);
});

for (const end of ['flush', 'drained'] as const) {
  test(`lines lost at the very end are told by ${end}, with the reason`, async () => {
    const it = setUp();
    it.give(0);
    write(it, 'a\nb\n');
    await it.writer[end](0);
    assert.deepEqual(it.told.slice(1), ['dropped 2: ENOSPC: no room']);
  });
}

test('EPIPE is told once, and what comes after is dropped without a word', () => {
  const it = setUp();
  it.give(0, 'EPIPE');
  assert.equal(write(it, 'a\n'), false);
  assert.equal(write(it, 'b\n'), false);
  assert.deepEqual([it.told, it.writer.closed], [['closed'], true]);
});

test('a real file gets every byte, after what was in it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'orderly-file-'));
  const path = join(dir, 'log');
  const fd = openSync(path, 'a');
  const fail = () => assert.fail('nothing goes wrong');
  const hooks = { onDropped: fail, onClosed: fail, onTrouble: fail };
  const writer = createFileWriter(fd, { hooks });
  writer.write(Buffer.from([0xff, 0x00, 0x0a]));
  writer.write(Buffer.from('b\n'));
  closeSync(fd);
  assert.deepEqual(readFileSync(path), Buffer.from([0xff, 0x00, 0x0a, 0x62, 0x0a]));
  rmSync(dir, { recursive: true });
});
