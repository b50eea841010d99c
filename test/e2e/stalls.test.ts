/**
 * A supervisor that could not run blames nobody for it: not one restart, not one kill, whatever was due meanwhile.
 *
 * `ORDERLY_STALL_SECONDS=20` makes the stall as long as it was meant to be.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readProcessStat } from '../../src/process/tree/proc/process-stat.ts';
import { ownAddress } from '../support/own-address.ts';
import { programPath } from '../support/programs.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';
import { story } from '../support/story.ts';
import { until } from '../support/until.ts';

const STALL_MS = Number(process.env.ORDERLY_STALL_SECONDS ?? 6) * 1000;
/** Much shorter than the stall, and much longer than the 100 ms between two signs. */
const WITHIN_MS = Math.min(5000, STALL_MS / 3);

const beat = (channel: string) => JSON.stringify([process.execPath, programPath('beat.js'), channel]);
const script = (...lines: readonly string[]) => JSON.stringify(['sh', '-c', lines.join('\n')]);

async function stop(run: OrderlyRun, forMs: number): Promise<void> {
  run.signal('SIGSTOP');
  await sleep(forMs);
  run.signal('SIGCONT');
}

/** How many signs a service has given as far as it was heard. */
function countBeats(run: OrderlyRun, service: string): number {
  const texts = run.events.flatMap((event) =>
    event.type === 'log' && event.service === service ? [event.text] : [],
  );
  return Number(texts.at(-1)?.split(' ')[1] ?? 0);
}

const WATCHED = ['fd', 'node', 'log'] as const;
const watched = WATCHED.map(
  (source) =>
    `  ${source}: { command: ${beat(source)}, watchdog: { within: ${WITHIN_MS}ms, source: ${source} } }\n`,
).join('');

suite('stalls', { concurrency: 3, timeout: 60_000 + 2 * STALL_MS }, () => {
  test('watchdogs do not trip because the supervisor was stopped', async (t) => {
    const run = runOrderly(t, { config: `services:\n${watched}` });
    for (const service of WATCHED)
      await run.event((event) => event.type === 'log' && event.service === service);
    await stop(run, STALL_MS);
    // Long enough for every deadline of before, and one more.
    const more = (STALL_MS + 2 * WITHIN_MS) / 100;
    const lasts = WATCHED.map((service) => [service, countBeats(run, service) + more] as const);
    for (const [service, last] of lasts) {
      await run.event(
        (event) =>
          event.type === 'log' && event.service === service && Number(event.text.split(' ')[1]) > last,
      );
    }
    run.signal('SIGTERM');
    const { events, status } = await run.ended;
    assert.deepEqual(story(events, 'service.unhealthy', 'service.backoff', 'service.killed'), []);
    assert.equal(status, 143);
  });

  test('nor do checks of health, of whatever kind, each of which would do', async (t) => {
    const host = ownAddress;
    const listen = (port: number) => JSON.stringify([programPath('stop-listening.js'), host, String(port)]);
    const checks = {
      tcp: `command: ${listen(9401)}, ready: { tcp: "${host}:9401" }, health: { tcp: "${host}:9401"`,
      http: `command: ${listen(9402)}, ready: { tcp: "${host}:9402" }, health: { http: "http://${host}:9402/"`,
      exec: `command: ${beat('log')}, health: { exec: [sleep, "0.05"]`,
      file: `command: ${beat('log')}, health: { file: .`,
      log: `command: ${beat('log')}, health: { log: ^beat`,
      notify: `command: ${beat('fd')}, ready: { notify: fd }, watchdog: ${WITHIN_MS}ms, health: { notify: fd`,
    };
    const services = Object.entries(checks).map(
      ([name, check]) => `  ${name}: { ${check}, interval: 1s, failures: 1 } }\n`,
    );
    const run = runOrderly(t, { config: `services:\n${services.join('')}` });
    for (const service of Object.keys(checks)) await run.event('service.ready', { service });
    await run.line(/"service":"notify".*beat 12/);
    await stop(run, STALL_MS);
    // Three rounds more of every check.
    const last = countBeats(run, 'notify') + (STALL_MS + 3000) / 100;
    await run.event(
      (event) =>
        event.type === 'log' && event.service === 'notify' && Number(event.text.split(' ')[1]) > last,
    );
    run.signal('SIGTERM');
    const { events, status } = await run.ended;
    assert.deepEqual(story(events, 'service.unhealthy', 'service.backoff', 'service.killed'), []);
    assert.equal(status, 143);
  });

  test('nor because it is starved again and again', async (t) => {
    const run = runOrderly(t, { config: `services:\n${watched}` });
    for (const service of WATCHED)
      await run.event((event) => event.type === 'log' && event.service === service);
    for (let round = 0; round < 8; round++) {
      await stop(run, 900);
      await sleep(100);
    }
    run.signal('SIGTERM');
    const { events, status } = await run.ended;
    assert.deepEqual(story(events, 'service.unhealthy', 'service.backoff', 'service.killed'), []);
    assert.equal(status, 143);
  });

  test('who hangs is still found when it is over', async (t) => {
    const config = `services: { feed: { command: ${beat('fd')}, ready: { notify: fd }, watchdog: 1s, restart: "no" } }`;
    const run = runOrderly(t, { config });
    const { pid } = await run.event('service.starting');
    await run.event('service.ready');
    process.kill(pid!, 'SIGSTOP');
    await stop(run, 2000);
    const failed = await run.event('service.failed');
    assert.equal(failed.cause, 'no heartbeat from "feed" for 1 s');
    await run.ended;
  });

  test('readiness that was to be reached meanwhile has the time that was lost', async (t) => {
    const config = `
services:
  said: { command: ${script('echo up', 'sleep 1', 'echo ready >&3', 'exec sleep 1000')}, ready: { notify: fd, within: 2s } }
  asked: { command: ${script('echo up', 'sleep 1', 'touch up', 'exec sleep 1000')}, ready: { file: up, within: 2s, interval: 200ms } }
  late: { command: ${script('echo up', `sleep ${STALL_MS / 1000}`, 'touch late', 'exec sleep 1000')}, ready: { file: late, within: 3s } }
`;
    const run = runOrderly(t, { config });
    // By its first line its readiness is waited for.
    for (const service of ['said', 'asked', 'late']) await run.event('log', { service });
    await stop(run, STALL_MS);
    for (const service of ['said', 'asked', 'late']) await run.event('service.ready', { service });
    run.signal('SIGTERM');
    const { events, status } = await run.ended;
    assert.deepEqual(story(events, 'service.backoff', 'service.killed'), []);
    assert.equal(status, 143);
  });

  test('who stood still together with the supervisor has the time that both lost', async (t) => {
    const config = `services: { feed: { command: ${beat('fd')}, ready: { notify: fd }, watchdog: ${WITHIN_MS}ms } }`;
    const run = runOrderly(t, { config });
    const { pid } = await run.event('service.starting');
    await run.line(/beat 2"/);
    process.kill(pid!, 'SIGSTOP');
    await stop(run, STALL_MS);
    await sleep(300);
    process.kill(pid!, 'SIGCONT');
    const last = countBeats(run, 'feed') + (2 * WITHIN_MS) / 100;
    await run.event((event) => event.type === 'log' && Number(event.text.split(' ')[1]) > last);
    run.signal('SIGTERM');
    const { events, status } = await run.ended;
    assert.deepEqual(story(events, 'service.unhealthy', 'service.backoff', 'service.killed'), []);
    assert.equal(status, 143);
  });

  test('G8: who ended within its grace is not killed, and a clean-up that ended in time has not timed out', async (t) => {
    const slow = 'trap "kill \\$!; echo asked; sleep 1; exit" TERM; echo up; sleep 1000 & wait';
    const config = `
services:
  slow: { command: ${script(slow)}, ready: { log: up }, stop: { grace: 2s, target: main }, cleanup: [ { run: echo cleaning; sleep 1, timeout: 2s } ] }
`;
    const run = runOrderly(t, { config });
    const { pid } = await run.event('service.starting');
    await run.event('service.ready');
    run.signal('SIGTERM');
    await run.event('log', { text: 'asked' });
    run.signal('SIGSTOP');
    await until(() => readProcessStat(pid!)?.dead ?? true);
    await sleep(2000);
    run.signal('SIGCONT');
    await run.event('log', { text: 'cleaning' });
    await stop(run, 3000);
    const { events, status } = await run.ended;
    const cleanup = events.find((event) => event.type === 'service.cleanup');
    assert.deepEqual(story(events, 'service.killed'), []);
    assert.deepEqual([cleanup?.timed_out, cleanup?.error], [false, undefined]);
    assert.equal(status, 143);
  });

  // Wherever in its first milliseconds of stopping it is held up: before the budget is shared, before it asks, after it.
  for (let afterMs = 0.4; afterMs < 5; afterMs += 0.4) {
    test(`G4 G8 nobody that ends when asked is killed if it is stopped ${afterMs.toFixed(1)} ms after SIGTERM`, async (t) => {
      const service = `{ command: exec sleep 1000, stop: { grace: 500ms }, cleanup: ['true'] }`;
      const services = ['a', 'b', 'c'].map((name, at) =>
        at === 0
          ? `${name}: ${service}`
          : `${name}: ${service.replace('{', '{ depends_on: [$], ').replace('$', 'abc'[at - 1]!)}`,
      );
      const run = runOrderly(t, { config: `services:\n  ${services.join('\n  ')}\n` });
      await run.event('service.ready', { service: 'c' });
      run.signal('SIGTERM');
      const fromMs = performance.now();
      while (performance.now() - fromMs < afterMs) {}
      await stop(run, 1000);
      const { events, status } = await run.ended;
      const told = events.map((event) => JSON.stringify(event)).join('\n');
      assert.deepEqual(story(events, 'service.killed'), [], told);
      assert.equal(status, 143);
    });
  }
});
