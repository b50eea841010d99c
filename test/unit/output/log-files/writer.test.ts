/**
 * A log file on a real disk: rotation, what happens to it from outside, and what can't be written.
 */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openLogfile } from '../../../../src/output/log-files/open.ts';
import { createLogfileWriter } from '../../../../src/output/log-files/writer.ts';

interface Given {
  readonly path?: string;
  readonly maxBytes?: number;
  readonly keep?: number;
  /** What is in the file before. */
  readonly before?: string;
  readonly holds?: boolean;
}

async function setUp(t: TestContext, given: Given = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-logfile-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = given.path ?? join(folder, 'a.log');
  if (given.before !== undefined) writeFileSync(path, given.before);
  const told: string[] = [];
  const writer = createLogfileWriter({
    file: { path, maxBytes: given.maxBytes ?? 1e6, keep: given.keep ?? 2, direct: false },
    opened: await openLogfile(path),
    lookMs: 0,
    hooks: {
      onDropped: (lines, why) => void told.push(`dropped ${lines}: ${why}`),
      onTrouble: (what, why) => void told.push(`${what}: ${why}`),
      onFull: (full) => void told.push(full ? 'full' : 'room'),
      holds: () => given.holds ?? false,
    },
  });
  const write = (text: string) => writer.write(Buffer.from(text));
  /** Another turn until this holds: writes are made in the thread pool. */
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setImmediate(resolve));
  };
  const read = (name = 'a.log') => readFileSync(join(folder, name), 'utf8');
  return { folder, path, writer, write, until, read, told, names: () => readdirSync(folder).sort() };
}

test('lines are appended to what is there, in order', async (t) => {
  const it = await setUp(t, { before: 'old\n' });
  for (let n = 0; n < 1000; n++) it.write(`line ${n}\n`);
  await it.writer.finish(5_000);
  assert.equal(it.read(), `old\n${Array.from({ length: 1000 }, (_, n) => `line ${n}\n`).join('')}`);
  assert.deepEqual(it.told, []);
});

test('G7: a line that an earlier run left torn is ended first', async (t) => {
  const it = await setUp(t, { before: 'old\ntor' });
  it.write('new\n');
  await it.writer.finish(5_000);
  assert.equal(it.read(), 'old\ntor\nnew\n');
});

test('a file that is full is rotated between two lines; only so many are kept', async (t) => {
  const it = await setUp(t, { maxBytes: 12 });
  it.write('11111\n22222\n33333\n44444\n');
  it.write('55555\n66666\n77777\n');
  await it.writer.finish(5_000);
  assert.deepEqual(it.names(), ['a.log', 'a.log.1', 'a.log.2']);
  assert.deepEqual(
    [it.read('a.log.2'), it.read('a.log.1'), it.read()],
    ['33333\n44444\n', '55555\n66666\n', '77777\n'],
  );
});

test('with none to keep the file is emptied', async (t) => {
  const it = await setUp(t, { maxBytes: 12, keep: 0 });
  it.write('11111\n22222\n33333\n');
  await it.writer.finish(5_000);
  assert.deepEqual([it.names(), it.read()], [['a.log'], '33333\n']);
});

test('a file that is moved from outside, or removed with its folder, is begun anew', async (t) => {
  const it = await setUp(t);
  it.write('one\n');
  await it.until(() => it.read() === 'one\n');
  renameSync(it.path, `${it.path}-moved`);
  it.write('two\n');
  await it.until(() => it.names().includes('a.log') && it.read() === 'two\n');
  rmSync(it.folder, { recursive: true });
  it.write('three\n');
  await it.writer.finish(5_000);
  assert.equal(it.read(), 'three\n');
  assert.deepEqual(it.told, []);
});

test('a file that is emptied or appended to from outside is not taken for larger or smaller than it is', async (t) => {
  const it = await setUp(t, { maxBytes: 20 });
  it.write('1111\n2222\n3333\n');
  await it.until(() => it.read().length === 15);
  truncateSync(it.path);
  it.write('4444\n5555\n');
  await it.until(() => it.read() === '4444\n5555\n');
  appendFileSync(it.path, 'foreign\n');
  it.write('6666\n');
  await it.writer.finish(5_000);
  assert.deepEqual([it.read('a.log.1'), it.read()], ['4444\n5555\nforeign\n', '6666\n']);
});

test('where it cannot be rotated it grows on, and that is told once', async (t) => {
  const it = await setUp(t, { maxBytes: 5, keep: 1 });
  mkdirSync(join(it.folder, 'a.log.1', 'in-the-way'), { recursive: true });
  it.write('1111\n2222\n3333\n');
  await it.writer.finish(5_000);
  assert.equal(it.read(), '1111\n2222\n3333\n');
  assert.equal(it.told.length, 1);
  assert.match(it.told[0]!, /^cannot be rotated, and grows on: E/);
});

test('G7 G9: a full disk is told once, lines are counted, and nothing waits', async (t) => {
  const it = await setUp(t, { path: '/dev/full' });
  it.write('1\n2\n');
  it.write(`${'x'.repeat(100_000)}\n4\n`);
  await it.writer.finish(5_000);
  assert.deepEqual(it.told, [
    'cannot be written to: ENOSPC: no space left on device, write',
    'dropped 4: ENOSPC: no space left on device, write',
  ]);
});

test('G7 G9: what comes faster than it is written is dropped and counted; half a queue asks to be held back', async (t) => {
  for (const [holds, count] of [
    [false, 8],
    [true, 32],
  ] as const) {
    const it = await setUp(t, { holds, maxBytes: 1e9 });
    const line = Buffer.alloc(1024 * 1024, 'x');
    line[line.length - 1] = 10;
    for (let n = 0; n < 40; n++) it.writer.write(line);
    await it.writer.finish(20_000);
    assert.equal(it.read().length, count * line.length);
    assert.deepEqual(it.told, ['full', 'room', `dropped ${40 - count}: undefined`]);
  }
});

test('G10: what is no file is refused with the reason', async (t) => {
  const { folder } = await setUp(t);
  await assert.rejects(openLogfile(folder), /it is a folder/);
  await assert.rejects(openLogfile('/dev/null/a'), /ENOTDIR|EEXIST/);
  await assert.rejects(openLogfile('/proc/nowhere/a.log'), /ENOENT/);
});
