/**
 * The guarantees, held against what a simulation saw. Each function throws with the facts when its law is broken.
 *
 * They read the log of the simulated processes, not the engine's own events, wherever the fact is a deed.
 */
import assert from 'node:assert/strict';
import type { Edge, ServiceConfig } from '../../src/config/types.ts';
import { isRest, stateAfter } from '../../src/events/state-table.ts';
import { beyondReserveMs } from './beyond-reserve.ts';
import { dependentsOf } from './dependents-of.ts';
import { reliersOf } from './loss-laws.ts';
import { isOwnStop } from './own-stop.ts';
import type { LogEntry } from './simulated-launcher.ts';
import { BEGINNINGS, eventsOf, isCleanupOf, lives, ROUNDING_MS, specOf } from './simulated-lives.ts';
import type { Scenario, Simulated } from './simulation.ts';

/** Longer than any launch waits for its turn, a clean-up of a task runs included. */
const QUEUE_MS = 5000;

/** G1: no instance starts unless every edge's condition holds at that moment. */
export function assertStartsAllowed(scenario: Scenario, seen: Simulated): void {
  for (const [index, entry] of seen.log.entries()) {
    if (!BEGINNINGS.has(entry.what)) continue;
    const before = seen.log.slice(0, index);
    const isSame = ({ service, attempt }: LogEntry) => service === entry.service && attempt === entry.attempt;
    // What follows what runs before it may find that a dependency was lost meanwhile.
    if (before.some((one) => isSame(one) && BEGINNINGS.has(one.what))) continue;
    for (const edge of specOf(scenario, entry.service).dependsOn) {
      const dependency = specOf(scenario, edge.service);
      if (edge.optional || edge.timeoutMs !== undefined) continue;
      assert.ok(
        edgeHeld(edge, dependency, seen, before, entry.ms),
        `${entry.service} started at ${entry.ms} though ${edge.service} was not ${edge.condition}`,
      );
    }
  }
}

/** The other half of G1: what may start does, unless something else forbids it. */
export function assertStartsHappen(scenario: Scenario, seen: Simulated): void {
  if (scenario.options?.maxStarting !== undefined) return;
  const endMs = eventsOf(seen, 'shutdown.requested')[0]?.ms ?? seen.endMs;
  for (const spec of scenario.services) {
    const skipped = eventsOf(seen, 'service.skipped').find((event) => event.service === spec.name);
    const isolated = skipped !== undefined && / failed: /.test(skipped.because);
    if (isolated || seen.log.some((entry) => entry.service === spec.name)) continue;
    const begins = [...eventsOf(seen, 'service.before'), ...eventsOf(seen, 'service.starting')];
    if (begins.some((event) => event.service === spec.name)) continue;
    const heldAt = (atMs: number) =>
      spec.dependsOn.every(
        (edge) =>
          !isBeingStopped(seen, edge.service, atMs) &&
          edgeHeld(
            edge,
            specOf(scenario, edge.service),
            seen,
            seen.log.filter((entry) => entry.ms <= atMs),
            atMs,
          ),
      );
    const sinceMs = endMs - QUEUE_MS;
    const between = seen.log.map(({ ms }) => ms).filter((ms) => ms > sinceMs && ms < endMs);
    const held = endMs > QUEUE_MS && [sinceMs, ...between, endMs].every(heldAt);
    assert.ok(!held, `${spec.name} was not started though every edge held`);
  }
}

/** Its instance was to stop by then: one that is stopped in the moment in which it is ready was nobody's to rely on. */
function isBeingStopped(seen: Simulated, service: string, atMs: number): boolean {
  const last = seen.log.findLast(
    (entry) => entry.what === 'spawn' && entry.service === service && entry.ms <= atMs,
  );
  return eventsOf(seen, 'service.stopping').some(
    (event) => event.service === service && event.attempt === last?.attempt && event.ms <= atMs,
  );
}

/** `before` is what was done until then. */
function edgeHeld(
  edge: Edge,
  dependency: ServiceConfig,
  seen: Simulated,
  before: readonly LogEntry[],
  atMs: number,
): boolean {
  const of = before.filter((entry) => entry.service === edge.service);
  // What ended in this very instant may not be known yet.
  const ended = of.filter((entry) => entry.what === 'exit' && entry.ms <= atMs);
  const endedEarlier = ended.filter((entry) => entry.ms < atMs);
  const wasReady = (attempt: number) =>
    dependency.type === 'task' ||
    dependency.ready === undefined ||
    of.some((entry) => entry.what === 'ready' && entry.attempt === attempt);
  const { exit, attempt = 0 } = ended.at(-1) ?? {};
  const over = endOfLife(seen, edge.service, atMs);
  // What came no further than what runs before it has ended too.
  const hasEnded = of.some((entry) => /^(?:ahead-)?exit$/.test(entry.what) && entry.ms <= atMs);
  const isOver = over !== undefined && hasEnded;
  const succeeded =
    isOver &&
    over !== 'service.failed' &&
    exit?.kind === 'code' &&
    dependency.restart.successCodes.includes(exit.code) &&
    wasReady(attempt);
  const latest = of.findLast((entry) => entry.what === 'spawn')?.attempt;
  const running = latest !== undefined && !endedEarlier.some((entry) => entry.attempt === latest);
  const saidReady = of.some((entry) => entry.what === 'ready' && entry.attempt === latest);
  const done = dependency.type === 'task' && succeeded;
  switch (edge.condition) {
    case 'started':
      return running || done;
    case 'ready':
      return (
        (running && (dependency.ready === undefined ? dependency.type === 'service' : saidReady)) || done
      );
    case 'completed':
      return succeeded;
    case 'exited':
      return isOver;
  }
}

/** How it was told to be over by then, if nothing of it came later. */
function endOfLife(seen: Simulated, service: string, atMs: number): string | undefined {
  const isLater = seen.log.some((one) => one.what === 'spawn' && one.service === service && one.ms > atMs);
  const told = seen.events.findLast(
    (event) => 'attempt' in event && event.service === service && isRest(stateAfter(event) ?? 'pending'),
  );
  return told === undefined || told.ms > atMs || isLater ? undefined : told.type;
}

/**
 * G2: no instance is asked to stop before all of its dependents are gone, clean-ups included. Who has to stop because
 * something was lost, or was never ready, waits only for those that rely on it.
 */
export function assertStopOrder(scenario: Scenario, seen: Simulated): void {
  const abandonedAt = eventsOf(seen, 'shutdown.escalated').find((event) => event.level === 3)?.ms ?? Infinity;
  const requested = eventsOf(seen, 'shutdown.requested')[0];
  for (const stopping of eventsOf(seen, 'service.stopping')) {
    if (stopping.ms >= abandonedAt) continue;
    const isDown = requested !== undefined && stopping.seq > requested.seq;
    const isOwn = isOwnStop(stopping.reason, isDown);
    if (isOwn && isDown) continue;
    const waitedFor = isOwn
      ? reliersOf(scenario, seen, stopping.service, stopping.attempt).map(({ spec }) => spec)
      : waitingFor(scenario, stopping.service, !isDown).map((name) => specOf(scenario, name));
    for (const dependent of waitedFor) {
      const alive = lives(seen, dependent.name).filter(
        (life) => life.spawnMs < stopping.ms && life.goneMs > stopping.ms + ROUNDING_MS,
      );
      assert.deepEqual(
        alive,
        [],
        `${stopping.service} asked at ${stopping.ms} while ${dependent.name} was there`,
      );
    }
  }
}

/** In a fall of some, what can do without it isn't waited for. */
function waitingFor({ services }: Scenario, on: string, some: boolean): readonly string[] {
  return dependentsOf(services, on, ({ optional }) => !(some && optional));
}

/** G3: each spawned instance gets exactly one clean-up pass, after its tree is gone and before the next instance. */
export function assertCleanups(scenario: Scenario, seen: Simulated): void {
  const abandonedAt = eventsOf(seen, 'shutdown.escalated').find((event) => event.level === 3)?.ms ?? Infinity;
  for (const spec of scenario.services) {
    for (const life of lives(seen, spec.name)) {
      const ran = seen.commands.filter((command) =>
        isCleanupOf(command.command.env, spec.name, life.attempt),
      );
      const announced = eventsOf(seen, 'service.cleanup').filter(
        (event) => event.service === spec.name && event.attempt === life.attempt,
      );
      assert.equal(
        announced.length,
        spec.cleanup.length,
        `${spec.name}#${life.attempt}: every clean-up is accounted for`,
      );
      if (life.goneMs < abandonedAt - ROUNDING_MS)
        assert.equal(ran.length, spec.cleanup.length, `${spec.name}: one pass`);
      const gone = seen.log.findLast(
        (entry) => /gone$/.test(entry.what) && entry.service === spec.name && entry.attempt === life.attempt,
      );
      const next = lives(seen, spec.name).find((other) => other.attempt === life.attempt + 1);
      let before = gone?.ms ?? 0;
      for (const [index, command] of ran.entries()) {
        assert.ok(command.startedMs >= before, `${spec.name}: clean-up ${index} began too early`);
        before = command.endedMs ?? Infinity;
        const limitMs = spec.cleanup[index]?.timeoutMs ?? 0;
        const ranMs = before - command.startedMs;
        const cut = command.killed && ranMs < limitMs - ROUNDING_MS && before < abandonedAt;
        assert.ok(!cut, `${spec.name}: clean-up ${index} was cut after ${ranMs} of ${limitMs} ms`);
      }
      if (next !== undefined)
        assert.ok(next.spawnMs >= before, `${spec.name}: next instance before the clean-ups' end`);
    }
  }
}

/** G4: from the cause to the exit no longer than the budget plus a second, unless clean-ups outrun their reserve. */
export function assertBudget(scenario: Scenario, seen: Simulated): void {
  const requested = eventsOf(seen, 'shutdown.requested')[0];
  if (requested?.budget_ms === undefined) return;
  const tookMs = seen.endMs - requested.ms;
  const { budget_ms: budgetMs } = requested;
  const allowedMs = budgetMs + 1000 + beyondReserveMs(scenario.services, budgetMs) + seen.lostMs;
  assert.ok(tookMs <= allowedMs, `the shutdown took ${tookMs} of ${allowedMs} ms`);
}

/** G5: what is of the run and of no tree is asked before it is killed, after the last of the services. */
export function assertLeftovers(_: Scenario, seen: Simulated): void {
  assert.equal(seen.alive, 0);
  const ofNone = seen.log.filter(({ service }) => service === '');
  if (ofNone.length === 0) return;
  assert.equal(ofNone[0]?.what, 'ask-rest');
  const lastOfServices = seen.log.findLastIndex(({ service }) => service !== '');
  assert.ok(seen.log.indexOf(ofNone[0]) > lastOfServices, 'asked while a service was there');
}

/** G8: the exit status is what the facts make it. */
export function assertStatus(scenario: Scenario, seen: Simulated): void {
  const requested = eventsOf(seen, 'shutdown.requested')[0];
  // A monitor may ask for a collapse, whatever the service's own `on_failure` says.
  const collapsed = requested?.cause.kind === 'collapse' ? requested.cause.service : undefined;
  const failed = eventsOf(seen, 'service.failed').some(
    ({ service }) => specOf(scenario, service).onFailure !== 'ignore' || service === collapsed,
  );
  const { ms: fromMs, seq: fromSeq } = requested ?? { ms: Infinity, seq: Infinity };
  // In the millisecond of the request it is the order of the events that tells what came after it.
  const unclean =
    seen.alive > 0 ||
    seen.log.some(
      ({ what, service, ms }) => what === 'kill' && (ms > fromMs + ROUNDING_MS || service === ''),
    ) ||
    eventsOf(seen, 'service.killed').some(({ seq }) => seq > fromSeq) ||
    eventsOf(seen, 'service.cleanup').some(({ error, seq }) => error !== undefined && seq > fromSeq);
  const signal = requested?.cause.kind === 'signal' ? requested.cause.signal : undefined;
  const numbers = { SIGTERM: 143, SIGINT: 130, SIGHUP: 129 };
  const expected = failed ? 1 : unclean ? 3 : signal === undefined ? 0 : numbers[signal];
  assert.equal(seen.outcome.status, expected);
}

/** G8: what takes everything with it when it ends by itself has done so by the time that its end is told. */
export function assertEndings(scenario: Scenario, seen: Simulated): void {
  const requested = eventsOf(seen, 'shutdown.requested')[0];
  for (const { service, seq } of eventsOf(seen, 'service.completed')) {
    if (specOf(scenario, service).onEnd === undefined) continue;
    assert.ok(requested !== undefined && requested.seq < seq, `${service} has ended, and nothing followed`);
  }
  if (requested?.cause.kind !== 'ended') return;
  const { service } = requested.cause;
  assert.equal(specOf(scenario, service).onEnd, 'shutdown');
  const ends = [...eventsOf(seen, 'service.completed'), ...eventsOf(seen, 'service.failed')];
  assert.ok(ends.some((one) => one.service === service && one.seq > requested.seq));
}

/** Nothing of ours is alive or open at the end, and the stream of events is whole. */
export function assertClosed(seen: Simulated): void {
  assert.equal(seen.alive, 0, 'instances alive at the end');
  assert.deepEqual(seen.open, [], 'open at the end');
  assert.deepEqual(
    seen.events.map((event) => event.seq),
    seen.events.map((_, index) => index + 1),
  );
  assert.equal(seen.events.at(-1)?.type, 'run.finished');
}
