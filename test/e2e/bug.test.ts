/**
 * A bug of orderly itself: the trace names the file that is installed, wherever it was built, and what it is: status 70.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { cleanEnvironment } from '../support/clean-environment.ts';
import { exampleFolder } from '../support/example-folder.ts';
import { orderlyBin } from '../support/orderly-bin.ts';

const injected = `
const fs = require('node:fs');
const read = fs.readFileSync;
const open = fs.openSync;
let isInjected = false;
fs.openSync = (path, ...rest) => {
  isInjected = String(path).endsWith('supervisor.yaml');
  return open(path, ...rest);
};
fs.readFileSync = (path, ...rest) => {
  if (isInjected) THROW;
  return read(path, ...rest);
};
`;

/** orderly, installed in a folder of its own, with a bug. */
function runWith(folder: string, bug: string) {
  const root = dirname(dirname(realpathSync(orderlyBin)));
  for (const name of ['bin', 'dist', 'package.json'])
    cpSync(join(root, name), join(folder, 'pkg', name), { recursive: true });
  writeFileSync(join(folder, 'bug.cjs'), injected.replace('THROW', bug));
  writeFileSync(join(folder, 'supervisor.yaml'), 'services: { a: { command: "true", type: task } }\n');
  const args = ['--require', join(folder, 'bug.cjs'), join(folder, 'pkg/bin/orderly.js'), 'up'];
  return spawnSync(process.execPath, args, { cwd: folder, env: cleanEnvironment(), encoding: 'utf8' });
}

for (const bug of [
  'throw new Error("inj\\x1bected")',
  'setTimeout(() => { throw new Error("injected") }, 1)',
]) {
  test(`a bug (${bug}) is told with the installed file, the version and Node’s`, (t) => {
    const folder = realpathSync(exampleFolder(t));
    const { status, stderr } = runWith(folder, bug);
    assert.equal(status, 70, stderr);
    assert.match(stderr, /^orderly: a bug of orderly itself: Error: inj/);
    const bundles = stderr.match(/\S*orderly\.cjs/g) ?? [];
    const installed = join(folder, 'pkg/dist/orderly.cjs');
    for (const bundle of bundles) assert.equal(bundle.replace(/^\(/, ''), installed);
    assert.ok(bundles.length > 0);
    assert.match(stderr, /this is orderly \d+\.\d+\.\d+ in \S+, on Node v\d+/);
    assert.match(stderr, /please report it/);
    assert.ok(!stderr.includes('\x1b'));
  });
}
