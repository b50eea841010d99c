/**
 * Hooks of a real run: they hear what happens, and nothing that they do changes what runs, when it ends and how.
 */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { ask } from '../support/control-client.ts';
import { findMarked } from '../support/marked-processes.ts';
import { asPidOne, noNamespaces, pidOneOf } from '../support/privileges.ts';
import { type OrderlyEnd, runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

const tell = `'echo "$ORDERLY_EVENT_OF $ORDERLY_EVENT of $ORDERLY_EVENT_SERVICE: $ORDERLY_EVENT_WHY"; touch "heard-$ORDERLY_EVENT_OF-$ORDERLY_EVENT"'`;
const saysAll = `{ ready: ${tell}, failed: ${tell}, restarted: ${tell}, unhealthy: ${tell} }`;

/** What the services wrote, hooks included. */
function linesOf({ events }: Pick<OrderlyEnd, 'events'>): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'log' ? [`${event.service}#${event.attempt} ${event.text}`] : [],
  );
}

function notesOf({ events }: Pick<OrderlyEnd, 'events'>): readonly string[] {
  return events.flatMap((event) => (event.type === 'run.note' ? [event.text] : []));
}

/** Takes requests and answers with that status; undefined: never. */
async function listen(t: TestContext, status: number | undefined) {
  const got: { readonly type: string | undefined; readonly body: Record<string, unknown> }[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    got.push({ type: request.headers['content-type'], body: JSON.parse(Buffer.concat(parts).toString()) });
    if (status !== undefined) response.writeHead(status).end('a body that nobody reads');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/secret` };
}

suite('hooks', { concurrency: 3, timeout: 60_000 }, () => {
  test('each hears of its own, and those of the whole graph of all; what they write stands with their service', async (t) => {
    const config = `
name: shop
on: ${saysAll}
services:
  seed: { type: task, command: 'true', on: { ready: 'echo "$ORDERLY_EVENT_SERVICE: $ORDERLY_EVENT_WHY"' } }
  api:
    command: 'test -e again && exec sleep 1000; touch again; until [ -e heard-service-ready ] && [ -e heard-graph-ready ]; do sleep 0.02; done; exit 3'
    ready: { delay: 50ms }
    restart: { delay: 10ms }
    health: { exec: 'test ! -e ill', interval: 50ms, failures: 1, on_failure: report }
    on: ${saysAll}
    depends_on: [seed]
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'api', attempt: 2 });
    // Each is written by a hook that has ended by then.
    await until(() => linesOf(run).length >= 7);
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    const told = linesOf(end).map((line) => line.replace(/ after .*| of 50 ms/, ''));
    const count = (line: string) => told.filter((one) => one === line).length;
    assert.equal(count('seed#0 seed: completed'), 1);
    assert.equal(count('api#0 service ready of api: delay'), 2);
    assert.equal(count('api#0 graph ready of api: all that is wanted is ready'), 2);
    assert.equal(count('api#0 service restarted of api: exited with code 3'), 1);
    assert.equal(count('api#0 graph restarted of api: exited with code 3'), 1);
    assert.equal(told.length, 7);
    assert.deepEqual(notesOf(end), []);
  });

  test('check tells with their places which hooks can not be run here, and runs none', async (t) => {
    const config = `
on: { ready: [no-such-program, x], failed: { url: "http://127.0.0.1:9/" } }
services:
  a: { command: exec sleep 1, on: { ready: 'no-such-tool y', failed: 'echo x > ran' } }
`;
    const run = runOrderly(t, { config, args: ['check'] });
    const end = await run.ended;
    assert.equal(end.status, 0);
    const warnings = end.stderr.filter((line) => line.startsWith('supervisor.yaml:'));
    assert.deepEqual(warnings, [
      'supervisor.yaml:2:14: warning: "on.ready" can\'t be run here: "no-such-program" is not on the PATH',
      'supervisor.yaml:4:44: warning: "on.ready" of service "a" can\'t be run here: "no-such-tool" is not on the PATH',
    ]);
    assert.ok(!existsSync(join(run.folder, 'ran')));
  });

  test('failed is heard to its end though everything goes down because of it, and the status stays what it was', async (t) => {
    const config = `
on: { failed: 'while kill -0 "$(cat pid)"; do sleep 0.02; done 2>/dev/null; echo "told of $ORDERLY_EVENT_SERVICE"; exit 5' }
services:
  a: { command: 'echo $$$$ > pid; echo up; exec sleep 1000', ready: { log: up } }
  b: { command: 'exit 3', ready: { delay: 10s }, restart: "no", depends_on: [a] }
`;
    const end = await runOrderly(t, { config }).ended;
    assert.equal(end.status, 1);
    assert.deepEqual(linesOf(end), ['a#1 up', 'b#0 told of b']);
    assert.deepEqual(notesOf(end), ['the hook "on.failed" exited with code 5']);
    assert.equal(end.events.at(-1)?.type, 'run.finished');
  });

  test('a webhook gets a small JSON object by POST; one that answers badly is told once, without its address', async (t) => {
    const good = await listen(t, 204);
    const bad = await listen(t, 500);
    const config = `
name: shop
on: { ready: { url: "${bad.url}" } }
services:
  a: { type: task, command: 'true', on: { ready: { url: "\${HOOK_URL}" } } }
  b: { command: exec sleep 1000 }
`;
    const run = runOrderly(t, { config, env: { HOOK_URL: good.url } });
    await run.event('run.note');
    await until(() => good.got.length > 0);
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    const [{ type, body } = assert.fail()] = good.got;
    assert.equal(type, 'application/json');
    const { time, ...rest } = body;
    assert.ok(!Number.isNaN(Date.parse(String(time))));
    assert.deepEqual(rest, {
      ...{ project: 'shop', event: 'ready', of: 'service', service: 'a', attempt: 1 },
      ...{ why: 'completed', missed: 0 },
    });
    assert.equal(bad.got.length, 1);
    assert.deepEqual(notesOf(end), ['the webhook "on.ready" failed: answered 500']);
    assert.ok(![...end.stdout, ...end.stderr].some((line) => line.includes('secret')));
  });

  test('G9 a hook that hangs, one that can not be found, a webhook that never answers: services start and stop as ever', async (t) => {
    const { url } = await listen(t, undefined);
    const config = `
on: { ready: [no-such-program-anywhere] }
defaults: { on: { ready: { run: 'exec sleep 1000', timeout: 100s } } }
services:
  a: { command: exec sleep 1000 }
  b: { command: exec sleep 1000, depends_on: [a], on: { ready: { url: "${url}", timeout: 100s } } }
  c: { command: exec sleep 1000, depends_on: [b] }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'c' });
    await run.event('run.note');
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    const [first, ...cut] = notesOf(end);
    assert.match(
      first!,
      /^the hook "on\.ready" could not run: .*"no-such-program-anywhere" is not on the PATH/,
    );
    assert.deepEqual(cut.toSorted(), [
      'the hook "on.ready" of service "a" was cut short: the run is over',
      'the hook "on.ready" of service "c" was cut short: the run is over',
      'the webhook "on.ready" of service "b" was cut short: the run is over',
    ]);
  });

  for (const [where, cgroup, inside, skip] of [
    ['', 'auto', [], false],
    [' without cgroups', 'off', [], false],
    [' as PID 1', 'auto', asPidOne, noNamespaces],
    [' as PID 1 without cgroups', 'off', asPidOne, noNamespaces],
  ] as const) {
    test(`G5 G9 a hook that forks away and ignores signals is gone at the end, and costs no status${where}`, {
      skip,
    }, async (t) => {
      const stubborn = `trap "" TERM INT HUP; echo away; while :; do sleep 0.1; done`;
      const config = `
process: { cgroup: '${cgroup}' }
services:
  a:
    command: exec sleep 1000
    on: { ready: { run: 'setsid sh -c "setsid sh -c ''${stubborn.replaceAll('"', '\\"')}'' &" & exec sleep 1000' } }
`;
      const run = runOrderly(t, { config, inside });
      await run.event('log', { text: 'away' });
      process.kill(inside.length === 0 ? run.pid : pidOneOf(run.pid), 'SIGTERM');
      const end = await run.ended;
      assert.equal(end.status, 143);
      assert.deepEqual(notesOf(end), ['the hook "on.ready" of service "a" was cut short: the run is over']);
      assert.ok(!end.events.some(({ type }) => type === 'service.killed'));
    });
  }

  test('G7 G9 a hook that floods loses no line of a service, and is killed at its timeout', async (t) => {
    const config = `
services:
  a:
    command: [perl, -e, '$| = 1; for (1..200) { print "line $_\\n"; select(undef, undef, undef, 0.005) } sleep 1000']
    on: { ready: { run: 'yes flood', timeout: 400ms } }
`;
    const run = runOrderly(t, { config, args: ['up', '--output', 'json', '--backpressure'] });
    await run.event('log', { text: 'line 200' });
    await run.event('run.note', {
      text: 'the hook "on.ready" of service "a" was killed after its timeout of 400 ms',
    });
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    const own = end.events.flatMap((event) =>
      event.type === 'log' && event.attempt === 1 ? [event.text] : [],
    );
    assert.deepEqual(
      own,
      Array.from({ length: 200 }, (_, n) => `line ${n + 1}`),
    );
  });

  test('who insists on the end ends hooks at once, whatever the end still waits for', async (t) => {
    const config = `
services:
  a:
    command: exec sleep 1000
    cleanup: { run: 'until [ -e go ]; do sleep 0.05; done', timeout: 50s }
    on: { ready: { run: 'echo hooked; exec sleep 1000', timeout: 100s } }
`;
    const run = runOrderly(t, { config });
    await run.event('log', { text: 'hooked' });
    const down = ask(t, run, 'down', '--now');
    await run.event('run.note', {
      text: 'the hook "on.ready" of service "a" was cut short: the run is over',
    });
    assert.ok(!run.events.some(({ type }) => type === 'service.cleanup'));
    writeFileSync(join(run.folder, 'go'), '');
    await down;
    await run.ended;
  });

  test('G6 when orderly is killed its hooks go with it', async (t) => {
    const config = `
services:
  a: { command: exec sleep 1000, on: { ready: { run: 'echo hooked; exec sleep 1000', timeout: 100s } } }
`;
    const run = runOrderly(t, { config, mayLeaveProcesses: true });
    await run.event('log', { text: 'hooked' });
    process.kill(run.pid, 'SIGKILL');
    await run.ended;
    await until(() => findMarked(`ORDERLY_RUN=${run.pid}-`).length === 0);
  });

  test('a reload brings other hooks, and what it takes back goes back with it', async (t) => {
    const config = (hook: string, more = '') => `
on: { ready: 'echo graph ${hook}' }
services:
  a: { command: exec sleep 1000, on: { ready: 'echo own ${hook}' } }
${more}`;
    const run = runOrderly(t, { config: config('one') });
    await run.event('log', { text: 'graph one' });
    await run.event('log', { text: 'own one' });
    write(run.folder, config('two'));
    const reload = await ask(t, run, 'reload');
    assert.equal(reload.status, 0);
    await ask(t, run, 'restart', 'a');
    await run.event('log', { text: 'graph two' });
    await run.event('log', { text: 'own two' });
    write(run.folder, config('three', `  b: { command: 'exit 1', ready: { delay: 9s }, restart: "no" }`));
    assert.equal((await ask(t, run, 'reload')).status, 1);
    const before = linesOf(run).filter((line) => line === 'a#0 graph two').length;
    await ask(t, run, 'restart', 'a');
    await until(() => linesOf(run).filter((line) => line === 'a#0 graph two').length > before);
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.ok(!linesOf(end).some((line) => line === 'a#0 own three'));
  });
});

function write(folder: string, text: string): void {
  writeFileSync(join(folder, 'supervisor.yaml'), text);
}
