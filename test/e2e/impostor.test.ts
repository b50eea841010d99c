/**
 * An old instance holds the port of a new one: the new one isn't ready, the message names the old one's pid and command,
 * and once that is gone the new one becomes ready by itself.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { suite, type TestContext, test } from 'node:test';
import { programPath } from '../support/programs.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { story } from '../support/story.ts';

const holdPort = programPath('hold-port.js');
const sharePort = programPath('share-port.pl');

interface Leftover {
  readonly pid: number;
  readonly port: number;
  end(): Promise<void>;
}

/** A process that no run started and nobody waits for, in a session of its own, with an environment of its own. */
async function leaveBehind(t: TestContext, program: string, ...args: readonly string[]): Promise<Leftover> {
  const child: ChildProcess = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    env: { PATH: process.env.PATH },
  });
  const ended = once(child, 'exit');
  const end = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  t.after(end);
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return { pid: child.pid ?? -1, port: Number(line.replace('port ', '')), end };
}

interface Case {
  readonly name: string;
  /** Where the old one listens, where the new one does, and where it is looked for. */
  readonly old: string;
  readonly current: string;
  readonly asked: string;
}

const cases: readonly Case[] = [
  { name: 'IPv4', old: '127.0.0.1', current: '127.0.0.1', asked: '127.0.0.1' },
  { name: 'IPv6', old: '::1', current: '::1', asked: '[::1]' },
  { name: 'dual stack, asked over IPv4', old: '::', current: '::', asked: '127.0.0.1' },
  { name: 'dual stack, asked over IPv6', old: '::', current: '::', asked: '[::1]' },
  { name: 'dual stack, asked by name', old: '::', current: '::', asked: 'localhost' },
  { name: 'an old one at all addresses', old: '0.0.0.0', current: '127.0.0.1', asked: '127.0.0.1' },
  { name: 'a new one at all addresses', old: '127.0.0.1', current: '0.0.0.0', asked: '127.0.0.1' },
  { name: 'an old one of IPv4, a new one of both', old: '127.0.0.1', current: '::', asked: '127.0.0.1' },
];

suite('an old instance at the port', { concurrency: 4, timeout: 60_000 }, () => {
  for (const { name, old, current, asked } of cases) {
    for (const kind of ['tcp', 'http'] as const) {
      test(`G1: by ${kind}, ${name}: is named, and makes nobody ready until it is gone`, async (t) => {
        const leftover = await leaveBehind(t, holdPort, old, '0', kind);
        const target = { tcp: `${asked}:${leftover.port}`, http: `http://${asked}:${leftover.port}/` }[kind];
        const command = `[${holdPort}, "${current}", "${leftover.port}", ${kind}]`;
        const run = runOrderly(t, {
          config: `
services:
  api: { command: ${command}, ready: { ${kind}: "${target}" } }
  web: { command: [sleep, "1000"], depends_on: [api] }
`,
        });
        const { text } = await run.event('service.note', { service: 'api' });
        assert.match(
          text,
          new RegExp(`^port ${leftover.port} is held by process ${leftover.pid} \\(node .*hold-port\\.js `),
        );
        await run.event('log', { service: 'api', text: 'EADDRINUSE' });
        assert.ok(!story(run.events).includes('api ready'));
        await leftover.end();
        await run.event('service.ready', { service: 'web' });
        run.signal('SIGTERM');
        const end = await run.ended;
        assert.equal(end.status, 143);
        assert.ok(!story(end.events).includes('api backoff'));
      });
    }
  }

  for (const [name, old, current] of [
    ['the same address', '127.0.0.1', '127.0.0.1'],
    ['the very address, a new one at all of them', '127.0.0.1', '0.0.0.0'],
  ] as const) {
    test(`G1: that shares it (SO_REUSEPORT), at ${name}: likewise`, async (t) => {
      const leftover = await leaveBehind(t, sharePort, old);
      const command = `[${sharePort}, "${current}", "${leftover.port}"]`;
      const run = runOrderly(t, {
        config: `services: { api: { command: ${command}, ready: { tcp: ${leftover.port} } } }`,
      });
      const { text } = await run.event('service.note', { service: 'api' });
      assert.match(text, new RegExp(` (held by|shared with) process ${leftover.pid} \\(.*share-port\\.pl`));
      await run.event('log', { service: 'api', text: `port ${leftover.port}` });
      assert.ok(!story(run.events).includes('api ready'));
      await leftover.end();
      await run.event('service.ready', { service: 'api' });
      run.signal('SIGTERM');
      assert.equal((await run.ended).status, 143);
    });
  }

  test('G1: a service that gives up for it fails with its pid in the cause, and in what to do', async (t) => {
    const leftover = await leaveBehind(t, holdPort, '127.0.0.1');
    const config = `
services:
  api: { command: 'until [ -e seen ]; do sleep 0.02; done; exit 1', ready: { tcp: ${leftover.port} }, restart: "no" }
`;
    const run = runOrderly(t, { config });
    await run.event('service.note', { service: 'api' });
    writeFileSync(join(run.folder, 'seen'), '');
    const { advice, held_by = '' } = await run.event('service.failed', { service: 'api' });
    assert.match(held_by, new RegExp(`^process ${leftover.pid} \\(node `));
    assert.equal(advice, `stop ${held_by}, or give "api" another port`);
    await run.ended;
  });

  for (const [name, old, asked] of [
    ['IPv6', '::1', '[::1]'],
    ['dual stack', '::', '127.0.0.1'],
    ['all addresses', '0.0.0.0', 'localhost'],
  ] as const) {
    test(`G1: is told by check before anything starts: ${name}`, async (t) => {
      const leftover = await leaveBehind(t, holdPort, old);
      const config = `services: { api: { command: [sleep, "1"], ready: { tcp: "${asked}:${leftover.port}" } } }`;
      const end = await runOrderly(t, { config, args: ['check'] }).ended;
      assert.match(
        end.stderr.join('\n'),
        new RegExp(`port ${leftover.port} is already held by process ${leftover.pid} `),
      );
    });
  }
});
