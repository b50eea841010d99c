import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact } from '../../../src/events/event.ts';
import { EMPTY_STATUS, foldStatus, hasProcess, isActive } from '../../../src/events/status.ts';
import { eventAt, statusOf, type Timed } from '../output/support/events.ts';

const begun: Timed[] = [
  [0, { type: 'run.started', name: 'shop', services: ['db', 'api'], dependencies: {}, pid: 1 }],
  [
    1,
    {
      type: 'service.pending',
      service: 'api',
      attempt: 0,
      waiting_for: [{ service: 'db', condition: 'ready', why: 'starting' }],
    },
  ],
  [2, { type: 'service.starting', service: 'db', attempt: 1, pid: 7 }],
];

const db: { readonly service: string; readonly attempt: number } = { service: 'db', attempt: 1 };
const process = { pid: 7, startedMs: 2 };

const table: readonly (readonly [name: string, fact: Fact, expected: object])[] = [
  [
    'starting',
    { ...db, type: 'service.starting', pid: 8 },
    { state: 'starting', sinceMs: 2, pid: 8, startedMs: 10 },
  ],
  [
    'starting, and something runs before it',
    { ...db, type: 'service.before', run: './migrate.sh', pid: 8 },
    { state: 'starting', sinceMs: 2, pid: 8, startedMs: 10, detail: 'runs "./migrate.sh" before it' },
  ],
  [
    'ready',
    { ...db, type: 'service.ready', after_ms: 8, evidence: 'tcp', values: { port: '1' } },
    { state: 'ready', ...process, afterMs: 8, evidence: 'tcp', values: { port: '1' } },
  ],
  [
    'stopping',
    { ...db, type: 'service.stopping', reason: 'SIGINT', deadline_ms: 99 },
    { state: 'stopping', ...process, reason: 'SIGINT', deadlineMs: 99 },
  ],
  ['cleaning', { ...db, type: 'service.cleaning', count: 2 }, { state: 'cleaning', count: 2 }],
  [
    'backoff',
    { ...db, type: 'service.backoff', delay_ms: 200, failures: 2, cause: 'exited with code 3' },
    { state: 'backoff', untilMs: 210, failures: 2, cause: 'exited with code 3' },
  ],
  ['stopped', { ...db, type: 'service.stopped' }, { state: 'stopped' }],
  ['completed', { ...db, type: 'service.completed' }, { state: 'completed' }],
  [
    'failed',
    {
      ...db,
      type: 'service.failed',
      kind: 'exited',
      cause: 'exited with code 3',
      advice: '',
      output: ['oops'],
    },
    { state: 'failed', cause: 'exited with code 3', output: ['oops'] },
  ],
  ['skipped', { ...db, type: 'service.skipped', because: 'no' }, { state: 'skipped', because: 'no' }],
];

for (const [name, fact, expected] of table) {
  test(`a service is ${name}, with just the data of that state`, () => {
    const status = statusOf([...begun, [10, fact]]);
    assert.deepEqual(status.services.get('db'), { attempt: 1, sinceMs: 10, ...expected });
  });
}

test('before anything is said a service is pending and waits for nothing that is known', () => {
  const status = statusOf(begun.slice(0, 1));
  assert.equal(status.name, 'shop');
  assert.deepEqual(status.services.get('api'), { state: 'pending', attempt: 0, sinceMs: 0, waitingFor: [] });
});

test('a pending service knows what it waits for', () => {
  const it = statusOf(begun).services.get('api');
  assert.deepEqual(it?.state === 'pending' && it.waitingFor, [
    { service: 'db', condition: 'ready', why: 'starting' },
  ]);
});

test('events that move nothing leave the very same status', () => {
  const status = statusOf(begun);
  const facts: Fact[] = [
    { ...db, type: 'service.killed', reason: 'grace' },
    { ...db, type: 'service.cleanup', run: 'rm', code: 0, took_ms: 1, timed_out: false },
    { ...db, type: 'service.note', text: 'hm' },
    { ...db, type: 'log', stream: 'stdout', text: 'x' },
    { type: 'output.dropped', lines: 3 },
    { type: 'run.note', text: 'hm' },
    { type: 'shutdown.escalated', level: 2 },
  ];
  for (const fact of facts) assert.equal(foldStatus(status, eventAt(20, fact)), status, fact.type);
});

test('a fold never changes the status it was given', () => {
  const before = statusOf(begun);
  const copy = structuredClone(before);
  foldStatus(before, eventAt(20, { ...db, type: 'service.stopped' }));
  assert.deepEqual(before, copy);
});

test('a shutdown has a cause, a beginning, a budget and a level', () => {
  const cause = { kind: 'signal', signal: 'SIGINT' } as const;
  const facts: Timed[] = [
    [30, { type: 'shutdown.requested', cause, budget_ms: 2000 }],
    [40, { type: 'shutdown.escalated', level: 2 }],
  ];
  assert.deepEqual(statusOf(facts.slice(0, 1)).shutdown, { cause, sinceMs: 30, budgetMs: 2000, level: 1 });
  assert.deepEqual(statusOf(facts).shutdown, { cause, sinceMs: 30, budgetMs: 2000, level: 2 });
});

test('the end has its status, cause and survivors', () => {
  const survivors = [{ service: 'db', pid: 7, command: 'postgres' }];
  const status = foldStatus(
    EMPTY_STATUS,
    eventAt(9, { type: 'run.finished', status: 3, cause: 'c', survivors }),
  );
  assert.deepEqual(status.finished, { status: 3, cause: 'c', survivors });
});

test('active are those with an instance, or one being cleaned up after', () => {
  const active = table.filter(([, fact]) => isActive(statusOf([...begun, [10, fact]]).services.get('db')!));
  assert.deepEqual(
    active.map(([name]) => name),
    ['starting', 'starting, and something runs before it', 'ready', 'stopping', 'cleaning'],
  );
});

test('why it is not ready yet belongs to what starts, and goes with it', () => {
  const unready: Fact = { ...db, type: 'service.unready', detail: 'no answer' };
  const [before, told] = [statusOf(begun), statusOf([...begun, [10, unready]])];
  assert.deepEqual(told.services.get('db'), { ...before.services.get('db'), detail: 'no answer' });
  const isReady: Fact = { ...db, type: 'service.ready', after_ms: 8, evidence: 'tcp', values: {} };
  const ready = foldStatus(told, eventAt(20, isReady));
  assert.ok(!('detail' in ready.services.get('db')!));
  assert.equal(foldStatus(ready, eventAt(30, unready)), ready);
});

test('an exit takes the process away and moves nothing else', () => {
  const before = statusOf(begun);
  const after = foldStatus(before, eventAt(20, { ...db, type: 'service.exited', code: 0, asked: false }));
  assert.deepEqual(after.services.get('db'), { ...before.services.get('db'), pid: undefined });
  const nothing: Fact = { type: 'service.exited', service: 'api', attempt: 1, code: 0, asked: false };
  assert.equal(foldStatus(before, eventAt(20, nothing)), before);
});

test('those that run have a process or a clean-up: not what could not be spawned, nor what has exited', () => {
  const spawnFailed: Fact = { ...db, type: 'service.starting', pid: undefined };
  const exited: Fact = { ...db, type: 'service.exited', signal: 'SIGKILL', asked: false };
  const running = (fact: Fact) => hasProcess(statusOf([...begun, [10, fact]]).services.get('db')!);
  assert.deepEqual(
    table.filter(([, fact]) => running(fact)).map(([name]) => name),
    ['starting', 'starting, and something runs before it', 'ready', 'stopping', 'cleaning'],
  );
  assert.deepEqual([running(spawnFailed), running(exited)], [false, false]);
});
