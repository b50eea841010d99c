/**
 * One run of the example `event-platform` in virtual time, inside two scopes that a test cancels when it likes, and the
 * laws that hold for every run: the order of leaving, the flush at its end, and the account of jobs and events.
 */
import assert from 'node:assert/strict';
import { CancelScope, type ClockTimer, sleepForever, type VirtualClock } from 'orderlyd/concurrency';
import { atTurn } from './every-moment.ts';
import { exampleModule, inVirtualTime } from './example-lab.ts';

const { createPlatform } = await exampleModule('event-platform/platform.mjs');
const { runServices } = await exampleModule('event-platform/runner.mjs');

/** In the order in which they are entered. */
export const eight = [
  'producer',
  'bus',
  'bridge',
  'throughput',
  'backlog',
  'worker-1',
  'worker-2',
  'coordinator',
] as const;

export interface Service {
  readonly name: string;
  start(): Promise<unknown>;
  run(): Promise<unknown>;
  stop(): Promise<unknown>;
}

export interface PlatformScene {
  /** Around the session. */
  readonly program: CancelScope;
  /** Around the platform. */
  readonly session: CancelScope;
  readonly force: AbortController;
  /** Calls `fn` at a time, so many promise turns later, if the run is not over by then. */
  at(timeMs: number, fn: () => void, turns?: number): void;
}

export interface PlatformOptions {
  readonly settings?: object;
  readonly limitMs?: number;
  /** Called before the run begins. */
  readonly script?: (scene: PlatformScene) => void;
  /** Puts other services in place of some. */
  readonly change?: (service: Service) => Service;
  readonly clock?: VirtualClock;
}

export interface PlatformEnd {
  /** What left the outer scope. */
  readonly error: unknown;
  /** `started bus`, `stopping bus` and so on. */
  readonly steps: readonly string[];
  /** The steps, and between them the size of each batch that reached the broker. */
  readonly log: readonly (string | number)[];
  readonly jobs: number;
  readonly results: readonly number[];
  readonly published: readonly object[];
  readonly sent: readonly object[];
  readonly endMs: number;
}

export function runPlatform(options: PlatformOptions = {}): Promise<PlatformEnd> {
  return inVirtualTime(async (clock) => {
    const { settings, limitMs, script, change = (service) => service } = options;
    const timers: ClockTimer[] = [];
    const scene: PlatformScene = {
      program: new CancelScope(),
      session: new CancelScope(),
      force: new AbortController(),
      at: (timeMs, fn, turns = 0) => void timers.push(atTurn(clock, timeMs, turns, fn)),
    };
    script?.(scene);
    const log: (string | number)[] = [];
    const onBatch = (batch: readonly object[]) => log.push(batch.length);
    const platform = createPlatform({ ...settings, onBatch });
    const tell = ({ phase, name }: { phase: string; name: string }) => log.push(`${phase} ${name}`);
    const services: readonly Service[] = platform.services.map(change);
    assert.deepEqual(
      services.map(({ name }) => name),
      eight,
    );
    const run = () => runServices(services, sleepForever, { tell, limitMs, force: scene.force.signal });
    let error: unknown;
    await scene.program
      .run(() => scene.session.run(run))
      .catch((thrown: unknown) => {
        error = thrown;
      });
    for (const timer of timers) timer.cancel();
    const steps = log.filter((entry) => typeof entry === 'string');
    return { error, steps, log, endMs: clock.now(), ...platform.account() };
  }, options.clock);
}

/** One after the other they were started, and exactly those were left, in reverse, each gone before the next was asked. */
export function assertOrderKept({ steps }: Pick<PlatformEnd, 'steps'>): void {
  const started = steps.filter((step) => step.startsWith('started ')).map((step) => step.slice(8));
  assert.deepEqual(started, eight.slice(0, started.length));
  const begun = eight.slice(0, steps.filter((step) => step.startsWith('starting ')).length);
  assert.ok(begun.length - started.length <= 1);
  const entering = begun.flatMap((name) => [`starting ${name}`, `started ${name}`]);
  const leaving = started.toReversed().flatMap((name) => [`stopping ${name}`, `stopped ${name}`]);
  assert.deepEqual(steps, [...entering.slice(0, begun.length + started.length), ...leaving]);
}

/**
 * A batch that is not full is the flush: between it and the end is only that the producer has stopped, so everybody who
 * could still give it something had stopped before. No batch comes after that.
 */
export function assertFlushedLast({ log }: Pick<PlatformEnd, 'log'>, batchSize: number): void {
  const flushes = log.flatMap((entry, index) =>
    typeof entry === 'number' && entry < batchSize ? [index] : [],
  );
  assert.ok(flushes.length <= 1, 'it flushes once');
  for (const index of flushes) assert.deepEqual(log.slice(index + 1), ['stopped producer']);
  assert.notEqual(typeof log.at(-1), 'number', 'nothing is sent by a producer that has stopped');
}

/** Every job that was handed out has one result, and every event that was published was sent. */
export function assertNothingLost(end: PlatformEnd): void {
  assert.deepEqual(
    end.results.toSorted((a, b) => a - b),
    Array.from({ length: end.jobs }, (_, index) => index + 1),
  );
  assertAllSent(end);
}

/** Every event that was published was sent, once, in order. */
export function assertAllSent(end: PlatformEnd): void {
  assertSentOnce(end);
  assert.equal(end.sent.length, end.published.length);
}

/** What was sent is what was published, once and in order, from the first event to some event. */
export function assertSentOnce({ published, sent }: PlatformEnd): void {
  assert.equal(new Set(published).size, published.length);
  assert.ok(sent.length <= published.length);
  assert.ok(sent.every((event, index) => event === published[index]));
}
