/**
 * What a command waits for, as it is seen on a terminal and where there is none.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { ask } from '../support/control-client.ts';
import { insideTerminal } from '../support/inside-terminal.ts';
import { render } from '../support/render.ts';
import { runOrderly } from '../support/run-orderly.ts';

const slow = `
services:
  db:
    command: sh -c 'until [ -e go ]; do sleep 0.05; done; rm go; echo listening; exec sleep 1000'
    ready: { log: listening }
`;

suite('what a command waits for', { concurrency: 2, timeout: 60_000 }, () => {
  test('changes in place on a terminal, and is gone when it is over', async (t) => {
    const run = runOrderly(t, { config: slow });
    const letGo = () => writeFileSync(join(run.folder, 'go'), '');
    letGo();
    await run.event('service.ready', { service: 'db' });
    const asking = runOrderly(t, {
      ...{ args: ['restart', 'db'], cwd: run.folder, inside: insideTerminal(), env: { TERM: 'xterm' } },
    });
    await asking.line(/. db: starting, [\d.]+ m?s/);
    letGo();
    const { status, stdout } = await asking.ended;
    assert.deepEqual(
      [status, render(stdout.join('\n')).filter((line) => line !== '')],
      [0, ['db: restarted']],
    );
    await ask(t, run, 'down');
    await run.ended;
  });

  test('is nothing but the answer where there is no terminal', async (t) => {
    const run = runOrderly(t, { config: slow });
    const letGo = () => writeFileSync(join(run.folder, 'go'), '');
    letGo();
    await run.event('service.ready', { service: 'db' });
    const asking = runOrderly(t, { args: ['restart', 'db'], cwd: run.folder });
    const { ms } = await run.event('service.starting', { service: 'db', attempt: 2 });
    assert.ok(ms > 0);
    letGo();
    const { status, stdout, stderr } = await asking.ended;
    assert.deepEqual([status, stdout, stderr], [0, ['db: restarted'], []]);
    await ask(t, run, 'down');
    await run.ended;
  });
});
