/** The program that the manual shows of the library runs as it stands, in a folder where the package is installed. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cleanEnvironment } from '../support/clean-environment.ts';
import { exampleFolder } from '../support/example-folder.ts';
import { repositoryRoot } from '../support/repository-root.ts';

test('the services of the manual start, and stop when a signal comes', async (t) => {
  const manual = readFileSync(join(repositoryRoot(), 'src/manual/library.md'), 'utf8');
  const [, code = ''] = /\n## orderlyd\n.*?```js\n(.*?)```/s.exec(manual) ?? [];
  assert.match(code, /supervise\(\[api, cache\]\)/);
  const folder = exampleFolder(t);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(repositoryRoot(), join(folder, 'node_modules', 'orderlyd'));
  writeFileSync(join(folder, 'main.mjs'), code);
  const child = spawn(process.execPath, ['main.mjs'], {
    cwd: folder,
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
    if (/eady to accept connections/.test(chunk)) child.kill('SIGTERM');
  });
  const [status] = await once(child, 'close');
  assert.equal(status, 143, text);
  assert.match(text, /^cache \| .*eady to accept connections/m);
});
