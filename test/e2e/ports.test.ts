/**
 * Who listens at a port: the service itself, or somebody who makes it look ready.
 */
import assert from 'node:assert/strict';
import { createServer as createWeb } from 'node:http';
import { createServer, type Server } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { programPath } from '../support/programs.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { story } from '../support/story.ts';

const holdPort = programPath('hold-port.js');
const sleeper = '[sleep, "1000"]';

interface Squatter {
  readonly port: number;
  /** Resolves when it has accepted that many connections. */
  accepted(count: number): Promise<void>;
  close(): Promise<void>;
}

/** This process, at a port that a service wants. */
async function squat(t: TestContext, server: Server = createServer()): Promise<Squatter> {
  let count = 0;
  const waiting = new Set<() => void>();
  server.on('connection', (socket) => {
    socket.on('error', () => undefined).resume();
    count += 1;
    for (const check of waiting) check();
  });
  // One that stays free for a service when it is let go.
  const wanted = await freePort();
  await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  t.after(close);
  return {
    port: wanted,
    accepted: (wanted) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (count >= wanted) resolve();
        };
        waiting.add(check);
        check();
      }),
    close,
  };
}

suite('a port that somebody else holds', { concurrency: 3, timeout: 20_000 }, () => {
  test('G1: does not make a service ready by http, and the message names the holder', async (t) => {
    const { port } = await squat(
      t,
      createWeb((_, response) => response.end()),
    );
    const ready = `{ http: "http://localhost:${port}/", within: 2s }`;
    const run = runOrderly(t, {
      config: `
services:
  api: { command: ${sleeper}, ready: ${ready}, restart: "no" }
  web: { command: ${sleeper}, depends_on: [api] }
`,
    });
    const { cause } = await run.event('service.failed', { service: 'api' });
    assert.match(cause, new RegExp(`^not ready within 2 s: http .*: held by process ${process.pid} \\(`));
    const end = await run.ended;
    assert.equal(end.status, 1);
    assert.ok(!story(end.events).includes('web starting'));
  });

  test('G1: makes nobody ready until it is free and the service has it', async (t) => {
    const squatter = await squat(t);
    const command = `[${holdPort}, 127.0.0.1, "${squatter.port}"]`;
    const run = runOrderly(t, {
      config: `services: { api: { command: ${command}, ready: { tcp: ${squatter.port} } } }`,
    });
    await run.event('log', { text: 'EADDRINUSE' });
    // Whoever asks twice was not content with the first answer.
    await squatter.accepted(2);
    assert.ok(!story(run.events).includes('api ready'));
    await squatter.close();
    await run.event('service.ready', { service: 'api' });
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });

  for (const kind of ['tcp', 'http'] as const) {
    test(`will do for ${kind} with "owner: any"`, async (t) => {
      const { port } = await squat(
        t,
        createWeb((_, response) => response.end()),
      );
      const target = { tcp: port, http: `"http://127.0.0.1:${port}/"` }[kind];
      const run = runOrderly(t, {
        config: `services: { api: { command: ${sleeper}, ready: { ${kind}: ${target}, owner: any } } }`,
      });
      await run.event('service.ready', { service: 'api' });
      run.signal('SIGTERM');
      assert.equal((await run.ended).status, 143);
    });
  }
});

/** A shell with a server of Node below it: the process that was spawned listens nowhere. */
const files = {
  'server.cjs': `require('node:http').createServer((_, answer) => answer.end()).listen(...process.argv.slice(2))`,
};
const serverAt = (port: number, host: string): string =>
  `'${process.execPath} server.cjs ${port} ${host}; exit 1'`;

suite('a service that listens elsewhere', { concurrency: 3, timeout: 20_000 }, () => {
  test('is told where, while it is not ready, by why, and when it has failed', async (t) => {
    const [wanted, other] = [await freePort(), await freePort()];
    const config = `
services:
  web:
    command: ${serverAt(other, '127.0.0.1')}
    ready: { tcp: ${wanted}, within: 3s }
    restart: "no"
`;
    const run = runOrderly(t, { config, files });
    const hint = `connection refused; it listens at 127.0.0.1:${other}`;
    await run.event((event) => event.type === 'service.unready' && event.detail.endsWith(hint));
    const why = await runOrderly(t, { args: ['why', 'web'], cwd: run.folder }).ended;
    assert.ok(why.stdout.join('\n').includes(hint), why.stdout.join('\n'));
    const failed = await run.event('service.failed');
    assert.equal(failed.cause, `not ready within 3 s: tcp 127.0.0.1:${wanted}: ${hint}`);
    assert.equal((await run.ended).status, 1);
  });

  test('at the right port of the other loopback, too', async (t) => {
    const port = await freePort();
    const config = `
services:
  web: { command: ${serverAt(port, '::1')}, ready: { http: "http://127.0.0.1:${port}/", within: 3s }, restart: "no" }
`;
    const end = await runOrderly(t, { config, files, args: ['up'] }).ended;
    assert.equal(end.status, 1);
    assert.match(end.stderr.at(-1)!, new RegExp(`: connection refused; it listens at \\[::1\\]:${port}$`));
  });

  test('and is told so when its health is checked there', async (t) => {
    const [wanted, other] = [await freePort(), await freePort()];
    const health = `{ tcp: ${wanted}, interval: 200ms, failures: 2, on_failure: report }`;
    const config = `services: { web: { command: ${serverAt(other, '127.0.0.1')}, ready: { tcp: ${other} }, health: ${health} } }`;
    const run = runOrderly(t, { config, files });
    const unhealthy = await run.event('service.unhealthy');
    assert.equal(
      unhealthy.detail,
      `tcp 127.0.0.1:${wanted}: connection refused; it listens at 127.0.0.1:${other}`,
    );
    run.signal('SIGTERM');
    await run.ended;
  });

  test('what anybody may answer for it says nothing of where it listens', async (t) => {
    const [wanted, other] = [await freePort(), await freePort()];
    const ready = `{ tcp: ${wanted}, within: 1500ms, owner: any }`;
    const config = `services: { web: { command: ${serverAt(other, '127.0.0.1')}, ready: ${ready}, restart: "no" } }`;
    const run = runOrderly(t, { config, files });
    const failed = await run.event('service.failed');
    assert.equal(failed.cause, `not ready within 1.5 s: tcp 127.0.0.1:${wanted}: connection refused`);
    await run.ended;
  });
});

suite('check', { concurrency: 3, timeout: 20_000 }, () => {
  for (const [name, before, target, after] of [
    ['tcp', '{ tcp: ', 'PORT', ' }'],
    ['http', '{ http: ', '"http://localhost:PORT/health"', ' }'],
    ['a part', '{ any: [{ file: x }, { tcp: ', '"127.0.0.1:PORT"', ' }] }'],
  ] as const) {
    test(`warns of a port that is taken, with its holder and place: ${name}`, async (t) => {
      const { port } = await squat(t);
      const start = `services: { db: { command: ${sleeper}, ready: ${before}`;
      const config = `${start}${target.replace('PORT', String(port))}${after} } }`;
      const end = await runOrderly(t, { config, args: ['check'] }).ended;
      assert.equal(end.status, 0);
      const said = end.stderr.join('\n');
      assert.match(said, new RegExp(`port ${port} is already held by process ${process.pid} \\(`));
      const place = `1:${start.length + 1}`;
      assert.match(said, new RegExp(`^supervisor\\.yaml:${place}: warning: "db" can't become ready here`));
    });
  }

  test('warns of no port that is free, that any may hold, or that is reported later', async (t) => {
    const { port } = await squat(t);
    const free = await squat(t);
    await free.close();
    const config = `
services:
  a: { command: ${sleeper}, ready: { tcp: ${port}, owner: any } }
  b: { command: ${sleeper}, ready: { tcp: ${free.port} } }
  c: { command: ${sleeper}, ready: { http: "http://localhost:\${a.port}/" }, depends_on: [a] }
  d: { command: ${sleeper}, ready: { tcp: "example.invalid:${port}" } }
`;
    const end = await runOrderly(t, { config, args: ['check'] }).ended;
    assert.deepEqual([end.status, end.stderr], [0, []]);
  });
});
