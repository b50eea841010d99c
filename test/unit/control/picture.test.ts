/**
 * Each service as it is told to whoever asks: a fold of events.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Fact } from '../../../src/events/event.ts';
import { ALLOWED_MOVES } from '../../../src/events/state-table.ts';
import { accepted, started, type Told, toldPicture } from '../../support/told-picture.ts';

const of = { service: 'api', attempt: 1 } as const;
const run = started({ db: [], api: ['db'] });
const backoff: Fact = {
  ...{ type: 'service.backoff', ...of, delay_ms: 500, failures: 1, cause: 'exited with code 3' },
  restarts: { used: 1, max: 5 },
};
const wanted = (want: 'up' | 'down', wish: number, request: string, more: object = {}): Fact => ({
  ...{ type: 'service.wanted', ...of, wish, want, by: 'person', request },
  ...more,
});
const ready: Fact = {
  type: 'service.ready',
  ...of,
  after_ms: 1,
  evidence: 'it listens',
  values: { port: '1' },
};

function answer(...told: readonly Told[]) {
  const found = toldPicture([run, ...told]).service('api');
  assert.ok(found !== undefined);
  return found;
}

suite('the picture of a run', () => {
  test('each state has the fields that are valid in it', () => {
    const starting: Fact = { type: 'service.starting', ...of, pid: 7 };
    const states: Readonly<Record<string, readonly [readonly Told[], object]>> = {
      pending: [
        [
          {
            ...{ type: 'service.pending', ...of },
            waiting_for: [{ service: 'db', condition: 'ready', why: 'starting' }],
          },
        ],
        { waiting_for: [{ service: 'db', condition: 'ready', why: 'starting' }] },
      ],
      starting: [[starting], { pid: 7 }],
      ready: [[starting, ready], { pid: 7, evidence: 'it listens', values: { port: '1' } }],
      stopping: [
        [starting, { type: 'service.stopping', ...of, reason: 'it must', deadline_ms: 900 }],
        { pid: 7, until_ms: 900, why: 'it must' },
      ],
      cleaning: [[{ type: 'service.cleaning', ...of, count: 2 }], {}],
      backoff: [[100, backoff], { until_ms: 600, why: 'exited with code 3' }],
      stopped: [[{ type: 'service.stopped', ...of }], {}],
      completed: [[{ type: 'service.completed', ...of }], {}],
      failed: [
        [{ type: 'service.failed', ...of, kind: 'exited', cause: 'it broke', advice: 'mend', output: [] }],
        { why: 'it broke' },
      ],
      skipped: [[{ type: 'service.skipped', ...of, because: 'db failed' }], { why: 'db failed' }],
    };
    assert.deepEqual(Object.keys(states), Object.keys(ALLOWED_MOVES));
    for (const [state, [told, expected]] of Object.entries(states)) {
      const { service, state: found, since_ms, attempt, wanted: _, restarts, ...fields } = answer(...told);
      assert.deepEqual([service, found, attempt], ['api', state, 1]);
      assert.equal(since_ms, state === 'backoff' ? 100 : 0);
      assert.deepEqual(fields, expected, state);
      assert.equal(restarts.all, state === 'backoff' ? 1 : 0);
    }
  });

  test('WA-1 WA-9 what is wanted is of the file, or of the selection, until a request sets it anew', () => {
    const up = { want: 'up', wish: 1, open: true, since_ms: 0, by: 'file' };
    assert.deepEqual(answer().wanted, up);
    const picture = toldPicture([started({ db: [], api: ['db'] }, { selection: ['db'] })]);
    assert.deepEqual(picture.service('db')?.wanted, up);
    assert.equal(picture.service('api')?.state, 'stopped');
    assert.deepEqual(picture.service('api')?.wanted, {
      ...{ want: 'down', wish: 1, open: true, since_ms: 0, by: 'selection' },
      reason: 'it was not selected',
    });
    assert.deepEqual(answer(50, wanted('down', 2, 'r1', { reason: 'so it is' })).wanted, {
      ...{ want: 'down', wish: 2, open: true, since_ms: 50, by: 'person', request: 'r1' },
      reason: 'so it is',
    });
  });

  test('WA-3 a wish is spent by completion, by failing for good and by a stop for good, and by nothing else', () => {
    const failed: Fact = {
      type: 'service.failed',
      ...of,
      kind: 'exited',
      cause: 'c',
      advice: 'a',
      output: [],
    };
    for (const [told, open] of [
      [{ type: 'service.completed', ...of }, false],
      [failed, false],
      [{ type: 'service.stopped', ...of, spent: true }, false],
      [{ type: 'service.stopped', ...of }, true],
      [{ type: 'service.skipped', ...of, because: 'x' }, true],
      [backoff, true],
    ] as const)
      assert.equal(answer(told).wanted.open, open, told.type);
    assert.equal(answer(failed, wanted('up', 2, 'r1')).wanted.open, true);
    assert.equal(answer(wanted('up', 2, 'r1', { spent: true })).wanted.open, false);
  });

  test('WA-6 what was stopped along with others goes along with fewer when one of them is wanted again', () => {
    const along = wanted('down', 2, 'r1', { reason: 'x', along: ['db', 'disk'] });
    assert.deepEqual(answer(along).wanted.along, ['db', 'disk']);
    const db: Fact = {
      ...{ type: 'service.wanted', service: 'db', attempt: 1, wish: 3, want: 'up' },
      ...{ by: 'person', request: 'r2' },
    };
    assert.deepEqual(answer(along, db).wanted.along, ['disk']);
    const removed: Fact = { type: 'service.removed', service: 'db', attempt: 1, request: 'r3' };
    assert.deepEqual(answer(along, removed).wanted.along, ['disk']);
  });

  test('SD-1 while everything goes down nothing else is wanted; what was asked before is still known', () => {
    const shutdown: Fact = {
      ...{ type: 'shutdown.requested', cause: { kind: 'signal', signal: 'SIGTERM' } },
      budget_ms: 5,
    };
    const picture = toldPicture([run, wanted('down', 2, 'r1', { reason: 'x' }), 40, shutdown]);
    const { want, by, since_ms } = picture.service('api')!.wanted;
    assert.deepEqual([want, by, since_ms], ['down', 'shutdown', 40]);
    assert.equal(picture.asked('api')?.request, 'r1');
    assert.equal(picture.shutdownSeq, 3);
  });

  test('CT-4 restarts are counted since the last wish up, and in all', () => {
    const counts = (...told: readonly Told[]) => answer(...told).restarts;
    assert.deepEqual(counts(backoff, backoff), { since_wish: 2, all: 2 });
    assert.deepEqual(counts(backoff, wanted('up', 2, 'r1'), backoff), { since_wish: 1, all: 2 });
    assert.deepEqual(counts(backoff, wanted('down', 2, 'r1')), { since_wish: 1, all: 1 });
  });

  test('CT-4 ST-5 a service that left and came again is another one, but its restarts count on', () => {
    const change = (generation: number, added: readonly string[], removed: readonly string[]): Fact => ({
      ...{ type: 'graph.changed', generation, base: 1, request: 'r1', added, removed, changed: [] },
      dependencies: Object.fromEntries(added.map((name) => [name, []])),
    });
    const removed: Fact = { type: 'service.removed', ...of, request: 'r1' };
    const gone = toldPicture([run, backoff, wanted('down', 2, 'r1'), change(2, [], ['api']), 30, removed]);
    assert.equal(gone.service('api'), undefined);
    assert.deepEqual(gone.names, ['db']);
    assert.deepEqual(gone.removal('api'), { request: 'r1', ms: 30, seq: 5 });
    assert.deepEqual(gone.dependents('db'), []);
    const again = toldPicture([
      ...[run, backoff, change(2, [], ['api']), removed, 70, change(3, ['api'], [])],
      wanted('up', 4, 'r2'),
    ]);
    assert.equal(again.generation, 3);
    assert.deepEqual(again.names, ['db', 'api']);
    assert.equal(again.removal('api'), undefined);
    assert.equal(again.last('api', 'service.backoff'), undefined);
    const { state, since_ms, wanted: wish, restarts } = again.service('api')!;
    assert.deepEqual([state, since_ms, wish.wish, wish.request], ['pending', 70, 4, 'r2']);
    assert.deepEqual(restarts, { since_wish: 0, all: 1 });
    assert.deepEqual(again.dependencies('api'), []);
  });

  test('edges are those of the graph in force', () => {
    const edge = { service: 'db', condition: 'ready' } as const;
    const picture = toldPicture([run]);
    assert.deepEqual([picture.dependencies('api'), picture.dependencies('db')], [[edge], []]);
    assert.deepEqual([picture.dependents('db'), picture.dependents('api')], [['api'], []]);
    const changed: Fact = {
      ...{ type: 'graph.changed', generation: 2, base: 1, request: 'r1', added: [], removed: [] },
      ...{
        changed: [{ service: 'api', keys: ['depends_on'], class: 'in-place' }],
        dependencies: { api: [] },
      },
    };
    assert.deepEqual(toldPicture([run, changed]).dependents('db'), []);
  });

  test('names of services are names like others', () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const picture = toldPicture([started(Object.fromEntries(names.map((name) => [name, []])))]);
    assert.deepEqual(picture.names, names);
    for (const name of names) assert.equal(picture.service(name)?.state, 'pending');
    assert.equal(picture.service('valueOf'), undefined);
  });
});

suite('the requests of a run', () => {
  test('one that is not settled waits for what its plan has not reached yet', () => {
    const starting: Fact = { type: 'service.starting', ...of, attempt: 2, pid: 7 };
    const plan = accepted('r1', 'restart', { api: 'restart', db: 'start', other: 'lift' });
    const waits = (...told: readonly Told[]): unknown => {
      const picture = toldPicture([run, { type: 'service.starting', ...of, pid: 6 }, ready, plan, ...told]);
      return picture.requests.openOf('api', (name) => picture.status.services.get(name))[0]?.waits;
    };
    const dbReady: Fact = { ...ready, service: 'db' };
    assert.deepEqual(waits(), ['api', 'db']);
    assert.deepEqual(waits(dbReady), ['api']);
    assert.deepEqual(waits(dbReady, starting), ['api']);
    assert.deepEqual(waits(dbReady, starting, { ...ready, attempt: 2 }), []);
    assert.equal(
      waits({ type: 'request.settled', request: 'r1', outcome: 'reached', services: [] }),
      undefined,
    );
  });

  test('the oldest of very many are forgotten, never one that is open', () => {
    const told = Array.from({ length: 1_200 }, (_, index) => accepted(`r${index}`, 'stop', { api: 'stop' }));
    const { requests, status } = toldPicture([run, ...told]);
    assert.equal(requests.find('r0'), undefined);
    assert.equal(requests.find('r1199')?.kind, 'stop');
    assert.equal(requests.openOf('api', (name) => status.services.get(name)).length, 1_200);
  });
});
