/**
 * Hooks run beside a run, each within its time, and end with it: on a virtual clock, with scripted commands.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleep, VirtualClock, withClock } from '../../../src/concurrency/index.ts';
import type { Hook } from '../../../src/config/hook-types.ts';
import { HookRunner } from '../../../src/hooks/hook-runner.ts';
import type { Occasion } from '../../../src/hooks/occasions.ts';
import type { Attempt } from '../../../src/process/ports.ts';
import { createFakeCommands, type FakeCommands } from '../../support/fake-commands.ts';
import { passes } from '../../support/passes.ts';

interface Lab {
  readonly clock: VirtualClock;
  readonly commands: FakeCommands;
  readonly runner: HookRunner;
  readonly told: readonly string[];
  readonly posted: readonly { readonly url: string; readonly body: string }[];
  readonly lines: readonly string[];
  fire(hook: Hook, occasion?: Partial<Occasion>): void;
}

const shell = (script: string, timeoutMs = 10_000): Hook => ({
  ...{ kind: 'command', run: { kind: 'shell', script }, timeoutMs },
});
const webhook = (timeoutMs = 10_000): Hook => ({ kind: 'webhook', url: 'http://x/secret', timeoutMs });

/** `answer`: what a webhook answers, after how long. */
function inLab(
  body: (lab: Lab) => Promise<void>,
  answer: { readonly attempt: Attempt; readonly afterMs: number } = {
    attempt: { ok: true, detail: 'answered 200' },
    afterMs: 1,
  },
): Promise<void> {
  const clock = new VirtualClock();
  return withClock(clock, async () => {
    const commands = createFakeCommands();
    const told: string[] = [];
    const posted: { url: string; body: string }[] = [];
    const lines: string[] = [];
    const runner = new HookRunner(
      {
        ...{ clock, commands, cwd: '/srv', project: 'shop' },
        async post(url, text, signal) {
          posted.push({ url, body: text });
          return (await passes(answer.afterMs, signal)) ? answer.attempt : { ok: false, detail: 'given up' };
        },
        onLog: (service, attempt, stream, chunk, command) =>
          void lines.push(`${service}#${attempt} ${stream} ${command}: ${chunk}`),
        env: { PATH: '/bin', GONE: undefined, ORDERLY_ATTEMPT: '7', ORDERLY_SERVICE: 'outer' },
      },
      (text) => void told.push(text),
    );
    const fire = (hook: Hook, occasion: Partial<Occasion> = {}): void =>
      runner.fire(hook, {
        ...{ of: 'service', event: 'failed', service: 'api', attempt: 2, why: 'x"; rm -rf $HOME', time: 't' },
        ...occasion,
      });
    await body({ clock, commands, runner, told, posted, lines, fire });
    assert.equal(clock.pendingTimers, 0);
  });
}

test('a command gets what happened as variables, our own environment, and no text for the shell is changed', () =>
  inLab(async ({ commands, runner, told, lines, fire }) => {
    commands.script('tell', { stdout: 'one\ntwo', stderr: 'three' });
    fire(shell('tell'));
    await runner.close(1_000);
    const [{ command } = assert.fail()] = commands.records;
    assert.deepEqual(command.command, { kind: 'shell', script: 'tell' });
    assert.equal(command.cwd, '/srv');
    assert.deepEqual(command.env, {
      PATH: '/bin',
      ORDERLY_EVENT: 'failed',
      ORDERLY_EVENT_OF: 'service',
      ORDERLY_EVENT_PROJECT: 'shop',
      ORDERLY_EVENT_SERVICE: 'api',
      ORDERLY_EVENT_ATTEMPT: '2',
      ORDERLY_EVENT_WHY: 'x"; rm -rf $HOME',
      ORDERLY_EVENT_TIME: 't',
      ORDERLY_EVENT_MISSED: '0',
    });
    assert.deepEqual(told, []);
    assert.deepEqual(lines, [
      'api#0 stdout true: one\n',
      'api#0 stdout true: two\n',
      'api#0 stderr true: three\n',
    ]);
  }));

test('G9 of what a command writes a mebibyte is passed on, and that there was more is told', () =>
  inLab(async ({ commands, runner, told, lines, fire }) => {
    const line = `${'x'.repeat(1_023)}\n`;
    commands.script('much', { stdout: line.repeat(1_024) });
    commands.script('flood', { stdout: line.repeat(1_024), stderr: 'more' });
    fire(shell('much'), { service: 'a' });
    fire(shell('flood'), { service: 'b' });
    await runner.close(1_000);
    assert.deepEqual(
      lines.map((text) => text.length - 'a#0 stdout true: '.length),
      [2 ** 20, 2 ** 20],
    );
    assert.deepEqual(told, [
      'the hook "on.failed" of service "b" wrote more than 1 MiB: the rest is left out',
    ]);
  }));

test('a webhook gets the same as JSON, and its address is never told', () =>
  inLab(
    async ({ runner, told, posted, fire }) => {
      fire(webhook(), { of: 'graph', why: 'y'.repeat(10_000) });
      await runner.close(1_000);
      const [{ url, body } = assert.fail()] = posted;
      assert.equal(url, 'http://x/secret');
      assert.deepEqual(JSON.parse(body), {
        ...{ project: 'shop', event: 'failed', of: 'graph', service: 'api', attempt: 2 },
        ...{ why: 'y'.repeat(4_096), time: 't', missed: 0 },
      });
      assert.deepEqual(told, ['the webhook "on.failed" failed: answered 500']);
    },
    { attempt: { ok: false, detail: 'answered 500' }, afterMs: 5 },
  ));

test('what takes longer than its timeout is killed then, and told with its place', () =>
  inLab(async ({ clock, commands, runner, told, fire }) => {
    commands.script('hang', { afterMs: Number.POSITIVE_INFINITY, killMs: 30 });
    fire(shell('hang', 2_000));
    await sleep(2_029);
    assert.deepEqual([commands.alive, commands.records[0]?.killed], [1, true]);
    await sleep(1);
    await runner.close(1_000);
    assert.equal(clock.now(), 2_030);
    assert.deepEqual(told, ['the hook "on.failed" of service "api" was killed after its timeout of 2 s']);
  }));

test('G9 what can not be killed, or does not answer, holds up neither the next one nor the end', () =>
  inLab(
    async ({ clock, commands, runner, told, posted, fire }) => {
      commands.script('stuck', { afterMs: Number.POSITIVE_INFINITY, killMs: Number.POSITIVE_INFINITY });
      const stuck = shell('stuck', 100);
      fire(stuck);
      fire(webhook(100), { event: 'ready' });
      await sleep(101);
      fire(stuck);
      fire(webhook(5_000), { event: 'ready' });
      await sleep(250);
      assert.deepEqual([clock.now(), commands.records.length, posted.length], [351, 2, 2]);
      await runner.close(1_000);
      assert.equal(clock.now(), 1_351);
      assert.deepEqual(told, [
        'the webhook "on.ready" of service "api" was given up after its timeout of 100 ms',
        'the hook "on.failed" of service "api" was given up after its timeout of 100 ms',
        'the webhook "on.ready" of service "api" was cut short: the run is over',
      ]);
    },
    { attempt: { ok: true, detail: '' }, afterMs: Number.POSITIVE_INFINITY },
  ));

test('trouble of one place is told once, until its definition is another', () =>
  inLab(async ({ runner, commands, told, fire }) => {
    commands.script('false', { end: { kind: 'code', code: 3 } });
    const hook = shell('false');
    for (let times = 0; times < 3; times++) {
      fire(hook);
      await sleep(1);
    }
    fire(hook, { service: 'db' });
    fire(shell('nowhere'));
    await runner.close(1_000);
    assert.deepEqual(told, [
      'the hook "on.failed" of service "api" exited with code 3',
      'the hook "on.failed" of service "db" exited with code 3',
      'the hook "on.failed" of service "api" could not run: "nowhere" is not on the PATH',
    ]);
  }));

test('of one place one runs at a time; of those that come meanwhile the last, with their number', () =>
  inLab(async ({ commands, runner, fire }) => {
    commands.script('slow', { afterMs: 100 });
    for (const attempt of [1, 2, 3, 4]) {
      fire(shell('slow'), { attempt });
      await sleep(10);
    }
    await runner.close(1_000);
    assert.deepEqual(
      commands.records.map(({ startedMs, command: { env } }) => [
        startedMs,
        env.ORDERLY_EVENT_ATTEMPT,
        env.ORDERLY_EVENT_MISSED,
      ]),
      [
        [0, '1', '0'],
        [100, '4', '2'],
      ],
    );
  }));

test('of a thousand that come at once a few run at the same time', () =>
  inLab(async ({ clock, commands, runner, fire }) => {
    commands.script('slow', { afterMs: 10 });
    let most = 0;
    for (let each = 0; each < 1_000; each++) fire(shell('slow'), { service: `s${each}` });
    for (let at = 0; at < 2_500; at += 5) {
      most = Math.max(most, commands.alive);
      await sleep(5);
    }
    assert.deepEqual([most, commands.records.length, clock.now()], [4, 1_000, 2_500]);
    await runner.close(0);
  }));

test('at the end what runs and waits has so long, and then it is cut; what comes later is not run', () =>
  inLab(async ({ clock, commands, runner, told, fire }) => {
    commands.script('quick', { afterMs: 400 });
    commands.script('hang', { afterMs: Number.POSITIVE_INFINITY });
    for (const service of ['a', 'b', 'c', 'd', 'e']) fire(shell('quick'), { service });
    await runner.close(1_000);
    assert.deepEqual([clock.now(), commands.records.length, told], [800, 5, []]);
    fire(shell('quick'));
    assert.equal(commands.records.length, 5);
  }).then(() =>
    inLab(async ({ clock, commands, runner, told, fire }) => {
      commands.script('hang', { afterMs: Number.POSITIVE_INFINITY });
      for (const service of ['a', 'b', 'c', 'd', 'e']) fire(shell('hang'), { service });
      await runner.close(700);
      assert.deepEqual([clock.now(), commands.records.length, commands.alive], [700, 4, 0]);
      assert.equal(told[0], 'the hook "on.failed" of service "a" was cut short: the run is over');
    }),
  ));

test('who is cut before the end waits for nothing', () =>
  inLab(async ({ clock, commands, runner, fire }) => {
    commands.script('hang', { afterMs: Number.POSITIVE_INFINITY });
    fire(shell('hang'));
    await sleep(5);
    runner.cut();
    await runner.close(1_000);
    assert.deepEqual([clock.now(), commands.alive], [5, 0]);
  }));
