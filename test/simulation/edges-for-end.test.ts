/**
 * Who waits for the end of another: it has come when nothing of that one follows, not while a restart is due.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EdgeCondition, OnFailure, RestartPolicy, ServiceConfig } from '../../src/config/types.ts';
import { checkRecord } from '../support/check-record.ts';
import { assertStartsAllowed } from '../support/laws.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { eventsOf } from '../support/simulated-lives.ts';
import type { Simulated } from '../support/simulation.ts';
import { crashes, play, restart, service, sigterm, startsOf, USUAL } from '../support/small-graphs.ts';

const ends = (code: number): Behaviour => ({
  readyAfterMs: 10,
  endsAfterMs: 100,
  exit: { kind: 'code', code },
});

interface Row {
  readonly what: string;
  readonly condition: EdgeCondition;
  readonly policy: RestartPolicy['policy'];
  readonly max?: number;
  readonly codes: readonly number[];
  /** How many instances `first` has had when `next` starts; undefined: it never does. */
  readonly after: number | undefined;
}

const rows: readonly Row[] = [
  { what: 'a success that is final', condition: 'completed', policy: 'on-failure', codes: [0], after: 1 },
  {
    what: 'failures, then a success',
    condition: 'completed',
    policy: 'on-failure',
    codes: [3, 3, 0],
    after: 3,
  },
  {
    what: 'a success that is started again',
    condition: 'completed',
    policy: 'always',
    max: 0,
    codes: [0],
    after: undefined,
  },
  {
    what: 'a success that is started again until it may no more',
    condition: 'completed',
    policy: 'always',
    codes: [0],
    after: undefined,
  },
  {
    what: 'an end that is started again',
    condition: 'exited',
    policy: 'always',
    max: 0,
    codes: [0],
    after: undefined,
  },
  {
    what: 'a failure that is started again, then a success',
    condition: 'exited',
    policy: 'on-failure',
    codes: [3, 0],
    after: 2,
  },
  {
    what: 'failures until it has failed for good',
    condition: 'exited',
    policy: 'on-failure',
    codes: [3],
    after: 3,
  },
  { what: 'a failure that is final', condition: 'exited', policy: 'no', codes: [3], after: 1 },
];

for (const type of ['service', 'task'] as const) {
  for (const { what, condition, policy, max = 2, codes, after } of rows) {
    test(`G1 ${condition} of a ${type}: ${what}`, async () => {
      const base = service('first');
      const first: ServiceConfig = {
        ...base,
        type,
        ready: type === 'task' ? undefined : base.ready,
        onFailure: 'ignore',
        restart: { ...base.restart, policy, max },
      };
      const services = [first, service('next', { first: { condition } })];
      const seen = await play(
        services,
        {},
        {
          behave: (name, attempt) => (name === 'first' ? ends(codes[attempt - 1] ?? codes.at(-1)!) : USUAL),
        },
      );
      assert.equal(instancesBefore(seen, 'next'), after);
      assert.deepEqual(checkRecord(services, seen.events, { toldWithinMs: 0 }), []);
      assertStartsAllowed({ services }, seen);
    });
  }
}

function instancesBefore(seen: Simulated, name: string): number | undefined {
  const started = eventsOf(seen, 'service.starting').find((event) => event.service === name);
  if (started === undefined) return undefined;
  return eventsOf(seen, 'service.starting').filter(
    (event) => event.service === 'first' && event.seq < started.seq,
  ).length;
}

test('G1 who gave way and comes back has not ended', async () => {
  const seen = await play(
    [service('db'), service('api', { db: restart() }), service('next', { api: { condition: 'exited' } })],
    { db: [crashes(100)], api: [USUAL, { ...USUAL, endsAfterMs: 500 }] },
  );
  assert.equal(startsOf(seen, 'api'), 2);
  const [next] = eventsOf(seen, 'service.starting').filter((event) => event.service === 'next');
  const [done] = eventsOf(seen, 'service.completed');
  assert.ok(next !== undefined && done !== undefined && next.seq > done.seq);
});

test('who waits for an end is not in its way: what has to stop stops, and then it starts', async () => {
  const isolated: { onFailure: OnFailure; restart: RestartPolicy } = {
    onFailure: 'isolate',
    restart: { ...service('any').restart, policy: 'no' },
  };
  const seen = await play(
    [
      service('db', {}, isolated),
      service('api', { db: {} }),
      service('next', { api: { condition: 'exited' } }),
    ],
    { db: [crashes(100)] },
    { requests: [sigterm(5000)] },
  );
  const [stopping] = eventsOf(seen, 'service.stopping').filter((event) => event.service === 'api');
  assert.equal(stopping?.ms, 100);
  assert.equal(startsOf(seen, 'next'), 1);
});
