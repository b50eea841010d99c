/**
 * One run of the example `event-platform` in virtual time, inside two scopes that a test cancels when it likes, and the
 * laws that hold for every run: the order of leaving, and the account of the events.
 */
import assert from 'node:assert/strict';
import { CancelScope, type ClockTimer, sleepForever, type VirtualClock } from 'orderly/concurrency';
import { atTurn } from './every-moment.ts';
import { exampleModule, inVirtualTime } from './example-lab.ts';

const { createPlatform } = await exampleModule('event-platform/platform.mjs');
const { runServices } = await exampleModule('event-platform/runner.mjs');

/** In the order in which they are entered. */
export const eight = [
  'coordinator',
  'worker-1',
  'worker-2',
  'throughput',
  'backlog',
  'bridge',
  'bus',
  'producer',
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
  readonly produced: number;
  readonly consumed: readonly number[];
  readonly bridged: readonly number[];
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
    const platform = createPlatform(settings);
    const steps: string[] = [];
    const tell = ({ phase, name }: { phase: string; name: string }) => steps.push(`${phase} ${name}`);
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
    return { error, steps, endMs: clock.now(), ...platform.account() };
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

/** Every event that was produced was consumed or bridged, once. */
export function assertNothingLost({ produced, consumed, bridged }: PlatformEnd): void {
  const ids = [...consumed, ...bridged].sort((a, b) => a - b);
  assert.deepEqual(
    ids,
    Array.from({ length: produced }, (_, index) => index + 1),
  );
}
