/**
 * Holds the record of a run against the guarantees, independently of the engine that wrote it. Pure.
 */
import assert from 'node:assert/strict';
import type { ServiceConfig } from '../../src/config/types.ts';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { isAllowedMove, isRest, type ServiceState, stateAfter } from '../../src/events/state-table.ts';
import { blameIsTrue } from './record-blame.ts';
import { healthInItsTime } from './record-health-law.ts';
import { readHistory } from './record-history.ts';
import {
  budgetKept,
  cleanedOnce,
  graceKept,
  type Law,
  oneAtATime,
  startsAllowed,
  statusIsTrue,
} from './record-laws.ts';
import { lossesAnswered, returnsAwaited, stopsInOrder } from './record-order-laws.ts';
import { restartsLimited } from './record-restart-law.ts';

export interface RecordOptions {
  /** False for the record of a run that was killed: then it may break off anywhere. */
  readonly whole?: boolean;
  /** How much later than the spawn `service.starting` may be told: spawns of many services come in batches. */
  readonly toldWithinMs?: number;
  /** How long the supervisor couldn't run: the record doesn't tell. */
  readonly lostMs?: number;
}

const LAWS: readonly Law[] = [
  ...[startsAllowed, stopsInOrder, lossesAnswered, returnsAwaited],
  ...[
    cleanedOnce,
    budgetKept,
    graceKept,
    oneAtATime,
    statusIsTrue,
    blameIsTrue,
    healthInItsTime,
    restartsLimited,
  ],
];

/** What breaks a guarantee, a sentence each; empty: all of them hold. `services` is the configuration of the run. */
export function checkRecord(
  services: readonly ServiceConfig[],
  events: readonly OrderlyEvent[],
  { whole = true, toldWithinMs = 1000, lostMs = 0 }: RecordOptions = {},
): readonly string[] {
  const run = {
    ...readHistory(events),
    services: new Map(services.map((spec) => [spec.name, spec])),
    toldWithinMs,
    lostMs,
  };
  return [
    ...(whole ? brokenFrame(events) : []),
    ...brokenOrder(events),
    ...brokenMoves(events, whole),
    ...LAWS.flatMap((law) => law(run)),
  ];
}

/** Throws unless it is a whole record, its events in their order, and each move of a service an allowed one: of any run, commanded too. */
export function assertFrame(events: readonly OrderlyEvent[]): void {
  assert.deepEqual([...brokenFrame(events), ...brokenOrder(events), ...brokenMoves(events, true)], []);
}

/** The lines of a record as events. Throws if a line is none; a last one without an end was cut, and is left out. */
export function parseRecord(text: string): readonly OrderlyEvent[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as OrderlyEvent);
}

function brokenFrame(events: readonly OrderlyEvent[]): readonly string[] {
  const count = (type: OrderlyEvent['type']) => events.filter((event) => event.type === type).length;
  return [
    ...(events[0]?.type === 'run.started' ? [] : ['the record does not begin with run.started']),
    ...(events.at(-1)?.type === 'run.finished' ? [] : ['the record does not end with run.finished']),
    ...(['run.started', 'run.finished'] as const)
      .filter((type) => count(type) > 1)
      .map((type) => `there is more than one ${type}`),
  ];
}

function brokenOrder(events: readonly OrderlyEvent[]): readonly string[] {
  return events.flatMap(({ seq, ms, type }, index) => {
    const before = events[index - 1];
    return [
      ...(seq === index + 1 ? [] : [`seq is ${seq} where it should be ${index + 1} (${type})`]),
      ...(before !== undefined && ms < before.ms ? [`ms falls from ${before.ms} to ${ms} (seq ${seq})`] : []),
    ];
  });
}

function brokenMoves(events: readonly OrderlyEvent[], whole: boolean): readonly string[] {
  const states = new Map<string, ServiceState>();
  const broken: string[] = [];
  for (const event of events) {
    if (event.type === 'run.started') {
      const { services, selection = services } = event;
      for (const name of services) states.set(name, selection.includes(name) ? 'pending' : 'stopped');
    }
    if (event.type === 'graph.changed') for (const name of event.added) states.set(name, 'pending');
    if (!('attempt' in event)) continue;
    if (event.type === 'service.removed') {
      states.delete(event.service);
      continue;
    }
    const from = states.get(event.service);
    const to = stateAfter(event) ?? from;
    if (from === undefined) broken.push(`"${event.service}" is not a service of the run (${event.type})`);
    else if (to !== from && !isAllowedMove(from, to!))
      broken.push(`"${event.service}" went from ${from} to ${to} (seq ${event.seq})`);
    if (to !== undefined) states.set(event.service, to);
  }
  const open = whole ? [...states].filter(([, state]) => !isRest(state)) : [];
  return [...broken, ...open.map(([name, state]) => `"${name}" was still ${state} at the end`)];
}
