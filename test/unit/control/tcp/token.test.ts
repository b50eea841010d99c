/**
 * The token of a TCP listener: made anew each time, of this user alone; one that is given must be as private as that.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { makeToken, readToken, removeToken } from '../../../../src/control/server/tcp/token.ts';

const uid = process.getuid?.();

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-token-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

suite('the token of a TCP listener', () => {
  test('has at least 128 bits, is another one each time, and lies in a file of this user alone', (t) => {
    const path = join(folderOf(t), 'token');
    const tokens = new Set(Array.from({ length: 100 }, () => makeToken(path)));
    assert.equal(tokens.size, 100);
    for (const token of tokens) assert.ok(Buffer.from(token, 'base64url').length * 8 >= 128);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readToken(path, uid), { token: readFileSync(path, 'utf8').trim() });
    removeToken(path);
    removeToken(path);
    assert.match(JSON.stringify(readToken(path, uid)), /ENOENT/);
  });

  test('never goes through a link that somebody has put there', (t) => {
    const folder = folderOf(t);
    const [path, elsewhere] = [join(folder, 'token'), join(folder, 'elsewhere')];
    writeFileSync(elsewhere, 'untouched');
    symlinkSync(elsewhere, path);
    makeToken(path);
    assert.equal(readFileSync(elsewhere, 'utf8'), 'untouched');
    assert.ok(statSync(path).isFile());
  });

  test('one that is given is refused if others can read it, or anybody could guess it', (t) => {
    const path = join(folderOf(t), 'token');
    const good = 'a'.repeat(22);
    const of = (text: string, mode = 0o600): string => {
      writeFileSync(path, text);
      chmodSync(path, mode);
      return JSON.stringify(readToken(path, uid));
    };
    assert.equal(of(`${good}\n`), JSON.stringify({ token: good }));
    assert.equal(of(`${good}==`, 0o400), JSON.stringify({ token: `${good}==` }));
    for (const mode of [0o644, 0o640, 0o604, 0o620, 0o601])
      assert.match(of(good, mode), /others can read it.*chmod 600/, mode.toString(8));
    for (const text of [
      '',
      '\n',
      good.slice(1),
      `${good} ${good}`,
      `${good}\n${good}`,
      `${good}ä`,
      `${good}\0`,
    ])
      assert.match(of(text), /at least 22 letters.*openssl rand/, JSON.stringify(text));
    assert.match(of('a'.repeat(5000)), /more than 4096 bytes/);
    assert.match(JSON.stringify(readToken(join(path, '..'), uid)), /no regular file/);
    writeFileSync(path, good);
    chmodSync(path, 0o600);
    assert.match(JSON.stringify(readToken(path, 4711)), uid === 0 ? /"token"/ : /of another user/);
  });

  test('a pipe that nobody writes to is refused, and not waited for', (t) => {
    const path = join(folderOf(t), 'token');
    assert.equal(spawnSync('mkfifo', ['-m', '600', path]).status, 0);
    assert.match(JSON.stringify(readToken(path, uid)), /no regular file/);
  });
});
