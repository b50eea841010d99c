/**
 * Failures in one another's company, on simulated processes and a virtual clock: one cause, the earlier one; what fell
 * with it is neither mistaken for it nor hidden.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition, OnFailure, ServiceConfig } from '../../src/config/types.ts';
import type { Exit } from '../../src/events/fact-shape.ts';
import { sampleEdge, sampleService } from '../support/sample-config.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { type Scenario, type Simulated, simulate } from '../support/simulation.ts';

const once = { ...sampleService('any').restart, policy: 'no' } as const;
const crash = (code: number): Exit => ({ kind: 'code', code });
const segfault: Exit = { kind: 'signal', signal: 'SIGSEGV' };
const term = (atMs: number) => ({ atMs, request: { kind: 'signal', signal: 'SIGTERM' } as const });

function service(
  name: string,
  needs: readonly string[] = [],
  more: Partial<ServiceConfig> = {},
): ServiceConfig {
  return sampleService(name, { dependsOn: needs.map((need) => sampleEdge(need)), restart: once, ...more });
}

function execReady(withinMs: number): Condition {
  const command = { kind: 'exec', argv: ['probe'] } as const;
  return { kind: 'exec', command, withinMs, timeoutMs: 60_000, intervalMs: undefined, successes: 1 };
}

interface Told {
  /** What the shutdown names as its cause; `-`: none. */
  readonly collapse: string;
  readonly cause: string;
  readonly status: number;
  /** How each service ended, and for whose fault. */
  readonly ends: readonly string[];
}

function told(seen: Simulated): Told {
  const requested = seen.events.find((event) => event.type === 'shutdown.requested');
  const cause = requested?.cause;
  const ends = seen.events.flatMap((event) => {
    const [, how = ''] = event.type.split('.');
    if (!('service' in event) || !['failed', 'stopped', 'skipped', 'completed'].includes(how)) return [];
    return [`${event.service} ${how}${'due_to' in event ? ` due to ${event.due_to}` : ''}`];
  });
  return {
    collapse: cause === undefined ? '-' : cause.kind === 'collapse' ? cause.service : cause.kind,
    cause: seen.outcome.cause.replace(/ after .*/, ''),
    status: seen.outcome.status,
    ends: ends.sort(),
  };
}

interface Case {
  readonly name: string;
  readonly services: readonly ServiceConfig[];
  readonly behave: Readonly<Record<string, Behaviour>>;
  readonly more?: Partial<Scenario>;
  readonly told: Told;
}

const never: Behaviour = { endsAfterMs: 'never', obeysAfterMs: 10 };
const ends = (endsAfterMs: number, exit: Exit, more: Behaviour = {}): Behaviour => ({
  ...{ endsAfterMs, exit, obeysAfterMs: 10 },
  ...more,
});

const withPolicy = (onFailure: OnFailure) => ({ onFailure });

const cases: readonly Case[] = [
  {
    name: 'two that crash in the same moment: the one that was seen first is the cause',
    services: [service('a'), service('b')],
    behave: { a: ends(100, crash(1)), b: ends(100, crash(2)) },
    told: {
      ...{ collapse: 'a', cause: '"a" failed: exited with code 1', status: 1 },
      ends: ['a failed', 'b failed due to a'],
    },
  },
  {
    name: 'a dependency and then its dependent: the dependent is collateral, and told',
    services: [service('db'), service('api', ['db'])],
    behave: { db: ends(100, segfault), api: ends(100, crash(5)) },
    told: {
      ...{ collapse: 'db', cause: '"db" failed: was killed by SIGSEGV', status: 1 },
      ends: ['db failed', 'api failed due to db'],
    },
  },
  {
    name: 'a dependent and then its dependency: the dependent is the cause',
    services: [service('db'), service('api', ['db'])],
    behave: { db: ends(101, segfault), api: ends(100, crash(5)) },
    told: {
      ...{ collapse: 'api', cause: '"api" failed: exited with code 5', status: 1 },
      ends: ['api failed', 'db stopped due to api'],
    },
  },
  {
    name: 'a crash whose probe is slow to end is still earlier than one that came after it',
    services: [service('db', [], { ready: execReady(60_000) }), service('api')],
    behave: { db: ends(100, segfault), api: ends(110, crash(5), { obeysAfterMs: 500 }) },
    more: { commands: { probe: { afterMs: Number.POSITIVE_INFINITY, killMs: 50 } } },
    told: {
      ...{ collapse: 'db', cause: '"db" failed: was killed by SIGSEGV', status: 1 },
      ends: ['api stopped due to db', 'db failed'],
    },
  },
  {
    name: 'a deadline that passes is earlier than a crash just after it',
    services: [service('db', [], { ready: execReady(1000) }), service('api')],
    behave: { db: never, api: ends(1050, crash(5), { obeysAfterMs: 500 }) },
    more: { commands: { probe: { afterMs: 1, end: crash(9) as never } } },
    told: {
      ...{ collapse: 'db', status: 1 },
      cause: '"db" failed: not ready within 1 s: exec probe: exited with 9',
      ends: ['db failed', 'api stopped due to db'],
    },
  },
  {
    name: 'a dependent that crashes while it is being isolated doesn’t take the rest down',
    services: [
      service('db', [], withPolicy('isolate')),
      service('api', ['db']),
      service('web', ['api']),
      service('other'),
    ],
    behave: {
      db: ends(100, segfault),
      api: ends(110, crash(5)),
      web: { ...never, obeysAfterMs: 500 },
      other: never,
    },
    more: { requests: [term(5000)] },
    told: {
      ...{ collapse: 'signal', cause: '"db" failed: was killed by SIGSEGV', status: 1 },
      ends: ['db failed', 'api failed due to db', 'web stopped due to db', 'other stopped'],
    },
  },
  {
    name: 'a failure while an isolation is under way is a cause of its own',
    services: [service('db', [], withPolicy('isolate')), service('api', ['db']), service('other')],
    behave: { db: ends(100, segfault), api: { ...never, obeysAfterMs: 500 }, other: ends(200, crash(6)) },
    told: {
      ...{ collapse: 'other', cause: '"other" failed: exited with code 6', status: 1 },
      ends: ['db failed', 'other failed', 'api stopped due to db'],
    },
  },
  {
    name: 'of two isolated failures the first is the cause of the status',
    services: [
      service('a', [], withPolicy('isolate')),
      service('b', [], withPolicy('isolate')),
      service('c', ['a', 'b']),
    ],
    behave: { a: ends(100, crash(1)), b: ends(200, crash(2)), c: never },
    told: {
      ...{ collapse: '-', cause: '"a" failed: exited with code 1', status: 1 },
      ends: ['a failed', 'c stopped due to a', 'b failed'],
    },
  },
  {
    name: 'an ignored failure is the cause of nothing, a dependent that dies of it is',
    services: [service('db', [], withPolicy('ignore')), service('api', ['db'])],
    behave: { db: ends(100, segfault), api: ends(110, crash(5)) },
    told: {
      ...{ collapse: 'api', cause: '"api" failed: exited with code 5', status: 1 },
      ends: ['db failed', 'api failed'],
    },
  },
  {
    name: 'a crash during a shutdown makes the status, and doesn’t become what it was for',
    services: [service('db'), service('api', ['db'])],
    behave: { db: ends(5005, segfault), api: never },
    more: { requests: [term(5000)] },
    told: {
      ...{ collapse: 'signal', cause: '"db" failed: was killed by SIGSEGV', status: 1 },
      ends: ['db failed', 'api stopped'],
    },
  },
  {
    name: 'a failure during the start takes down what runs, and skips what was to come',
    services: [
      service('a'),
      service('b', ['a'], { ready: execReady(60_000) }),
      service('c', ['b']),
      service('d', ['c']),
    ],
    behave: { a: never, b: ends(100, crash(7)), c: never, d: never },
    more: { commands: { probe: { afterMs: Number.POSITIVE_INFINITY } } },
    told: {
      ...{ collapse: 'b', cause: '"b" failed: exited with code 7', status: 1 },
      ends: ['c skipped due to b', 'd skipped due to b', 'b failed', 'a stopped due to b'],
    },
  },
  {
    name: 'what would need a failed one is skipped by its fault, however far away it is',
    services: [
      service('a', [], withPolicy('ignore')),
      service('b', ['a'], { dependsOn: [sampleEdge('a', { condition: 'completed' })] }),
      service('c', ['b']),
    ],
    behave: { a: ends(100, crash(7)), b: never, c: never },
    told: {
      ...{ collapse: '-', cause: 'everything is done', status: 0 },
      ends: ['a failed', 'b skipped due to a', 'c skipped due to a'],
    },
  },
  {
    name: 'a clean-up that fails on the way down is unclean, and no cause',
    services: [
      service('a', [], { cleanup: [{ run: { kind: 'shell', script: 'clean' }, timeoutMs: 1000 }] }),
      service('b'),
    ],
    behave: { a: ends(100, crash(1)), b: never },
    more: { commands: { clean: { end: crash(4) as never } } },
    told: {
      ...{ collapse: 'a', cause: '"a" failed: exited with code 1', status: 1 },
      ends: ['a failed', 'b stopped due to a'],
    },
  },
];

for (const { name, services, behave, more, told: wanted } of cases) {
  test(`G8 ${name}`, async () => {
    const seen = await simulate({ services, behave: (of) => behave[of]!, ...more });
    assert.deepEqual(told(seen), { ...wanted, ends: [...wanted.ends].sort() });
    assert.deepEqual([seen.alive, seen.open], [0, []]);
  });
}
