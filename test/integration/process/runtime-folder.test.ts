/**
 * Where runs leave word: private folders only, whoever was there before.
 */
import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openRuntimeFolder, runtimeFolders } from '../../../src/process/guard/runtime-folder.ts';

const uid = process.getuid?.() ?? 0;

function freshFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-runtime-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('G11: two environments of one user share their folders', () => {
  const inSession = runtimeFolders({ uid: 7, tmpdir: '/tmp', env: { XDG_RUNTIME_DIR: '/run/user/7' } });
  const inCron = runtimeFolders({ uid: 7, tmpdir: '/var/tmp', env: { XDG_RUNTIME_DIR: 'relative' } });
  assert.deepEqual(inSession, ['/run/user/7/orderly', '/tmp/orderly-7', '/dev/shm/orderly-7']);
  assert.deepEqual(inCron, [
    '/run/user/7/orderly',
    '/var/tmp/orderly-7',
    '/tmp/orderly-7',
    '/dev/shm/orderly-7',
  ]);
  assert.ok(runtimeFolders({ uid: 0, tmpdir: '/tmp', env: {} }).includes('/run/orderly'));
});

test('a folder that is made belongs to us alone, and is found again', (t) => {
  const folder = join(freshFolder(t), 'orderly');
  assert.ok(openRuntimeFolder(folder, uid));
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.ok(openRuntimeFolder(folder, uid));
});

test('what somebody planted is not used: a link, a file, an open folder, a foreign one', (t) => {
  const base = freshFolder(t);
  const path = (name: string) => join(base, name);
  mkdirSync(path('real'), { mode: 0o700 });
  symlinkSync(path('real'), path('link'));
  writeFileSync(path('file'), '');
  mkdirSync(path('open'));
  chmodSync(path('open'), 0o770);
  mkdirSync(path('foreign'), { mode: 0o700 });
  if (uid === 0) chownSync(path('foreign'), 65534, 65534);
  for (const name of ['link', 'file', 'open', ...(uid === 0 ? ['foreign'] : []), 'no/such']) {
    assert.equal(openRuntimeFolder(path(name), uid), false, name);
  }
});
