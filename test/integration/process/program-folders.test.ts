/**
 * Programs of a project are found as npm finds them.
 */
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { findProgramFolders, programFoldersNow } from '../../../src/process/files/program-folders.ts';
import { findTrouble } from '../../../src/process/spawn/find-trouble.ts';

const root = mkdtempSync(join(tmpdir(), 'orderly-bins-'));
after(() => rmSync(root, { recursive: true, force: true }));
const bins = (...below: readonly string[]) => join(root, ...below, 'node_modules/.bin');
for (const place of [bins(), bins('packages/web')]) mkdirSync(place, { recursive: true });
mkdirSync(join(root, 'packages/web/src/deep'), { recursive: true });
writeFileSync(join(bins(), 'bundle'), '#!/bin/sh\n');
chmodSync(join(bins(), 'bundle'), 0o755);

test('those of the folder and of all above it, the nearest first, and only what is there', async () => {
  const wanted = [bins('packages/web'), bins()];
  for (const folder of ['packages/web', 'packages/web/src/deep'].map((one) => join(root, one))) {
    assert.deepEqual((await findProgramFolders(folder)).slice(0, 2), wanted);
    assert.deepEqual(programFoldersNow(folder).slice(0, 2), wanted);
  }
  assert.deepEqual((await findProgramFolders(join(root, 'packages')))[0], bins());
  assert.deepEqual(await findProgramFolders('/proc/self/fd'), programFoldersNow('/proc/self/fd'));
});

test('what others may write to, or have put there, is none of them', {
  skip: process.getuid?.() !== 0,
}, async () => {
  const cases: readonly (readonly [
    name: string,
    change: (place: string, project: string) => void,
    isTrusted: boolean,
  ])[] = [
    ['ours', () => undefined, true],
    ['open', (place) => chmodSync(place, 0o777), false],
    ['theirs', (place) => chownSync(place, 65534, 65534), false],
    // What its holder may replace later is his, whatever it is now.
    ['open-modules', (place) => chmodSync(dirname(place), 0o777), false],
    ['their-modules', (place) => chownSync(dirname(place), 65534, 65534), false],
    ['open-folder', (place) => chmodSync(dirname(dirname(place)), 0o1777), false],
    [
      'link',
      (place) => {
        rmSync(place, { recursive: true });
        symlinkSync('/usr/bin', place);
        chownSync(dirname(place), 65534, 65534);
      },
      false,
    ],
    // Whoever has the project may have what is above it.
    ['all-theirs', (...both) => both.forEach((one) => void chownSync(one, 65534, 65534)), true],
  ];
  for (const [name, change, isTrusted] of cases) {
    const project = join(root, name, 'project');
    for (const folder of [project, bins(name)]) mkdirSync(folder, { recursive: true });
    change(bins(name), project);
    const wanted = isTrusted ? bins(name) : bins();
    assert.deepEqual(
      [(await findProgramFolders(project))[0], programFoldersNow(project)[0]],
      [wanted, wanted],
      name,
    );
  }
});

test('check finds them where the service looks for them', () => {
  const cwd = join(root, 'packages/web');
  const looked = { command: { kind: 'exec', program: 'bundle' }, cwd, searchPath: '/usr/bin' } as const;
  assert.deepEqual(findTrouble({ ...looked, inProject: true }), []);
  assert.deepEqual(findTrouble(looked), [{ key: 'command', message: '"bundle" is not on the PATH' }]);
  // Without a PATH the system looks where it likes.
  assert.equal(findTrouble({ ...looked, searchPath: undefined, inProject: true }).length, 1);
});
