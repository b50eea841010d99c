/**
 * `orderly agent`, asked by the protocol's own client about a real run, and line by line with what no client should send.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { connectAgent, rawAgent } from '../support/agent-lab.ts';
import { runOrderly } from '../support/run-orderly.ts';

const shop = `
services:
  db: { command: "echo db is up; exec sleep 1000", labels: { tier: data } }
  api: { command: "echo api is up; exec sleep 1000", depends_on: [db] }
  seed: { type: task, command: echo seeded, depends_on: [db] }
`;

const slow = 'services: { a: { command: exec sleep 1000, ready: { delay: 50s } } }';

suite('an agent', { concurrency: 3, timeout: 60_000 }, () => {
  for (const [mode, version] of [
    ['legacy', '2025-11-25'],
    ['auto', '2026-07-28'],
  ] as const)
    test(`is served in the revision ${version}: each tool does what its command does`, async (t) => {
      const run = runOrderly(t, { config: shop });
      await run.event('service.ready', { service: 'api' });
      await run.event('service.completed', { service: 'seed' });
      const { client, call } = await connectAgent(t, run.folder, mode);
      assert.equal(client.getNegotiatedProtocolVersion(), version);
      assert.equal(client.getServerVersion()?.name, 'orderly');
      assert.match(client.getInstructions() ?? '', /status/);
      const { tools } = await client.listTools();
      assert.deepEqual(
        tools.map(({ name }) => name),
        ['status', 'why', 'logs', 'plan', 'start', 'stop', 'restart', 'reload', 'wait', 'run'],
      );
      if (mode === 'legacy') await client.ping();

      const states = async (): Promise<string> => {
        const { services } = (await call('status')).data as {
          services: readonly { service: string; state: string; attempt: number }[];
        };
        return services.map(({ service, state, attempt }) => `${service} ${state}#${attempt}`).join(', ');
      };
      assert.match((await call('status')).text, /^NAME .*\ndb +ready/);
      assert.equal(await states(), 'db ready#1, api ready#1, seed completed#1');
      assert.match((await call('why', { service: 'api' })).text, /^api is ready, for /);
      assert.equal((await call('logs', { services: ['db'], tail: 5 })).text, 'db is up');
      assert.equal((await call('logs', { grep: 'api' })).text, 'api | api is up');

      assert.match((await call('status', { labels: ['tier=data'] })).text, /^NAME .*\ndb +ready[^\n]*$/);
      assert.equal((await call('logs', { labels: ['tier'], until_ms: 0 })).text, 'db | db is up');
      const byLabel = await call('plan', { request: 'restart', services: ['*'], labels: ['tier=data'] });
      assert.match(byLabel.text, /^restart db\n/);

      const planned = await call('plan', { request: 'stop', services: ['db'] });
      assert.match(
        planned.text,
        /^stop api, along with db\nstop db\nat most .*\nnext: stop {"services":\["db"\]}/,
      );
      assert.equal(await states(), 'db ready#1, api ready#1, seed completed#1');
      const stopped = await call('stop', { services: ['db'] });
      assert.deepEqual([stopped.isError, stopped.text], [false, 'db: stopped\napi: stopped']);
      assert.match((await call('why', { service: 'api' })).text, /next: start {"services":\["api"\]} \(/);
      assert.equal((await call('wait', { services: ['api'], for: 'stopped' })).isError, false);
      assert.equal((await call('start', { services: ['api'] })).isError, false);
      assert.equal(await states(), 'db ready#2, api ready#2, seed completed#1');
      assert.equal((await call('restart', { services: ['api'] })).text, 'api: restarted');
      writeFileSync(join(run.folder, 'supervisor.yaml'), `${shop}  mail: { command: exec sleep 1000 }\n`);
      assert.equal((await call('reload')).text, 'mail: added');
      assert.equal(await states(), 'db ready#2, api ready#3, seed completed#1, mail ready#1');
      run.signal('SIGTERM');
      await run.ended;
    });

  test('what fails is told with the call that tells why, and that tells what would help', async (t) => {
    const config = `
services:
  api: { command: "echo what a pity >&2; exit 3", ready: { delay: 10s }, restart: { delay: 20s }, on_failure: ignore }
  web: { command: exec sleep 1000, depends_on: [api] }
`;
    const run = runOrderly(t, { config });
    await run.event('service.backoff', { service: 'api' });
    const { call } = await connectAgent(t, run.folder);
    assert.match((await call('status')).text, /\nnext: why {"service":"api"} \(tells what is wrong\)$/);
    const why = await call('why', { service: 'web' });
    assert.match(why.text, /its last line: what a pity/);
    const { data } = await call('why', { service: 'api' });
    assert.deepEqual(
      (data.next_calls as readonly { tool: string; arguments: object }[]).map((one) => [
        one.tool,
        one.arguments,
      ]),
      [
        ['start', { services: ['api'] }],
        ['logs', { services: ['api'] }],
      ],
    );
    run.signal('SIGTERM');
    await run.ended;
  });

  test('RQ-5 what is unknown or wrong is the answer of the tool, an unknown tool one of the protocol', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'api' });
    const { call } = await connectAgent(t, run.folder);
    for (const [name, given, told] of [
      ['restart', { services: ['apj'] }, /^Cannot restart: there is no service "apj".*\nnext: status/],
      ['why', { service: 'apj' }, /there is no service "apj"/],
      ['logs', { services: ['apj'] }, /there is no service "apj"/],
      ['status', { services: ['apj'] }, /there is no service "apj"/],
      ['stop', {}, /^Cannot stop: "services" is missing$/],
      ['stop', { services: 'db' }, /"services" must be a list of texts/],
      [
        'stop',
        { services: ['db'], force: true },
        /there is no "force"; it takes services, labels, no_deps, now/,
      ],
      [
        'plan',
        { request: 'start', services: ['db'], with_dependents: true },
        /"with_dependents" means nothing for start/,
      ],
    ] as const) {
      const { text, isError } = await call(name, given);
      assert.match(text, told);
      assert.equal(isError, true, name);
    }
    await assert.rejects(call('remove', {}), /-32602|Unknown tool: "remove"/);
    run.signal('SIGTERM');
    const { events } = await run.ended;
    assert.ok(!events.some(({ type }) => type === 'service.wanted'));
  });

  test('without a run it says how to start one, and finds it when it is there', async (t) => {
    const { folder, ended } = runOrderly(t, { config: shop, args: ['check'] });
    await ended;
    const { call } = await connectAgent(t, folder);
    for (const [name, given] of [
      ['status', {}],
      ['why', { service: 'db' }],
      ['logs', {}],
      ['plan', { request: 'reload' }],
      ['start', { services: ['db'] }],
      ['reload', {}],
      ['wait', { services: ['db'] }],
    ] as const) {
      const { text, isError } = await call(name, given);
      assert.equal(isError, true, name);
      assert.match(text, /doesn't run; start it with "orderly up"/);
    }
    assert.equal((await call('stop', { services: ['db'] })).isError, false);
    const run = runOrderly(t, { cwd: folder, args: ['up', '--output', 'json'] });
    await run.event('service.ready', { service: 'api' });
    assert.match((await call('status')).text, /\napi +ready/);
    run.signal('SIGTERM');
    await run.ended;
    assert.match((await call('status')).text, /doesn't run/);
  });

  test('without a configuration it says how to begin one, and where another run is', async (t) => {
    const { folder, ended } = runOrderly(t, { args: ['--version'] });
    await ended;
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'api' });
    const { call } = await connectAgent(t, folder);
    const { text, isError } = await call('status');
    assert.equal(isError, true);
    assert.match(
      text,
      /^Cannot find a configuration: .*\n {2}Write a supervisor\.yaml \("orderly init" begins one\)/,
    );
    const file = join(run.folder, 'supervisor.yaml');
    assert.ok(text.includes(`there runs ${file} (pid ${run.pid}): orderly agent --file ${file}`));
    run.signal('SIGTERM');
    await run.ended;
  });

  test('RQ-12 what takes longer is told as open, and goes on; the call waits on', async (t) => {
    const run = runOrderly(t, { config: slow });
    await run.event('service.starting', { service: 'a' });
    const { call } = await connectAgent(t, run.folder);
    const { text, isError, data } = await call('restart', { services: ['a'], timeout_ms: 100 });
    assert.equal(isError, false);
    assert.match(
      text,
      /^not settled within 100 ms; r1 goes on\nnext: wait {"services":\["a"\]} \(waits on\)$/,
    );
    assert.deepEqual([data.kind, data.request], ['open', 'r1']);
    await run.event('service.starting', { service: 'a', attempt: 2 });
    run.signal('SIGTERM');
    await run.ended;
  });

  test('the end of the run ends a wait with an error that says so', async (t) => {
    // It ends when it is let: the run is there still when the wait is asked about.
    const deaf = "trap '' TERM; while [ ! -e end ]; do sleep 0.05; done";
    const run = runOrderly(t, {
      config: `services: { a: { command: "${deaf}", ready: { delay: 50s }, stop: { grace: 60s } } }`,
      args: ['up', '--output', 'json', '--budget', '60s'],
    });
    await run.event('service.starting', { service: 'a' });
    const { call } = await connectAgent(t, run.folder);
    const waiting = call('wait', { services: ['a'] });
    await run.event('request.accepted', { kind: 'wait' });
    run.signal('SIGTERM');
    const { isError, text } = await waiting;
    assert.equal(isError, true);
    assert.match(text, /SIGTERM.*\nnext: status/);
    writeFileSync(join(run.folder, 'end'), '');
    await run.ended;
    assert.match((await call('status')).text, /doesn't run/);
  });

  test('a call that is cancelled is answered no more, and others are', async (t) => {
    const run = runOrderly(t, { config: slow });
    await run.event('service.starting', { service: 'a' });
    const { client, call } = await connectAgent(t, run.folder);
    const given = new AbortController();
    const waiting = call('wait', { services: ['a'] }, given.signal);
    await run.event('request.accepted', { kind: 'wait' });
    given.abort();
    await assert.rejects(waiting);
    assert.match((await call('status')).text, /\na +starting/);
    await client.close();

    const raw = rawAgent(t, run.folder);
    raw.write({ id: 'w', method: 'tools/call', params: { name: 'wait', arguments: { services: ['a'] } } });
    await run.event('request.accepted', { request: 'r2' });
    raw.write(
      { method: 'notifications/cancelled', params: { requestId: 'w' } },
      { method: 'notifications/cancelled', params: { requestId: 'never' } },
      { id: 1, method: 'tools/call', params: { name: 'status' } },
    );
    assert.equal((await raw.next()).id, 1);
    raw.closeStdin();
    assert.deepEqual(await raw.ended, { status: 0, rest: [] });
    run.signal('SIGTERM');
    await run.ended;
  });
});

suite('an agent without manners', { concurrency: 3, timeout: 60_000 }, () => {
  test('G9 garbage, batches and a huge line are told, and change nothing for what follows', async (t) => {
    const { folder, ended } = runOrderly(t, { args: ['--version'] });
    await ended;
    const { write, next, closeStdin, ended: end } = rawAgent(t, folder);
    const huge = { id: 1, method: 'ping', params: { text: 'x'.repeat(2 * 1024 * 1024) } };
    for (const [message, id, code] of [
      ['garbage', undefined, -32700],
      ['\u0000\u0007', undefined, -32700],
      ['{"jsonrpc":"2.0","id":1', undefined, -32700],
      ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', undefined, -32600],
      ['"text"', undefined, -32600],
      ['{"id":7,"method":"ping"}', 7, -32600],
      ['{"jsonrpc":"2.0","id":null,"method":"ping"}', undefined, -32600],
      [{ id: 8, method: 'ping', params: [] }, 8, -32602],
      [{ id: 9, method: 'resources/list' }, 9, -32601],
      [huge, undefined, -32600],
    ] as const) {
      write(message);
      const { id: answered, error } = await next();
      assert.deepEqual([answered, error?.code], [id, code], JSON.stringify(message).slice(0, 80));
    }
    // Nothing may be answered to any of these.
    write(
      '',
      '  ',
      { method: 'ping' },
      { method: 'nonsense', params: 3 },
      { id: 5, result: {} },
      { id: 10, method: 'ping' },
    );
    assert.deepEqual(await next(), { jsonrpc: '2.0', id: 10, result: {} });
    closeStdin();
    assert.deepEqual(await end, { status: 0, rest: [] });
  });

  test('it ends when stdin is closed, also while a call waits; the run goes on', async (t) => {
    const run = runOrderly(t, { config: slow });
    await run.event('service.starting', { service: 'a' });
    const raw = rawAgent(t, run.folder);
    raw.write({ id: 1, method: 'tools/call', params: { name: 'wait', arguments: { services: ['a'] } } });
    await run.event('request.accepted', { kind: 'wait' });
    raw.closeStdin();
    const { status, rest } = await raw.ended;
    assert.deepEqual([status, rest.map(({ id }) => id)], [0, [1]]);
    assert.match(JSON.stringify(rest[0]?.result), /stdin has ended; r1 goes on/);
    run.signal('SIGTERM');
    await run.ended;
  });
});
