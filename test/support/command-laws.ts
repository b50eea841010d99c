/**
 * The guarantees for a graph that is commanded, held against what a simulation saw. Each law throws with the facts.
 *
 * They know the services, the deeds of their processes, and what was told; of the engine they know nothing. Deeds and events
 * are in one row: a deed says how many events had been told before it.
 */
import assert from 'node:assert/strict';
import type { Edge, ServiceConfig } from '../../src/config/types.ts';
import { END_LAWS } from './command-end-laws.ts';
import {
  before,
  countsAgain,
  type Instance,
  instances,
  isGone,
  isWantedUp,
  RESTS,
  restOf,
  servicesAt,
  specAt,
  stateAt,
} from './command-history.ts';
import type { LogEntry } from './simulated-launcher.ts';
import { eventsOf, isCleanupOf } from './simulated-lives.ts';
import type { Scenario, Simulated } from './simulation.ts';
import { assertToldFields } from './told-fields-law.ts';

type Law = (scenario: Scenario, seen: Simulated) => unknown;

/** GU-1: what is spawned is wanted, alone, and every edge of it holds. */
const startsAllowed: Law = (_, seen) => {
  const all = instances(seen);
  for (const { spawned, executed } of all) {
    assertProgram(seen, spawned, executed);
    const failures: unknown[] = [];
    const isAllowed = whenSpawned(seen, spawned).some((moment) => {
      try {
        assertMayStart(seen, all, moment);
        return true;
      } catch (error) {
        failures.push(error);
        return false;
      }
    });
    if (!isAllowed) throw failures[0];
  }
};

/** The moments in which it may have been spawned: that in which it was told, and those before it in which it may be under way. */
function whenSpawned({ events, toldWithinMs = 0 }: Simulated, spawned: LogEntry): readonly LogEntry[] {
  const between = events.filter(({ seq, ms }) => seq <= spawned.seq && ms > spawned.ms - toldWithinMs);
  return [spawned, ...between.toReversed().map(({ seq, ms }) => ({ ...spawned, seq: seq - 1, ms }))];
}

/** What is in force as it begins is executed. */
function assertProgram(seen: Simulated, spawned: LogEntry, executed: LogEntry | undefined): void {
  const command = specAt(seen, spawned.service, spawned.seq)?.command;
  const program = command?.kind === 'exec' ? command.argv.join(' ') : '';
  const at = `${spawned.service}#${spawned.attempt} at ${spawned.ms}`;
  if (executed !== undefined) assert.equal(executed.program, program, `${at} was not what is in force`);
}

function assertMayStart(seen: Simulated, all: readonly Instance[], spawned: LogEntry): void {
  const { service, attempt, seq } = spawned;
  const at = `${service}#${attempt} at ${spawned.ms}`;
  assert.ok(isWantedUp(seen, service, seq), `${at} was spawned though it was not wanted`);
  const rest = restOf(seen, service, seq);
  assert.equal(rest, undefined, `${at} was spawned at rest`);
  const spec = specAt(seen, service, seq);
  assert.ok(spec !== undefined, `${at} was spawned though it was not in the graph`);
  for (const edge of spec.dependsOn) {
    if (edge.optional || edge.timeoutMs !== undefined) continue;
    assert.ok(
      holds(seen, all, edge, spawned),
      `${at} was spawned though ${edge.service} was not ${edge.condition}`,
    );
  }
}

function holds(
  seen: Simulated,
  all: readonly Instance[],
  { service, condition }: Edge,
  { seq, ms }: LogEntry,
): boolean {
  const dependency = specAt(seen, service, seq)!;
  const rest = restOf(seen, service, seq);
  const had = all.some((one) => one.service === service && one.spawned.seq <= seq && one.spawned.ms <= ms);
  const completed = hasCompleted(seen, service, seq);
  const done = dependency.type === 'task' && completed;
  const latest = all.findLast((one) => one.service === service && one.spawned.seq <= seq);
  const isExecuted = latest?.executed !== undefined && latest.executed.seq <= seq && latest.executed.ms <= ms;
  const runs = isExecuted && (latest.exited === undefined || latest.exited.ms >= ms);
  const isReady = seen.log.some(
    (one) =>
      one.what === 'ready' && one.service === service && one.attempt === latest?.attempt && one.ms <= ms,
  );
  switch (condition) {
    case 'started':
      return runs || done;
    case 'ready':
      return (runs && isReady) || done;
    case 'completed':
      return completed;
    case 'exited':
      return rest !== undefined && had;
  }
}

/** It is at rest because it completed, or counts as if it were. */
function hasCompleted(seen: Simulated, service: string, seq: number): boolean {
  return restOf(seen, service, seq) === 'service.completed' || countsAgain(seen, service, seq);
}

/** GU-9 GU-4: one instance at a time, the clean-ups of the last one over. */
const oneAtATime: Law = (_, seen) => {
  const all = instances(seen);
  for (const one of all) {
    const next = all.find((other) => other.service === one.service && other.attempt === one.attempt + 1);
    if (next === undefined) continue;
    assert.ok(
      next.spawned.ms >= one.goneMs,
      `${one.service}#${next.attempt} was spawned before #${one.attempt} was gone`,
    );
  }
};

/** GU-2: whoever is asked because of a wish is asked when all that needs it and goes with it is gone. */
const stopsInOrder: Law = (_, seen) => {
  const all = instances(seen);
  const firstDown = eventsOf(seen, 'shutdown.requested')[0]?.seq ?? Infinity;
  for (const stopping of eventsOf(seen, 'service.stopping')) {
    if (!stopping.reason.startsWith('request ') || stopping.seq > firstDown) continue;
    // A task that had completed when it was planned stands between nobody, though it is to run again.
    const planned = eventsOf(seen, 'request.accepted').find(({ request }) =>
      stopping.reason.startsWith(`request ${request} `),
    );
    const isDone = (task: string): boolean =>
      [stopping.seq, planned?.seq ?? stopping.seq].some((seq) => hasCompleted(seen, task, seq));
    for (const dependent of hardDependents(servicesAt(seen, stopping.seq), stopping.service, isDone)) {
      if (isWantedUp(seen, dependent, stopping.seq) || isOfThisMoment(seen, dependent, stopping)) continue;
      const there = all.filter(
        (one) =>
          one.service === dependent &&
          one.spawned.seq < stopping.seq &&
          one.goneSeq > stopping.seq &&
          one.goneMs > stopping.ms,
      );
      assert.deepEqual(
        there.map(({ attempt }) => `${dependent}#${attempt}`),
        [],
        `${stopping.service} was asked at ${stopping.ms}`,
      );
    }
  }
};

/** Another request takes it down in that very moment: what the loop takes first decides. */
function isOfThisMoment(
  seen: Simulated,
  dependent: string,
  { seq, ms, reason }: { readonly seq: number; readonly ms: number; readonly reason: string },
): boolean {
  const wanted = before(seen, seq, (event) => event.type === 'service.wanted' && event.service === dependent);
  return (
    wanted?.type === 'service.wanted' && wanted.ms === ms && !reason.startsWith(`request ${wanted.request} `)
  );
}

function hardDependents(
  services: readonly ServiceConfig[],
  on: string,
  isDone: (task: string) => boolean,
): readonly string[] {
  const found = new Set([on]);
  for (const name of found) {
    const spec = services.find((one) => one.name === name)!;
    if (spec.type === 'task' && isDone(name)) continue;
    for (const dependent of services) {
      const isHard = dependent.dependsOn.some(
        ({ service, optional, condition }) =>
          service === name && !optional && (condition === 'ready' || condition === 'started'),
      );
      if (isHard) found.add(dependent.name);
    }
  }
  found.delete(on);
  return [...found];
}

/** GU-11: each request that was accepted settles once, and what it says is so. */
const accounts: Law = (_, seen) => {
  const accepted = eventsOf(seen, 'request.accepted');
  for (const { request, kind, names, plan } of accepted) {
    const [settled, ...more] = eventsOf(seen, 'request.settled').filter((one) => one.request === request);
    assert.ok(settled !== undefined, `${request} (${kind} ${names.join(' ')}) was never settled`);
    assert.deepEqual(more, [], `${request} was settled twice`);
    if (settled.outcome !== 'reached' && settled.outcome !== 'unchanged') continue;
    for (const name of names) {
      const { seq } = settled;
      if (kind === 'stop') {
        assert.ok(!isWantedUp(seen, name, seq), `${request} stopped ${name}, which is wanted`);
        assert.ok(restOf(seen, name, seq) !== undefined, `${request} stopped ${name}, which is not at rest`);
      } else if (kind === 'remove') {
        assert.ok(specAt(seen, name, seq) === undefined, `${request} removed ${name}, which is there`);
        assert.ok(isGone(seen, name, seq), `${request} removed ${name}, which lives`);
      } else if (kind === 'add' && settled.services.some((line) => line.outcome !== 'reached')) {
        // It waits for what somebody stopped meanwhile.
      } else if (kind === 'restart' && !plan.some(({ service }) => service === name)) {
        // With `--if-up` what is at rest is left alone.
      } else if (kind === 'start' || kind === 'restart' || kind === 'add') {
        const isUp = stateAt(seen, name, seq) === 'service.ready' || hasCompleted(seen, name, seq);
        assert.ok(isUp, `${request} (${kind}) was reached though ${name} was ${stateAt(seen, name, seq)}`);
      }
    }
  }
  for (const { request } of eventsOf(seen, 'request.settled'))
    assert.ok(
      accepted.some((one) => one.request === request),
      `${request} was settled and never accepted`,
    );
};

/** RL-13 RL-14: what a change of the graph touches is gone at its switch, and nothing of it is spawned before that. */
const threePhases: Law = (_, seen) => {
  const all = instances(seen);
  const switches = eventsOf(seen, 'graph.changed');
  for (const { request, seq, plan } of eventsOf(seen, 'request.accepted')) {
    const touched = plan.filter(({ change }) => ['add', 'remove', 'restart'].includes(change));
    const change = switches.find((one) => one.request === request && one.seq > seq);
    if (change === undefined) continue;
    for (const { service } of touched) {
      const early: readonly Instance[] = all.filter(
        (one) => one.service === service && one.spawned.seq >= seq && one.spawned.seq < change.seq,
      );
      assert.deepEqual(
        early.map(({ attempt }) => `${service}#${attempt}`),
        [],
        `spawned before the switch of ${request}`,
      );
      assert.ok(isGone(seen, service, change.seq), `${service} was there at the switch of ${request}`);
    }
  }
};

/** RL-20 RL-22: what came into force was asked for, or what a failure led back to. */
const asAsked: Law = ({ requests = [] }, seen) => {
  const ways = new Map<string, number>();
  const byNumber = new Map([[1, seen.graphs[0]!.services]]);
  const namesOf = (services: readonly ServiceConfig[]) => services.map(({ name }) => name);
  for (const { request: id, seq, generation, base } of eventsOf(seen, 'graph.changed')) {
    const services = servicesAt(seen, seq);
    byNumber.set(generation, services);
    const way = (ways.get(id) ?? 0) + 1;
    ways.set(id, way);
    assert.ok(way <= 2, `${id} had a third try`);
    if (way === 2)
      assert.deepEqual(namesOf(services), namesOf(byNumber.get(base)!), `${id} led back elsewhere`);
    const command = requests
      .map(({ request }) => request)
      .find((one) => one.kind === 'command' && one.options?.id === id);
    if (way === 2 || command?.kind !== 'command' || command.command.kind !== 'reload') continue;
    assert.deepEqual(services, command.command.plan.graph.services.map(command.command.plan.graph.spec), id);
  }
};

/** GU-10: when nothing has been asked for long, and nothing fails any more, everything is where it belongs. */
function assertRest(seen: Simulated, atMs: number): void {
  const seq = seen.events.findLast(({ ms }) => ms <= atMs)?.seq ?? 0;
  const services = servicesAt(seen, seq);
  const spent = (name: string) => isSpent(seen, name, seq);
  const never = (name: string): boolean => {
    const rest = restOf(seen, name, seq);
    if (rest === undefined || !isWantedUp(seen, name, seq)) return rest !== undefined && spent(name);
    return true;
  };
  const isHeld = (spec: ServiceConfig): boolean =>
    spec.dependsOn.some(({ service, optional, condition }) => {
      const dependency = services.find(({ name }) => name === service)!;
      if (!isWantedUp(seen, service, seq)) return !optional;
      const state = stateAt(seen, service, seq);
      // Who waits for an end may wait for ever.
      if ((condition === 'completed' || condition === 'exited') && state === 'service.ready') return true;
      return state === 'service.pending' && isHeld(dependency);
    });
  for (const spec of services) {
    const { name } = spec;
    const state = stateAt(seen, name, seq);
    const text = `${name} is ${state}, wanted ${isWantedUp(seen, name, seq) ? 'up' : 'down'}`;
    switch (state) {
      case 'service.ready':
        assert.ok(isWantedUp(seen, name, seq), text);
        break;
      case 'service.starting':
        assert.fail(text);
        break;
      case 'service.pending':
        assert.ok(isWantedUp(seen, name, seq) && isHeld(spec), `${text} for nothing`);
        break;
      case 'service.stopped':
      case 'service.completed':
      case 'service.failed':
      case 'service.skipped': {
        const isStuck =
          isWantedUp(seen, name, seq) &&
          !spent(name) &&
          !spec.dependsOn.some((edge) => !edge.optional && never(edge.service)) &&
          !hasFallen(seen, name, seq) &&
          !isUnderFailure(seen, services, name, seq);
        assert.ok(!isStuck, `${text}, and nothing keeps it there`);
        break;
      }
      default:
        assert.fail(text);
    }
  }
}

/** JN-5: when all clients have left, what only they wanted is down, unless something that is wanted needs it. */
function assertLeasesEnded({ requests = [] }: Scenario, seen: Simulated, atMs: number): void {
  const seq = seen.events.findLast(({ ms }) => ms <= atMs)?.seq ?? 0;
  const idsOf = (kind: 'start' | 'release', lease: string): ReadonlySet<string> =>
    new Set(
      requests.flatMap(({ request }) => {
        if (request.kind !== 'command' || request.command.kind !== kind) return [];
        return request.command.lease === lease ? [request.options?.id ?? ''] : [];
      }),
    );
  const lastOf = (ids: ReadonlySet<string>): number =>
    eventsOf(seen, 'request.accepted').findLast((one) => ids.has(one.request) && one.seq <= seq)?.seq ?? -1;
  const isThere = (lease: string) => lastOf(idsOf('start', lease)) > lastOf(idsOf('release', lease));
  if (['c0', 'c1'].some(isThere)) return;
  const isUp = (name: string) => isWantedUp(seen, name, seq) && specAt(seen, name, seq) !== undefined;
  const stays = neededByOthers(seen, seq);
  // What others needed when the client left has become theirs.
  const releases = eventsOf(seen, 'request.accepted').filter(({ kind }) => kind === 'release');
  for (const release of releases) for (const name of neededByOthers(seen, release.seq)) stays.add(name);
  assert.deepEqual(
    seen.graphs[0]!.services.map(({ name }) => name).filter((name) => isUp(name) && !stays.has(name)),
    [],
    'wanted by clients that have left',
  );
}

/** What is wanted by anybody but a client, and what that needs. */
function neededByOthers(seen: Simulated, seq: number): Set<string> {
  const services = servicesAt(seen, seq);
  const isByLease = (name: string): boolean => {
    const last = before(seen, seq, (event) => event.type === 'service.wanted' && event.service === name);
    return last?.type === 'service.wanted' && last.by === 'lease';
  };
  const needed = new Set(
    services.map(({ name }) => name).filter((name) => isWantedUp(seen, name, seq) && !isByLease(name)),
  );
  for (const name of needed)
    for (const { service, optional } of services.find((one) => one.name === name)!.dependsOn)
      if (!optional) needed.add(service);
  return needed;
}

function isSpent(seen: Simulated, service: string, seq: number): boolean {
  const rest = before(
    seen,
    seq,
    (event) => 'service' in event && event.service === service && RESTS.has(event.type),
  );
  if (rest === undefined) return false;
  const wish = before(
    seen,
    seq,
    (event) =>
      event.type === 'service.wanted' &&
      event.service === service &&
      event.want === 'up' &&
      event.spent !== true,
  );
  const lifted = before(
    seen,
    seq,
    (event) => event.type === 'service.wanted' && event.service === service && event.spent === true,
  );
  if (lifted !== undefined && lifted.seq > rest.seq && lifted.seq > (wish?.seq ?? 0)) return true;
  if (wish !== undefined && wish.seq > rest.seq) return false;
  if (rest.type === 'service.completed' || rest.type === 'service.failed') return true;
  return rest.type === 'service.stopped' && rest.spent === true;
}

/** Something that it needs, directly or through others, has failed for good and takes along what needs it, at rest or not. */
function isUnderFailure(
  seen: Simulated,
  services: readonly ServiceConfig[],
  of: string,
  seq: number,
): boolean {
  const reached = new Set([of]);
  for (const name of reached) {
    const spec = services.find((one) => one.name === name)!;
    const hasFailed = restOf(seen, name, seq) === 'service.failed' && isSpent(seen, name, seq);
    if (name !== of && hasFailed && spec.onFailure === 'isolate') return true;
    for (const { service, optional, condition } of spec.dependsOn)
      if (!optional && condition !== 'exited') reached.add(service);
  }
  return false;
}

function hasFallen(seen: Simulated, service: string, seq: number): boolean {
  const rest = before(
    seen,
    seq,
    (event) => 'service' in event && event.service === service && RESTS.has(event.type),
  );
  return rest !== undefined && 'due_to' in rest && rest.due_to !== undefined;
}

/** G5: nothing is alive at the end, and every instance had its clean-ups. */
const closed: Law = (_, seen) => {
  assert.equal(seen.alive, 0, 'instances alive at the end');
  assert.deepEqual(seen.open, [], 'open at the end');
  for (const { service, attempt, spawned } of instances(seen)) {
    const ran = seen.commands.filter(({ command }) => isCleanupOf(command.env, service, attempt));
    const own = specAt(seen, service, spawned.seq)?.cleanup ?? [];
    const scripts = own.map(({ run }) => (run.kind === 'shell' ? run.script : ''));
    assert.deepEqual(
      ran.map(({ text }) => text),
      scripts,
      `${service}#${attempt}: one pass, its own`,
    );
  }
};

const LAWS: Readonly<Record<string, Law>> = {
  'GU-1 what is spawned may be': startsAllowed,
  'GU-2 what is stopped by a wish is stopped in its order': stopsInOrder,
  'GU-4 GU-9 one instance at a time': oneAtATime,
  'RL-13 RL-14 a change of the graph has its phases': threePhases,
  'RL-20 RL-22 what is in force was asked for': asAsked,
  'GU-11 each request settles once, truly': accounts,
  'G3 G5 nothing is left': closed,
  'RC-1 RC-2 the record tells for which wish, by which graph and why': (_, { events, graphs, lostMs }) =>
    assertToldFields(events, graphs, lostMs),
};

/** `quietMs`: by then everything has come to where it belongs. */
export function assertCommandLaws(scenario: Scenario, seen: Simulated, quietMs?: number): void {
  const isQuiet = quietMs !== undefined && seen.endMs > quietMs;
  const rest: Law = () => isQuiet && assertRest(seen, quietMs);
  const leases: Law = () => isQuiet && assertLeasesEnded(scenario, seen, quietMs);
  for (const [name, law] of Object.entries({
    ...LAWS,
    ...END_LAWS,
    'GU-10 everything is where it belongs': rest,
    'JN-5 what only clients wanted goes with them': leases,
  })) {
    try {
      law(scenario, seen);
    } catch (error) {
      const text = `${name}: ${error instanceof Error ? error.message : String(error)}`;
      throw new Error(`${text}\n${describe(scenario, seen)}`, { cause: error });
    }
  }
}

/** The graph and what was told, for whoever looks for the reason. */
function describe({ services }: Scenario, seen: Simulated): string {
  const graph = services.map(({ name, type, dependsOn, onFailure, restart }) => {
    const edges = dependsOn.map(
      (edge) =>
        `${edge.service}:${edge.condition}${edge.optional ? '?' : ''}${edge.onLoss ? `!${edge.onLoss.act}@${edge.onLoss.afterMs}` : ''}`,
    );
    return `${type} ${name} [${edges.join(' ')}] ${onFailure} ${restart.policy}*${restart.max}`;
  });
  const graphs = seen.graphs.slice(1).map((one) => {
    const all = one.services.map(
      ({ name, command, dependsOn }) =>
        `${command.kind === 'exec' ? command.argv.join(' ') : name}[${dependsOn.map((edge) => edge.service).join(' ')}]`,
    );
    return `from ${one.seq}: ${all.join(' ')}`;
  });
  const told = seen.events.map((event) => {
    const { seq, time: _, ms, type, ...rest } = event;
    return `${seq} ${ms} ${type} ${JSON.stringify(rest).slice(0, 160)}`;
  });
  return [...graph, ...graphs, ...told].join('\n');
}
