/**
 * Watchdogs over real processes: each source, and what it takes to stop what hangs.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { needs } from '../support/needs.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { programPath } from '../support/programs.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { assertOrder, story } from '../support/story.ts';

const beat = (channel: string) => JSON.stringify([process.execPath, programPath('beat.js'), channel]);
const script = (...lines: readonly string[]) => JSON.stringify(['sh', '-c', lines.join('\n')]);

/** Of each source a service that gives signs, and one that is ready and then says nothing, with its channel open. */
const SOURCES = {
  fd: {
    ready: 'notify: fd',
    watchdog: '2s',
    beats: beat('fd'),
    mute: script('echo ready >&3', 'exec sleep 1000'),
  },
  node: {
    ready: 'notify: node',
    watchdog: '2s',
    beats: beat('node'),
    mute: JSON.stringify([
      process.execPath,
      '-e',
      "process.send('ready'); process.on('message', () => process.exit())",
    ]),
  },
  systemd: {
    ready: 'notify: systemd',
    watchdog: '2s',
    beats: script('systemd-notify --ready', 'while :; do systemd-notify WATCHDOG=1; sleep 0.1; done'),
    mute: script('systemd-notify --ready', 'exec sleep 1000'),
  },
  log: {
    ready: 'log: "beat|up"',
    watchdog: '{ within: 2s, source: log }',
    beats: beat('log'),
    mute: script('echo up', 'exec sleep 1000'),
  },
  'fd that readiness does not use': {
    ready: 'log: "beat|up"',
    watchdog: '{ within: 2s, source: fd }',
    beats: beat('fd'),
    mute: script('echo up', 'exec sleep 1000'),
  },
} as const;

suite('watchdogs', { concurrency: 2, timeout: 60_000 }, () => {
  for (const [source, { ready, watchdog, beats, mute }] of Object.entries(SOURCES)) {
    const skip = source === 'systemd' && needs('systemd-notify');
    test(`by ${source}: who gives no sign is stopped, who does is left alone`, { skip }, async (t) => {
      const config = `
defaults: { restart: "no", ready: { ${ready} }, watchdog: ${watchdog} }
services:
  alive: { command: ${beats}, depends_on: { mute: { condition: exited } } }
  witness: { command: ${beats} }
  mute: { command: ${mute}, on_failure: ignore }
`;
      const run = runOrderly(t, { config });
      const failed = await run.event('service.failed', { service: 'mute' });
      const what = source === 'log' ? 'output' : 'heartbeat';
      assert.equal(failed.cause, `no ${what} from "mute" for 2 s`);
      await run.event('service.ready', { service: 'alive' });
      run.signal('SIGTERM');
      const { events, status } = await run.ended;
      assertOrder(
        story(events),
        'mute ready',
        'mute unhealthy',
        'mute stopping',
        'mute exited',
        'mute failed',
      );
      assert.deepEqual(story(events, 'service.unhealthy', 'service.killed'), ['mute unhealthy']);
      assert.equal(status, 143);
    });
  }

  test('a service that was stopped by SIGSTOP trips, ends without a kill, and is started again', async (t) => {
    const config = `
services:
  feed: { command: ${beat('fd')}, ready: { notify: fd }, watchdog: 2s, stop: { grace: 50s } }
`;
    const run = runOrderly(t, { config });
    const { pid } = await run.event('service.starting', { service: 'feed' });
    await run.event('service.ready', { attempt: 1 });
    process.kill(pid!, 'SIGSTOP');
    await run.event('service.ready', { attempt: 2 });
    run.signal('SIGTERM');
    const { events, status } = await run.ended;
    const told = story(events, 'service.unhealthy', 'service.killed', 'service.exited', 'service.backoff');
    assert.deepEqual(told, ['feed unhealthy', 'feed exited', 'feed backoff', 'feed exited']);
    assert.equal(status, 143);
  });

  test('on_failure report tells of silence and of the next sign', async (t) => {
    const config = `
services:
  feed: { command: ${beat('log')}, watchdog: { within: 1s, source: log, on_failure: report } }
`;
    const run = runOrderly(t, { config });
    const { pid } = await run.event('service.starting', { service: 'feed' });
    await run.line(/beat 2"/);
    process.kill(pid!, 'SIGSTOP');
    await run.event('service.unhealthy', { detail: 'no output from "feed" for 1 s' });
    process.kill(pid!, 'SIGCONT');
    await run.event('service.healthy');
    run.signal('SIGTERM');
    const { events, status } = await run.ended;
    assert.deepEqual(story(events, 'service.stopping', 'service.exited'), ['feed stopping', 'feed exited']);
    assert.equal(status, 143);
  });

  test('systemd-notify changes the time, and says that it hangs', {
    skip: needs('systemd-notify'),
  }, async (t) => {
    const config = `
defaults: { ready: { notify: systemd }, watchdog: 1m, restart: "no", on_failure: ignore }
services:
  shorter: { command: ${script('systemd-notify --ready', 'systemd-notify WATCHDOG_USEC=300000', 'exec sleep 1000')} }
  hangs: { command: ${script('systemd-notify --ready', 'systemd-notify WATCHDOG=trigger', 'exec sleep 1000')} }
`;
    const run = runOrderly(t, { config });
    const shorter = await run.event('service.failed', { service: 'shorter' });
    assert.equal(shorter.cause, 'no heartbeat from "shorter" for 300 ms');
    const hangs = await run.event('service.failed', { service: 'hangs' });
    assert.equal(hangs.cause, '"hangs" says that it hangs');
    await run.ended;
  });

  test('the service is told what is expected of it, over whichever channel; and one without a watchdog nothing', async (t) => {
    const tell = script(
      '[ "$WATCHDOG_PID" = $$$$ ] && WATCHDOG_PID="its own"',
      'echo "WATCHDOG_USEC is $WATCHDOG_USEC, WATCHDOG_PID is $WATCHDOG_PID"',
    );
    const config = `
defaults: { command: ${tell}, restart: "no", on_failure: ignore }
services:
  systemd: { watchdog: { within: 1m30s, source: systemd } }
  simple: { command: 'sh -c "$TELL"', env: { TELL: ${JSON.stringify(JSON.parse(tell)[2])} }, watchdog: { within: 1m30s, source: systemd } }
  behind: { command: 'sh -c "$TELL"; exit', env: { TELL: ${JSON.stringify(JSON.parse(tell)[2])} }, watchdog: { within: 1m30s, source: systemd } }
  fd: { watchdog: { within: 30s, source: fd } }
  log: { watchdog: { within: 30s, source: log } }
  none: {}
`;
    const env = { WATCHDOG_USEC: '77', WATCHDOG_PID: '1' };
    const { events } = await runOrderly(t, { config, env }).ended;
    const told = events.flatMap((event) => (event.type === 'log' ? [`${event.service}: ${event.text}`] : []));
    assert.deepEqual(told.sort(), [
      'behind: WATCHDOG_USEC is 90000000, WATCHDOG_PID is ',
      'fd: WATCHDOG_USEC is 30000000, WATCHDOG_PID is ',
      'log: WATCHDOG_USEC is , WATCHDOG_PID is ',
      'none: WATCHDOG_USEC is , WATCHDOG_PID is ',
      'simple: WATCHDOG_USEC is 90000000, WATCHDOG_PID is its own',
      'systemd: WATCHDOG_USEC is 90000000, WATCHDOG_PID is its own',
    ]);
  });

  test('G7: who waits for the reader of its output, since lines must not be lost, is not silent', async (t) => {
    const floods = script(
      'echo ready >&3',
      'while echo "a line that nobody reads for now"; do echo heartbeat >&3; done',
    );
    const config = `
services:
  log: { command: ${floods}, ready: { notify: fd }, watchdog: { within: 1s, source: log } }
  fd: { command: ${floods}, ready: { notify: fd }, watchdog: 1s }
`;
    const up = '"$0" "$1" up --backpressure --record run.jsonl';
    const reader = '{ sleep 5; head -c 1000000 >/dev/null; }';
    const run = runOrderly(t, {
      config,
      instead: ['sh', '-c', `${up} | ${reader}`, process.execPath, orderlyBin],
    });
    await run.ended;
    const lines = readFileSync(join(run.folder, 'run.jsonl'), 'utf8').trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as OrderlyEvent);
    const told = story(events, 'service.ready', 'service.unhealthy', 'shutdown.requested');
    assert.deepEqual([...told].sort(), ['fd ready', 'log ready', 'shutdown requested']);
  });

  test('who has the terminal cannot be watched by its output, and is not', async (t) => {
    const config = `
services:
  shell: { command: ${script('sleep 1.5; exit 7')}, watchdog: { within: 100ms, source: log } }
`;
    const { status } = await runOrderly(t, { config, args: ['run', 'shell'] }).ended;
    assert.equal(status, 7);
  });
});
