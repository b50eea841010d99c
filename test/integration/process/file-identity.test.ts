import assert from 'node:assert/strict';
import {
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { descriptorIdentity, fileIdentity } from '../../../src/process/files/identity.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderly-identity-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
mkdirSync(at('sub'));
for (const name of ['file', 'other']) writeFileSync(at(name), name);
linkSync(at('file'), at('hard'));
symlinkSync('file', at('soft'));
symlinkSync('soft', at('softer'));
symlinkSync('.', at('here'));
symlinkSync('missing', at('dangling'));
symlinkSync('circle', at('circle'));
const fd = openSync(at('file'), 'r');
after(() => closeSync(fd));

const isSame = (a: string, b: string) => {
  const keys = fileIdentity(b)?.keys ?? [];
  return fileIdentity(a)?.keys.some((key) => keys.includes(key)) ?? false;
};

const same: readonly [string, string][] = [
  [at('file'), at('file')],
  [at('file'), at('hard')],
  [at('file'), at('softer')],
  [at('hard'), at('soft')],
  [at('file'), `${folder}/sub/../file`],
  [at('file'), at('here/here/hard')],
  [at('file'), `/dev/fd/${fd}`],
  [at('soft'), `/proc/self/fd/${fd}`],
  [at('missing'), at('dangling')],
  [at('missing'), at('here/missing')],
  [at('no/such/x'), at('here/no/such/x')],
];
for (const [a, b] of same) {
  test(`"${a.replace(folder, '')}" and "${b.replace(folder, '')}" are one file`, () =>
    assert.ok(isSame(a, b)));
}

const different: readonly [string, string][] = [
  [at('file'), at('other')],
  [at('missing'), at('missing2')],
  [at('missing'), at('sub/missing')],
  ['/dev/null', '/dev/null'],
  [folder, folder],
];
for (const [a, b] of different) {
  test(`"${a.replace(folder, '')}" and "${b.replace(folder, '')}" are not one file that would be written over`, () =>
    assert.equal(isSame(a, b), false));
}

test('a descriptor is known by its file, and a circle of links ends', () => {
  assert.ok(descriptorIdentity(fd)?.keys.some((key) => fileIdentity(at('hard'))?.keys.includes(key)));
  assert.equal(descriptorIdentity(9999), undefined);
  assert.notEqual(fileIdentity(at('circle')), undefined);
});
