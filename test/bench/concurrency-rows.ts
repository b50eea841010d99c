/**
 * What of `orderlyd/concurrency` is measured, beside whom, and what is expected of it. Pure.
 *
 * A contender with the same meaning is to be no faster; of one that lacks something it is said what.
 */
import type { Figure, Goal, Unit } from './figure.ts';
import { sampleOf } from './sample.ts';

export type Contender = 'plain promises' | 'Effect' | 'effection' | 'p-queue';

/** One workload, by the name that it has in `programs/concurrency`. */
export interface Row {
  readonly workload: string;
  readonly title: string;
  readonly unit: Extract<Unit, 'µs' | 'ms' | 'M/s' | 'B'>;
  /** For a unit of whole rounds: how many operations a round has. */
  readonly operations?: number;
  /** Ours beside plain promises, or alone. */
  readonly goal?: Goal;
  /** Where a difference between two means nothing: only the goal counts. */
  readonly isNoRace?: true;
  /** What each lacks of what ours does; undefined: it means the same. */
  readonly beside: Readonly<Partial<Record<Contender, string | undefined>>>;
}

/** What was measured of each, in microseconds an operation or in bytes; missing: it could not be measured. */
export type Measured = Readonly<Partial<Record<Contender | 'orderly', readonly number[]>>>;

const UNOWNED = 'no owner, no cancellation';

export const ROWS: readonly Row[] = [
  {
    workload: 'group',
    title: 'a task group with one child',
    unit: 'µs',
    goal: { of: 'difference', is: 'at most', limit: 5 },
    beside: { 'plain promises': UNOWNED, Effect: undefined, effection: undefined },
  },
  {
    workload: 'outermost-group',
    title: 'the same outside any scope',
    unit: 'µs',
    goal: { of: 'difference', is: 'at most', limit: 5 },
    beside: { 'plain promises': UNOWNED, Effect: undefined, effection: undefined },
  },
  {
    workload: 'shield',
    title: 'shield',
    unit: 'µs',
    goal: { of: 'difference', is: 'at most', limit: 3 },
    beside: { 'plain promises': UNOWNED, Effect: undefined },
  },
  {
    workload: 'timeout',
    title: 'moveOnAfter that does not pass',
    unit: 'µs',
    beside: { 'plain promises': 'the work is not cut', Effect: undefined, effection: undefined },
  },
  {
    workload: 'cancel',
    title: '2,000 sleeping tasks spawned, cancelled, joined',
    unit: 'ms',
    operations: 2000,
    goal: { of: 'value', is: 'at most', limit: 20 },
    beside: { 'plain promises': 'an AbortSignal, no owner', Effect: undefined, effection: undefined },
  },
  {
    workload: 'map',
    title: '10,000 trivial items, 100 at once',
    unit: 'ms',
    operations: 10_000,
    beside: {
      'plain promises': UNOWNED,
      Effect: undefined,
      effection: '100 workers by hand, no task for each item',
      'p-queue': UNOWNED,
    },
  },
  {
    workload: 'queue',
    title: 'a queue of 1,024, put and got one by one',
    unit: 'M/s',
    goal: { of: 'value', is: 'at least', limit: 2 },
    beside: {
      'plain promises': 'no cancellation',
      Effect: undefined,
      effection: 'no bound, put never waits',
    },
  },
  {
    workload: 'queue-of-1',
    title: 'a queue of 1',
    unit: 'M/s',
    beside: { 'plain promises': 'no cancellation', Effect: undefined },
  },
  {
    workload: 'iterated-queue',
    title: 'a queue of 1,024, got by for await',
    unit: 'M/s',
    beside: { 'plain promises': 'no cancellation', Effect: undefined },
  },
  {
    workload: 'lock',
    title: 'a lock nobody else wants',
    unit: 'µs',
    beside: { 'plain promises': UNOWNED, Effect: undefined, 'p-queue': UNOWNED },
  },
  {
    workload: 'contended-lock',
    title: 'a lock that 10 tasks want',
    unit: 'µs',
    beside: { 'plain promises': UNOWNED, Effect: undefined, 'p-queue': UNOWNED },
  },
  {
    workload: 'short-scopes',
    title: 'held by a long scope for each of 100,000 short ones in it',
    unit: 'B',
    goal: { of: 'value', is: 'at most', limit: 1 },
    isNoRace: true,
    beside: { 'plain promises': UNOWNED, Effect: undefined, effection: undefined },
  },
  {
    workload: 'sleeping-task',
    title: 'held by a sleeping task',
    unit: 'B',
    beside: { 'plain promises': UNOWNED, Effect: undefined, effection: undefined },
  },
];

/** A figure for each contender that was measured; whoever can't be, is left out. */
export function figuresOf(row: Row, measured: Measured): readonly Figure[] {
  const inUnit = (values: readonly number[]) => sampleOf(values.map((value) => convert(value, row)));
  const ours = inUnit(measured.orderly ?? []);
  return Object.entries(row.beside).flatMap(([contender, lack]) => {
    const theirs = measured[contender as Contender];
    if (theirs === undefined) return [];
    const isPlain = contender === 'plain promises';
    return {
      name: row.title,
      unit: row.unit,
      ours,
      baseline: { name: lack === undefined ? contender : `${contender}: ${lack}`, sample: inUnit(theirs) },
      goal: isPlain ? row.goal : lack === undefined && !row.isNoRace ? noSlowerThan(row) : undefined,
    };
  });
}

function convert(value: number, { unit, operations = 1 }: Row): number {
  switch (unit) {
    case 'µs':
    case 'B':
      return value;
    case 'ms':
      return (value * operations) / 1000;
    case 'M/s':
      return 1 / value;
  }
}

function noSlowerThan({ unit }: Row): Goal {
  return { of: 'ratio', is: unit === 'M/s' ? 'at least' : 'at most', limit: 1 };
}
