/**
 * The laws of a graph that is commanded find what a record tells that should not be.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeDefinition } from '../../../src/engine/run/record.ts';
import type { Fact, OrderlyEvent } from '../../../src/events/event.ts';
import { assertCommandLaws } from '../../support/command-laws.ts';
import { service } from '../../support/commanding.ts';
import { seenInRecord } from '../../support/seen-in-record.ts';

const services = [service('db'), service('api', ['db'])];
const GAP_MS = 2_000;

type Told = Record<string, unknown> & { readonly type: Fact['type'] };

const of = (type: Fact['type'], name: string, attempt: number, more: object = {}): Told => ({
  type,
  service: name,
  attempt,
  ...more,
});
const up = (name: string, attempt: number): readonly Told[] => [
  of('service.starting', name, attempt, { pid: 7, wish: 1, generation: 1 }),
  of('service.ready', name, attempt),
];
const down = (name: string, attempt: number, reason: string): readonly Told[] => [
  of('service.stopping', name, attempt, {
    ...{ reason, deadline_ms: 0, grace_ms: 0 },
    cause: reason === 'SIGTERM' ? { kind: 'shutdown' } : { kind: 'request', request: 'r1' },
  }),
  of('service.exited', name, attempt, { code: 0, asked: true }),
  of('service.stopped', name, attempt, { wish: 1 }),
];
const wanted = (name: string, want: 'up' | 'down', request: string): Told =>
  of('service.wanted', name, 1, { wish: 2, want, by: 'person', request });
const accepted = (kind: string, names: readonly string[], plan: readonly string[]): Told => ({
  ...{ type: 'request.accepted', request: 'r1', kind, names, replaces: [] },
  plan: plan.map((name) => ({ service: name, change: kind, isNamed: true })),
});
const settled: Told = { type: 'request.settled', request: 'r1', outcome: 'reached', services: [] };

const definitions = Object.fromEntries(services.map((spec) => [spec.name, describeDefinition(spec)]));
const begun: readonly Told[] = [{ type: 'run.started', services: ['db', 'api'], definitions, generation: 1 }];
const ended: readonly Told[] = [
  { type: 'shutdown.requested', cause: { kind: 'signal', signal: 'SIGTERM' }, budget_ms: 60_000 },
  ...down('api', 1, 'SIGTERM'),
  ...down('db', 1, 'SIGTERM'),
  { type: 'run.finished', status: 143, survivors: [] },
];

/** What the first broken law says; the events come far enough from each other that none is told late. */
function broken(told: readonly Told[]): string {
  const events = told.map((one, index) => ({ seq: index + 1, ms: index * GAP_MS, time: '', ...one }));
  const beside = { graphs: [{ seq: 0, services }], alive: 0, lostMs: 0, status: 143 };
  const seen = seenInRecord(events as unknown as readonly OrderlyEvent[], beside);
  try {
    assertCommandLaws({ services }, seen);
    return '';
  } catch (error) {
    return (error as Error).message.split('\n')[0]!;
  }
}

test('a good record breaks nothing', () => {
  assert.equal(broken([...begun, ...up('db', 1), ...up('api', 1), ...ended]), '');
});

test('GU-1: what is spawned before what it needs, or though it is not wanted, is found', () => {
  assert.match(
    broken([...begun, ...up('api', 1), ...up('db', 1), ...ended]),
    /^GU-1 .*though db was not ready/,
  );
  const stopped = [
    accepted('stop', ['api'], ['api']),
    wanted('api', 'down', 'r1'),
    ...down('api', 1, 'request r1 stops it'),
    settled,
  ];
  const told = [...begun, ...up('db', 1), ...up('api', 1), ...stopped];
  assert.match(broken([...told, ...up('api', 2), ...ended]), /^GU-1 .*api#2 .*not wanted/);
});

test('GU-2 GU-3: what is asked before what needs it is gone is found', () => {
  const both = [...begun, ...up('db', 1), ...up('api', 1)];
  const reason = 'request r1 stops it';
  const stop = [
    accepted('stop', ['db', 'api'], ['db', 'api']),
    wanted('db', 'down', 'r1'),
    wanted('api', 'down', 'r1'),
  ];
  assert.match(
    broken([
      ...both,
      ...stop,
      ...down('db', 1, reason),
      ...down('api', 1, reason),
      settled,
      ...ended.slice(0, 1),
      ...ended.slice(-1),
    ]),
    /^GU-2 /,
  );
  const turned = [ended[0]!, ...down('db', 1, 'SIGTERM'), ...down('api', 1, 'SIGTERM'), ended.at(-1)!];
  assert.match(broken([...both, ...turned]), /^GU-3 /);
});

test('GU-11: a request without an end is found', () => {
  const told = [...begun, ...up('db', 1), ...up('api', 1), accepted('restart', ['db'], ['db'])];
  assert.match(broken([...told, ...ended]), /^GU-11 .*never settled/);
});
