/**
 * The patterns with random jobs and a random moment of cancellation: nothing that was thrown is lost, nothing runs on,
 * no cancellation leaks, and what comes out is what the jobs themselves saw.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  boundedMap,
  CancelScope,
  CompletionStream,
  gather,
  now,
  openTasks,
  race,
  retry,
  sleep,
} from '../../../../src/concurrency/index.ts';
import { Crew, type JobSpec, jobSpecs, leaves, settled } from '../../../support/crew.ts';
import { property } from '../../../support/property.ts';

/** When it is cancelled from outside; mostly never. */
const timeoutMs = fc.option(fc.nat(8), { nil: Number.POSITIVE_INFINITY });

const jobsOf = (crew: Crew, specs: readonly JobSpec[]) =>
  specs.map((spec, index) => () => crew.work(spec, index));

property(
  'GA-1 GA-2 gather: all values in order, or every failure once, first cause first, whenever it is cancelled',
  fc.record({ specs: jobSpecs, timeoutMs }),
  async ({ specs, timeoutMs }) => {
    const crew = new Crew();
    const scope = new CancelScope({ timeoutMs });
    const beganMs = now();
    const { value, error } = await settled(scope.run(() => gather(jobsOf(crew, specs))));
    crew.assertAllIn(error);
    crew.assertCutAt(
      Math.min(crew.ends.find((end) => end.error !== undefined)?.atMs ?? Infinity, beganMs + timeoutMs),
    );
    if (scope.cancelledCaught) assert.equal(value, undefined);
    else if (error === undefined) assert.deepEqual(value, [...specs.keys()]);
    if (error !== undefined) assert.ok(error instanceof AggregateError);
  },
);

property(
  'GA-3 GA-4 gather that settles: an outcome for each, failures cancel nobody, and its cancellation is no outcome',
  fc.record({ specs: jobSpecs, timeoutMs }),
  async ({ specs, timeoutMs }) => {
    const crew = new Crew();
    const scope = new CancelScope({ timeoutMs });
    const { value, error } = await settled(scope.run(() => gather(jobsOf(crew, specs), { settle: true })));
    crew.assertNothingRuns();
    assert.equal(error, undefined);
    if (scope.cancelledCaught) return assert.equal(value, undefined);
    assert.deepEqual(
      value?.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'failed')),
      specs.map(({ fails }, index) => (fails ? 'failed' : index)),
    );
    assert.equal(crew.ends.length, specs.length);
  },
);

property(
  'RA-1 RA-2 RA-4 race: the first to end wins, the others are gone, and nothing that they throw is lost',
  fc.record({ specs: jobSpecs.filter(({ length }) => length > 0), timeoutMs }),
  async ({ specs, timeoutMs }) => {
    const crew = new Crew();
    const scope = new CancelScope({ timeoutMs });
    const { value, error } = await settled(scope.run(() => race(jobsOf(crew, specs))));
    crew.assertAllIn(error);
    const winner = crew.ends[0];
    if (winner !== undefined) crew.assertCutAt(winner.atMs);
    if (error === undefined) assert.equal(value, scope.cancelledCaught ? undefined : winner?.index);
    else if (crew.thrown.length === 1 && winner?.error !== undefined && !scope.cancelledCaught) {
      assert.equal(error, winner.error);
    } else if (winner?.error === undefined) assert.ok(error instanceof AggregateError);
    if (scope.cancelCalled) return;
    const soonest = Math.min(...specs.map(({ ms }) => ms));
    assert.equal(
      winner?.index,
      specs.findIndex(({ ms }) => ms === soonest),
    );
  },
);

property(
  'BM-1 BM-2 BM-4 BM-5 boundedMap: in order, within the limit, nothing after a failure, and its source is left once',
  fc.record({ specs: jobSpecs, timeoutMs, limit: fc.integer({ min: 1, max: 4 }), readMs: fc.nat(1) }),
  async ({ specs, timeoutMs, limit, readMs }) => {
    const crew = new Crew();
    let read = 0;
    let left = 0;
    async function* source(): AsyncGenerator<JobSpec> {
      try {
        for (const spec of specs) {
          if (readMs > 0) await sleep(readMs);
          read += 1;
          yield spec;
        }
      } finally {
        left += 1;
      }
    }
    const scope = new CancelScope({ timeoutMs });
    const mapping = scope.run(() =>
      boundedMap(source(), limit, (spec, index) => {
        assert.ok(read <= crew.ends.length + limit, `${read} read, ${crew.ends.length} ended`);
        return crew.work(spec, index);
      }),
    );
    const { value, error } = await settled(mapping);
    crew.assertAllIn(error);
    assert.ok(crew.mostRunning <= limit);
    assert.equal(crew.begunTooLate, 0);
    assert.deepEqual(crew.begun, [...crew.begun.keys()]);
    assert.equal(left, read > 0 || crew.begun.length > 0 ? 1 : left);
    if (!scope.cancelledCaught && error === undefined) assert.deepEqual(value, [...specs.keys()]);
  },
);

property(
  'CO-1 CO-2 CO-3 CO-4 CO-5 CompletionStream: each result once, in the order of completion, however its reader leaves',
  fc.record({
    specs: jobSpecs,
    timeoutMs,
    limit: fc.constantFrom(1, 2, Number.POSITIVE_INFINITY),
    pauseMs: fc.nat(3),
    breakAfter: fc.option(fc.integer({ min: 1, max: 6 }), { nil: Number.POSITIVE_INFINITY }),
  }),
  async ({ specs, timeoutMs, limit, pauseMs, breakAfter }) => {
    const crew = new Crew();
    const scope = new CancelScope({ timeoutMs });
    const beganMs = now();
    const read: number[] = [];
    let wasBroken = false;
    let wasCut = false;
    let leftMs = Number.POSITIVE_INFINITY;
    const reading = scope.run(async () => {
      for await (const { index, value } of new CompletionStream(jobsOf(crew, specs), { limit })) {
        assert.equal(index, value);
        wasBroken = read.push(index) >= breakAfter;
        if (wasBroken) leftMs = now();
        if (wasBroken) break;
        wasCut = pauseMs > 0;
        if (wasCut) await sleep(pauseMs);
        wasCut = false;
      }
    });
    const { error } = await settled(reading);
    crew.assertCutAt(Math.min(leftMs, beganMs + timeoutMs));
    // When the body of a `for await` throws, the language drops what leaving the iterator throws.
    if (wasCut) crew.assertNothingRuns();
    else crew.assertAllIn(error);
    assert.ok(crew.mostRunning <= limit);
    assert.deepEqual(read, crew.completed.slice(0, read.length));
    if (!wasBroken && !scope.cancelCalled) assert.deepEqual(read, crew.completed);
    if (error === undefined && !wasBroken && !scope.cancelledCaught) assert.equal(read.length, specs.length);
  },
);

property(
  'RT-1 RT-2 RT-3 RT-4 retry: as often and as long as its model, and its error is never lost to a deadline',
  fc.record({
    failures: fc.nat(5),
    attempts: fc.integer({ min: 1, max: 5 }),
    workMs: fc.nat(5),
    delayMs: fc.nat(10),
    maxDelayMs: fc.nat(30),
    timeoutMs: fc.option(fc.nat(60), { nil: Number.POSITIVE_INFINITY }),
  }),
  async ({ failures, attempts, workMs, delayMs, maxDelayMs, timeoutMs }) => {
    const begin = now();
    let tried = 0;
    const scope = new CancelScope({ timeoutMs });
    const work = async (attempt: number): Promise<string> => {
      tried += 1;
      assert.equal(attempt, tried);
      await sleep(workMs);
      if (attempt <= failures) throw new Error(`failure ${attempt}`);
      return 'success';
    };
    const { value, error } = await settled(scope.run(() => retry(work, { attempts, delayMs, maxDelayMs })));
    const seen = error instanceof Error ? error.message : (value ?? 'cancelled');
    assert.deepEqual(
      { outcome: seen, tried, atMs: now() - begin },
      model({ failures, attempts, workMs, delayMs, maxDelayMs, timeoutMs }),
    );
    assert.deepEqual(openTasks(), []);
  },
);

interface RetryScript {
  readonly failures: number;
  readonly attempts: number;
  readonly workMs: number;
  readonly delayMs: number;
  readonly maxDelayMs: number;
  readonly timeoutMs: number;
}

function model({ failures, attempts, workMs, delayMs, maxDelayMs, timeoutMs }: RetryScript) {
  let atMs = 0;
  for (let tried = 1; ; tried++) {
    // The deadline was set before the work's own timer: at one time it comes first.
    if (atMs + workMs >= timeoutMs) return { outcome: 'cancelled', tried, atMs: Math.max(atMs, timeoutMs) };
    atMs += workMs;
    if (tried > failures) return { outcome: 'success', tried, atMs };
    const pauseMs = Math.min(maxDelayMs, delayMs * 2 ** (tried - 1));
    if (tried === attempts || atMs + pauseMs >= timeoutMs)
      return { outcome: `failure ${tried}`, tried, atMs };
    atMs += pauseMs;
  }
}

property(
  'TG-18 TG-19 CS-35 a gather within a gather loses nothing either, and is cancelled as a whole',
  fc.record({ outer: jobSpecs, inner: jobSpecs, timeoutMs }),
  async ({ outer, inner, timeoutMs }) => {
    const crew = new Crew();
    const scope = new CancelScope({ timeoutMs });
    const nested = async (): Promise<number> => {
      await gather(inner.map((spec, index) => () => crew.work(spec, 100 + index)));
      return -1;
    };
    const { error } = await settled(scope.run(() => gather([...jobsOf(crew, outer), nested])));
    crew.assertNothingRuns();
    assert.deepEqual(new Set(leaves(error)), new Set(crew.thrown));
    assert.equal(leaves(error).length, crew.thrown.length);
  },
);
