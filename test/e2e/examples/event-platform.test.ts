/** The example event-platform: services that fail to start, to run and to stop, and the real program. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { sleep, sleepForever, TimeoutError } from 'orderly/concurrency';
import { runExample } from '../../support/example-run.ts';
import {
  assertNothingLost,
  assertOrderKept,
  eight,
  runPlatform,
  type Service,
} from '../../support/platform-run.ts';

/** Puts other functions in place of those of one service. */
function changed(name: string, change: (service: Service) => Partial<Service>) {
  return (service: Service): Service =>
    service.name === name ? { ...service, ...change(service) } : service;
}

/** All that failed, in order, whatever groups it went through. */
function errorsOf(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? error.errors.flatMap(errorsOf) : [error];
}

for (const [index, name] of eight.entries()) {
  test(`service ${index + 1}, "${name}", fails to start: those before it are left in reverse, it is not`, async () => {
    const failure = new Error('no connection');
    const calls: string[] = [];
    const end = await runPlatform({
      change: changed(name, () => ({
        start: async () => {
          await sleep(30);
          throw failure;
        },
        run: async () => calls.push('run'),
        stop: async () => calls.push('stop'),
      })),
    });
    assert.deepEqual([errorsOf(end.error), calls], [[failure], []]);
    assertOrderKept(end);
    assert.deepEqual(
      end.steps.filter((step) => step.startsWith('stopped')),
      eight
        .slice(0, index)
        .toReversed()
        .map((each) => `stopped ${each}`),
    );
    assertNothingLost(end);
  });
}

for (const name of eight) {
  test(`"${name}" fails while it runs: all eight are left in reverse, its error leaves first`, async () => {
    const failure = new Error('out of memory');
    const end = await runPlatform({
      change: changed(name, (service) => ({
        run: async () => {
          await Promise.race([service.run(), sleep(400)]);
          throw failure;
        },
      })),
    });
    assert.equal(errorsOf(end.error)[0], failure);
    assertOrderKept(end);
    assert.equal(end.steps.length, 32);
  });
}

test('a stop that hangs is given up at its limit, its loop is ended, and the others are left whole', async () => {
  const stop = { stop: () => sleepForever() };
  const end = await runPlatform({
    change: changed('backlog', () => stop),
    limitMs: 1000,
    script: ({ at, session }) => at(500, () => session.cancel()),
  });
  const [error, ...others] = errorsOf(end.error);
  assert.deepEqual([error instanceof TimeoutError, others], [true, []]);
  assertOrderKept(end);
  assertNothingLost(end);
});

test('forced while it stops, it keeps the order and loses no time', async () => {
  const run = (forceMs: number | undefined) =>
    runPlatform({
      settings: { workMs: 400 },
      limitMs: 60_000,
      script: ({ at, session, force }) => {
        at(1500, () => session.cancel());
        if (forceMs !== undefined) at(forceMs, () => force.abort());
      },
    });
  const patient = await run(undefined);
  assertNothingLost(patient);
  const forced = await run(1600);
  assertOrderKept(forced);
  assert.equal(forced.error, undefined);
  assert.ok(forced.consumed.length + forced.bridged.length < forced.produced);
  assert.ok(patient.endMs > 3000 && forced.endMs < 2000, `${patient.endMs} ${forced.endMs}`);
});

suite('the program', { concurrency: 4 }, () => {
  const account = /^(\d+) produced = (\d+) consumed \+ (\d+) bridged \+ 0 lost$/;

  function assertAccount(lines: readonly string[]): number {
    const match = account.exec(lines.at(-1) ?? '');
    assert.ok(match, lines.join('\n'));
    const [produced = 0, consumed = 0, bridged = 0] = match.slice(1).map(Number);
    assert.equal(produced, consumed + bridged);
    return produced;
  }
  const stepsOf = (lines: readonly string[]) => lines.filter((line) => /^(start|stop)/.test(line));

  test('left alone it ends by itself, in order, and nothing is lost', async (t) => {
    const { status, lines, stderr } = await runExample(t, 'event-platform/main.mjs').ended;
    assert.deepEqual([status, stderr], [0, '']);
    assertOrderKept({ steps: stepsOf(lines) });
    assert.equal(stepsOf(lines).length, 32);
    assert.ok(assertAccount(lines) > 20);
  });

  const moments = [
    /^starting coordinator/,
    /^starting bridge/,
    /^started producer/,
    /throughput [1-9]/,
    /throughput \d{2}/,
    /^stopping producer/,
    /^stopping bus/,
    /^stopping worker-2/,
  ];
  for (const moment of moments) {
    test(`SIGTERM at ${moment}: left in reverse, nothing is lost`, async (t) => {
      const run = runExample(t, 'event-platform/main.mjs');
      await run.line(moment);
      run.signal('SIGTERM');
      const { status, lines, stderr } = await run.ended;
      assert.deepEqual([status, stderr], [0, '']);
      assertOrderKept({ steps: stepsOf(lines) });
      assertAccount(lines);
    });
  }

  test('a second Ctrl-C cuts short what is left, in order', async (t) => {
    const run = runExample(t, 'event-platform/main.mjs');
    await run.line(/throughput \d{2}/);
    run.signal('SIGINT');
    await run.line(/stopping producer/);
    run.signal('SIGINT');
    const { status, lines, stderr } = await run.ended;
    assert.equal(stderr, '');
    assertOrderKept({ steps: stepsOf(lines) });
    assert.equal(status, account.test(lines.at(-1) ?? '') ? 0 : 1);
  });

  test('the fifth fails to start: four are left in reverse, and it ends with status 1', async (t) => {
    const { status, lines } = await runExample(t, 'event-platform/main.mjs', 'backlog').ended;
    assert.equal(status, 1);
    assertOrderKept({ steps: stepsOf(lines) });
    assert.deepEqual(stepsOf(lines).at(-8), 'stopping throughput');
    assert.ok(lines.includes('The platform failed: Task group "services" failed: Cannot start "backlog"'));
  });
});
