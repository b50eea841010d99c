import assert from 'node:assert/strict';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { exampleFolder } from '../../support/example-folder.ts';
import { examplePath } from '../../support/example-path.ts';
import { freePorts } from '../../support/free-port.ts';
import { orderlyBin } from '../../support/orderly-bin.ts';
import { type OrderlyRun, runOrderly } from '../../support/run-orderly.ts';

/** Runs a script of the package, in a copy of it in which orderly is installed as npm does it. */
async function npmRun(t: TestContext, script: string): Promise<OrderlyRun & { readonly web: string }> {
  const folder = exampleFolder(t);
  cpSync(examplePath('npm-dev'), folder, { recursive: true });
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  symlinkSync(orderlyBin, join(folder, 'node_modules/.bin/orderly'));
  const ports = await freePorts('API_PORT', 'WEB_PORT');
  const run = runOrderly(t, {
    instead: ['npm', 'run', script],
    ownGroup: true,
    cwd: folder,
    env: { ...ports, npm_config_update_notifier: 'false' },
  });
  return Object.assign(run, { web: `http://127.0.0.1:${ports.WEB_PORT}/` });
}

test('npm run dev: both services are there; Ctrl-C ends them, and the script', async (t) => {
  const run = await npmRun(t, 'dev');
  await run.line(/^web \| open /);
  const page = await fetch(run.web);
  assert.match(await page.text(), /visitor number 1/);
  run.signal('SIGINT');
  const end = await run.ended;
  assert.match(end.stderr.join('\n'), /^orderly: stopped after .*: SIGINT$/m);
  assert.equal(end.status, 130);
});

test('npm run test:e2e: the test finds what it needs running, and its exit code is the one of the script', async (t) => {
  const run = await npmRun(t, 'test:e2e');
  const end = await run.ended;
  assert.match(end.stdout.join('\n'), /\bpass 1$/m);
  assert.equal(end.status, 0, end.stderr.join('\n'));
});
