import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createFiles } from '../../../src/process/files/files.ts';
import { connectPath } from '../../../src/process/network/connect-path.ts';
import { createPortOwner } from '../../../src/process/sockets/port-owner.ts';

const forever = new AbortController().signal;

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-sock-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A process that listens at a path, as it is told it, in a folder. */
async function listener(t: TestContext, path: string, cwd: string): Promise<ChildProcess & { pid: number }> {
  const script = 'require("net").createServer().listen(process.argv[1], () => console.log("up"))';
  const child = spawn(process.execPath, ['-e', script, path], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child as ChildProcess & { pid: number };
}

const ownerOf = (pid: number) => createPortOwner({ pid, users: 'anybody', alive: async () => [pid] });

test('a socket that a dead process left refuses, and one that lives accepts', async (t) => {
  const path = join(folderOf(t), 's.sock');
  const child = await listener(t, path, '/');
  assert.deepEqual(await connectPath(path, forever), { ok: true, detail: 'accepted a connection' });
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(await createFiles().find(path), 'socket');
  assert.deepEqual(await connectPath(path, forever), { ok: false, detail: 'nobody listens at this socket' });
});

test('what is no socket, or not there, does not accept', async (t) => {
  const folder = folderOf(t);
  writeFileSync(join(folder, 'file'), '');
  assert.equal((await connectPath(join(folder, 'file'), forever)).ok, false);
  assert.deepEqual(await connectPath(join(folder, 'no'), forever), { ok: false, detail: 'does not exist' });
});

test('a path that is longer than an address holds is reached all the same', async (t) => {
  const folder = join(folderOf(t), 'a'.repeat(100), 'b'.repeat(100));
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 's.sock');
  assert.deepEqual(await connectPath(path, forever), { ok: false, detail: 'does not exist' });
  await listener(t, 's.sock', folder);
  assert.equal((await connectPath(path, forever)).ok, true);
});

for (const name of ['absolute', 'relative'] as const)
  test(`whose a socket is that was bound by its ${name} name`, async (t) => {
    const folder = folderOf(t);
    const path = join(folder, 's.sock');
    // Another one of that name, in another folder.
    await listener(t, 's.sock', folderOf(t));
    const { pid } = await listener(t, name === 'absolute' ? path : 's.sock', folder);
    assert.equal((await connectPath(path, forever, ownerOf(pid))).ok, true);
    const { ok, detail } = await connectPath(path, forever, ownerOf(process.pid));
    assert.equal(ok, false);
    assert.match(detail, new RegExp(`^held by process ${pid} \\(.*\\), not by this service$`));
  });

test('an abort ends the attempt', async (t) => {
  const path = join(folderOf(t), 's.sock');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.after(() => server.close());
  const abort = new AbortController();
  abort.abort();
  assert.deepEqual(await connectPath(path, abort.signal), { ok: false, detail: 'given up' });
});

test('who may not connect takes what the system lists as bound for held', {
  skip: process.getuid?.() === 0 && 'root may connect',
}, async (t) => {
  const path = join(folderOf(t), 's.sock');
  await listener(t, path, '/');
  chmodSync(path, 0);
  assert.equal((await connectPath(path, forever)).isHeld, true);
});
