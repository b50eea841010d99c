/** The example event-platform: services that fail to start, to run and to stop, a slow broker, and a forced end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { race, sleep, sleepForever, TimeoutError } from 'orderlyd/concurrency';
import {
  assertAllSent,
  assertFlushedLast,
  assertNothingLost,
  assertOrderKept,
  assertSentOnce,
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
    assertFlushedLast(end, 20);
    assertNothingLost(end);
  });
}

for (const name of eight) {
  test(`"${name}" fails while it runs: all eight are left in reverse, its error leaves first`, async () => {
    const failure = new Error('out of memory');
    const end = await runPlatform({
      change: changed(name, (service) => ({
        run: async () => {
          await race([() => service.run(), () => sleep(400)]);
          throw failure;
        },
      })),
    });
    assert.equal(errorsOf(end.error)[0], failure);
    assertOrderKept(end);
    assert.equal(end.steps.length, 32);
    if (name.startsWith('worker')) {
      assert.equal(end.results.length, end.jobs - 1, 'only the job that it had in its hands has no result');
      assertAllSent(end);
    } else if (['throughput', 'backlog', 'coordinator'].includes(name)) {
      assertNothingLost(end);
    } else {
      assertSentOnce(end);
    }
  });
}

for (const name of eight) {
  test(`the stop of "${name}" hangs: given up at its limit, the others are left whole`, async () => {
    const end = await runPlatform({
      change: changed(name, () => ({ stop: () => sleepForever() })),
      limitMs: 1000,
      script: ({ at, session }) => at(500, () => session.cancel()),
    });
    const [error, ...others] = errorsOf(end.error);
    assert.deepEqual([error instanceof TimeoutError, others], [true, []]);
    assertOrderKept(end);
    assertFlushedLast(end, 20);
    if (name !== 'producer') assertNothingLost(end);
    else assert.ok(end.sent.length < end.published.length, 'what it had in its buffer is not sent');
  });
}

test('with a slow broker: consumers finish, monitors sample, the bus is emptied, the flush is last', async () => {
  const end = await runPlatform({
    settings: { sendMs: 200, batchSize: 3, sampleMs: 60_000 },
    limitMs: 60_000,
    script: ({ at, session }) => at(1000, () => session.cancel()),
  });
  assert.equal(end.error, undefined);
  assertOrderKept(end);
  assertNothingLost(end);
  const during = (name: string) =>
    end.log.slice(end.log.indexOf(`stopping ${name}`) + 1, end.log.indexOf(`stopped ${name}`));
  assert.ok(during('worker-2').length > 1, 'what was handed out is worked on');
  assert.ok(during('bridge').length > 1, 'what is on the bus is sent');
  assert.deepEqual(during('bus'), []);
  assert.equal(during('producer').at(-1), end.sent.length % 3 || 3);
  assertFlushedLast(end, 3);
  const last = end.sent.slice(-2) as readonly { readonly kind: string; readonly name: string }[];
  assert.deepEqual(
    last.map(({ kind, name }) => `${kind} ${name}`),
    ['sample backlog', 'sample throughput'],
  );
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
  assert.ok(forced.results.length < forced.jobs);
  assert.ok(patient.endMs > 3000 && forced.endMs < 2000, `${patient.endMs} ${forced.endMs}`);
});
