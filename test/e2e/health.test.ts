/**
 * Health of real services: each kind of condition once, a process that hangs, a check that hangs.
 */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { findMarked } from '../support/marked-processes.ts';
import { ownAddress } from '../support/own-address.ts';
import { programPath } from '../support/programs.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';
import { assertOrder, story } from '../support/story.ts';
import { until } from '../support/until.ts';

const stopListening = programPath('stop-listening.js');
const host = ownAddress;
const well = { well: '' };

interface Ill {
  readonly detail: RegExp;
  /** What makes it ill; by default the file "well" vanishes. */
  readonly sicken?: (run: OrderlyRun, pid: number) => void;
}

const ways: Readonly<Record<string, Ill & { readonly service: string }>> = {
  tcp: {
    service: `command: [${stopListening}, ${host}, 9301], ready: { tcp: "${host}:9301" }, health: { tcp: "${host}:9301"`,
    sicken: (_, pid) => process.kill(pid, 'SIGUSR2'),
    detail: new RegExp(`^tcp ${host}:9301: connection refused$`),
  },
  http: {
    service: `command: [${stopListening}, ${host}, 9302], ready: { tcp: "${host}:9302" }, health: { http: "http://${host}:9302/"`,
    sicken: (_, pid) => process.kill(pid, 'SIGSTOP'),
    detail: new RegExp(`^http http://${host}:9302/: no answer within 300 ms$`),
  },
  exec: {
    service: `command: exec sleep 1000, env: { FILE: well }, health: { exec: 'test -e "$FILE" || { echo ill; exit 9; }'`,
    detail: /^exec test -e .*: exited with 9: ill$/,
  },
  file: {
    service: 'command: exec sleep 1000, health: { file: well',
    detail: /^file .*\/well: does not exist$/,
  },
  log: {
    service: `command: 'while test -e well; do echo tick; sleep 0.05; done; exec sleep 1000', health: { log: ^tick`,
    detail: /^log \/\^tick\/: no line matched since the last check$/,
  },
  'notify: fd': {
    service: `command: 'while test -e well; do echo heartbeat >&3; sleep 0.05; done; exec sleep 1000', health: { notify: fd`,
    detail: /^notify fd: no word over fd 3 since the last check$/,
  },
  all: {
    service: 'command: exec sleep 1000, health: { all: [ { file: / }, { any: [ { file: well } ] } ]',
    detail: /^file .*\/well: does not exist$/,
  },
};

/** Takes it down; nothing of it may be left. */
async function goDown(run: OrderlyRun): Promise<void> {
  run.signal('SIGTERM');
  assert.equal((await run.ended).status, 143);
}

const timing = 'interval: 300ms, timeout: 300ms, failures: 2';

suite('health', { concurrency: 4, timeout: 40_000 }, () => {
  test('a service that chooses its port is asked at that one, and with a new one anew', async (t) => {
    const script =
      "const { createServer } = require('node:http'); const { existsSync } = require('node:fs');" +
      "const server = createServer((_, r) => { r.statusCode = existsSync('well') ? 200 : 500; r.end(); });" +
      "server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port))";
    const health = `all: [ { http: "http://127.0.0.1:\${a.port}/" } ], ${timing}`;
    const config = `services: { a: { command: [${process.execPath}, -e, ${JSON.stringify(script)}], ready: { log: 'port (?<port>\\d+)' }, health: { ${health} } } }`;
    const run = runOrderly(t, { config, files: well });
    const ports = [];
    for (const attempt of [1, 2]) {
      const { values } = await run.event('service.ready', { attempt });
      rmSync(join(run.folder, 'well'));
      const { detail } = await run.event('service.unhealthy', { attempt });
      assert.equal(detail, `http http://127.0.0.1:${values.port}/: answered 500`);
      writeFileSync(join(run.folder, 'well'), '');
      ports.push(values.port);
    }
    assert.notEqual(ports[0], ports[1]);
    await run.event('service.ready', { attempt: 3 });
    await goDown(run);
  });

  test('a value that it has not told makes it unhealthy, and that is said', async (t) => {
    const health = `tcp: "\${a.port}", interval: 100ms, failures: 1, on_failure: shutdown`;
    const config = `services: { a: { command: [sleep, "1000"], health: { ${health} } } }`;
    const { status, stderr } = await runOrderly(t, { config, args: ['up'] }).ended;
    assert.equal(status, 1);
    assert.match(
      stderr.at(-1) ?? '',
      /health check failed: needs \$\{a\.port\}, but "a" reported no values$/,
    );
  });

  for (const [name, { service, sicken, detail }] of Object.entries(ways)) {
    test(`${name}: who is ill is stopped, and started again`, async (t) => {
      const config = `services: { a: { ${service}, ${timing} }, stop: { grace: 2s } } }`;
      const run = runOrderly(t, { config, files: well });
      const { pid } = await run.event('service.starting', { attempt: 1 });
      await run.event('service.ready', { attempt: 1 });
      if (sicken === undefined) rmSync(join(run.folder, 'well'));
      else sicken(run, pid ?? 0);
      const unhealthy = await run.event('service.unhealthy', { attempt: 1 });
      assert.match(unhealthy.detail, detail);
      assert.equal(unhealthy.failures, 2);
      writeFileSync(join(run.folder, 'well'), '');
      await run.event('service.ready', { attempt: 2 });
      await goDown(run);
      assertOrder(story(run.events), 'a unhealthy', 'a stopping', 'a exited', 'a backoff');
    });
  }

  test('a process that hangs is noticed by http within its failures, intervals and timeout, and not by tcp', async (t) => {
    const service = (port: number, health: string) =>
      `{ command: [${stopListening}, ${host}, ${port}], ready: { tcp: "${host}:${port}" }, health: ${health}, stop: { grace: 2s } }`;
    const run = runOrderly(t, {
      config: `
services:
  web: ${service(9303, `{ http: "http://${host}:9303/", interval: 400ms, timeout: 300ms }`)}
  db: ${service(9304, `{ tcp: "${host}:9304", interval: 100ms, failures: 1 }`)}
`,
    });
    const pids = await Promise.all(
      ['web', 'db'].map(async (name) => {
        const { pid } = await run.event('service.starting', { service: name });
        await run.event('service.ready', { service: name });
        return pid ?? 0;
      }),
    );
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    const beganMs = performance.now();
    await run.event('service.unhealthy', { service: 'web' });
    const tookMs = performance.now() - beganMs;
    assert.ok(tookMs < 3 * 400 + 300 + 2000, `${tookMs} ms`);
    // By then every check of db has connected: the kernel accepts for a process that is stopped.
    assert.ok(
      !run.events.some(
        ({ type, ...event }) => type === 'service.unhealthy' && 'service' in event && event.service === 'db',
      ),
    );
    process.kill(pids[1]!, 'SIGCONT');
    await run.event('service.ready', { service: 'web', attempt: 2 });
    await goDown(run);
  });

  test('who is ill and well again is told so, where health only reports', async (t) => {
    const config =
      'services: { a: { command: exec sleep 1000, health: { file: well, interval: 50ms, failures: 1, on_failure: report } } }';
    const run = runOrderly(t, { config, files: well });
    await run.event('service.ready', {});
    rmSync(join(run.folder, 'well'));
    await run.event('service.unhealthy', {});
    writeFileSync(join(run.folder, 'well'), '');
    await run.event('service.healthy', {});
    await goDown(run);
    assert.deepEqual(story(run.events, 'service.unhealthy', 'service.healthy', 'service.starting'), [
      'a starting',
      'a unhealthy',
      'a healthy',
    ]);
  });

  test('G8: health that asks for a shutdown takes everything down, with its words last', async (t) => {
    const config = `
services:
  db: { command: exec sleep 1000, health: { file: well, interval: 100ms, failures: 2, on_failure: shutdown }, on_failure: ignore }
  api: { command: exec sleep 1000, depends_on: [db] }
`;
    const end = await runOrderly(t, { args: ['up'], config }).ended;
    assert.equal(end.status, 1);
    assert.match(
      end.stderr.at(-1) ?? '',
      /"db" failed: health check failed 2 times in a row: file .*\/well: does not exist/,
    );
    assert.ok(end.stderr.some((line) => /db: unhealthy: file .*: does not exist/.test(line)));
  });

  test('G5: a check that hangs is dead at its timeout, with what it has started', async (t) => {
    const check = 'test -e well || exit 0; sleep 31411 & sleep 31411';
    const config = `services: { a: { command: exec sleep 1000, health: { exec: "${check}", interval: 200ms, timeout: 200ms, failures: 1, on_failure: report } } }`;
    const run = runOrderly(t, { config, files: well });
    const { detail } = await run.event('service.unhealthy', {});
    assert.match(detail, /: had not ended within 200 ms$/);
    rmSync(join(run.folder, 'well'));
    await run.event('service.healthy', {});
    await until(() => checksOf(run).length === 0);
    await goDown(run);
  });

  test('G9: a check that hangs holds up nothing: it is dead before its service is asked to stop', async (t) => {
    const check = 'sleep 31412 & echo > hanging; sleep 31412';
    const watch = 'while ! test -e hanging; do sleep 0.02; done; echo it hangs; exec sleep 1000';
    const config = `
services:
  a:
    command: 'trap "ps -A -o args | grep -c \\"[s]leep 31412\\"; exit" TERM; while :; do sleep 0.05; done'
    health: { exec: "${check}", interval: 100ms, timeout: 1h }
  watch: { command: '${watch}', ready: { log: it hangs } }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'watch' });
    await goDown(run);
    const counted = run.events.filter((event) => event.type === 'log' && /^\d+$/.test(event.text));
    assert.deepEqual(
      counted.map((event) => event.type === 'log' && event.text),
      ['0'],
    );
  });

  test('who has the terminal is seen by whoever runs it, and its health is not checked', async (t) => {
    const config = `services: { a: { command: 'sleep 0.5; exit 7', health: { file: never, interval: 20ms, failures: 1 } } }`;
    assert.equal((await runOrderly(t, { args: ['run', 'a'], config }).ended).status, 7);
  });

  test('check warns of health that stops for good', async (t) => {
    const config = 'services: { a: { command: exec sleep 1000, restart: "no", health: { file: / } } }';
    const { status, stderr } = await runOrderly(t, { args: ['check'], config }).ended;
    assert.equal(status, 0);
    assert.match(stderr.join('\n'), /"a" is never restarted: when its health fails it is stopped/);
  });
});

function checksOf(run: OrderlyRun): readonly unknown[] {
  return findMarked(`ORDERLY_RUN=${run.pid}-`).filter(({ command }) => command.includes('31411'));
}
