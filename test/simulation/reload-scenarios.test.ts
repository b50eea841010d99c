/**
 * Whole stories of a graph that changes while it runs, as the contract of commands tells them, on the virtual clock.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceConfig } from '../../src/config/types.ts';
import {
  asked,
  chain,
  code,
  outcomes,
  plot,
  reload,
  restart,
  run,
  service,
  signal,
  statesAt,
} from '../support/commanding.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';

/** A service by another program. */
const by = (program: string): Partial<ServiceConfig> => ({ command: { kind: 'exec', argv: [program] } });

/** The first instance of it behaves; what came after it, and before that number, ends with 1. */
const broken =
  (name: string, ...attempts: readonly number[]) =>
  (service: string, attempt: number): Behaviour =>
    service === name && attempts.includes(attempt)
      ? { readyAfterMs: 'never', endsAfterMs: 10, exit: code(1) }
      : {};

test('X16 reload: one variable of api, and the restarts of web', async () => {
  const web = service('web', ['api']);
  const after = [
    service('db'),
    service('api', ['db'], { env: { MODE: 'new' } }),
    { ...web, restart: { ...web.restart, max: 9 } },
  ];
  const seen = await run(chain(), [reload(1000, after)]);
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [api web]',
    'api.asked',
    'graph 2 of 1: api env restart web restart in-place',
    ...['api.up', 'api.ready', 'r1 reached'],
  ]);
});

test('X17 reload: db is called pg now, what needs it follows, and who keeps runs on', async () => {
  const url = (of: string) => ({ env: { URL: [{ service: of, value: 'port' }] } });
  const before = [service('db'), service('api', ['db'], url('db')), service('web', ['api'])];
  const after = [service('pg', [], by('db')), service('api', ['pg'], url('pg')), service('web', ['api'])];
  const seen = await run(before, [reload(1000, after)], () => ({ values: { port: '5432' } }));
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [api db pg]',
    ...['api.asked', 'db.asked', 'db.stopped'],
    'graph 2 of 1: +pg -db api env,depends_on restart',
    ...['db.removed', 'pg.up', 'pg.ready', 'api.up', 'api.ready', 'r1 reached'],
  ]);
  assert.equal(statesAt(seen, 90_000), 'api ready#2, db stopped#1, pg ready#1, web ready#1');
});

test('X18 reload: the new api exits, so everything goes back, what was added too', async () => {
  const before = chain();
  const after = [
    service('db'),
    service('api', ['db'], by('new')),
    service('web', ['api']),
    service('mailer'),
  ];
  const seen = await run(before, [reload(1000, after)], (name, attempt) =>
    name === 'mailer' ? { readyAfterMs: 1000 } : broken('api', 2)(name, attempt),
  );
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [api mailer]',
    'api.asked',
    'graph 2 of 1: +mailer api command restart',
    ...['mailer.up', 'api.up', 'mailer.asked', 'mailer.stopped'],
    'graph 3 of 1: -mailer api command restart',
    ...['mailer.removed', 'api.up', 'api.ready', 'r1 failed'],
  ]);
  assert.deepEqual(outcomes(seen), [
    'r1 failed: "api" exited with code 1 after 10 ms, before it was ready; rolled back',
  ]);
});

test('X19 reload: neither the new api nor the old one comes up, and a mended file helps', async () => {
  const more = restart({ max: 1, delayMs: 100 });
  const before = [service('db'), service('api', ['db'], more), service('web', ['api'])];
  const next = (program: string) => [
    service('db'),
    service('api', ['db'], { ...more, ...by(program) }),
    service('web', ['api']),
  ];
  const seen = await run(
    before,
    [reload(1000, next('new')), reload(5000, next('mended'))],
    broken('api', 2, 3, 4),
  );
  assert.deepEqual(plot(seen, 1000, 5000), [
    'r1 accepted [api]',
    'api.asked',
    'graph 2 of 1: api command restart',
    'api.up',
    'graph 3 of 1: api command restart',
    ...['api.up', 'api.backoff', 'api.up', 'api.failed', 'r1 failed'],
  ]);
  assert.match(
    outcomes(seen)[0] ?? '',
    /rolled back, and what was there before can't be brought back: "api" failed/,
  );
  assert.deepEqual(plot(seen, 5000), [
    'r2 accepted [api]',
    'graph 4 of 3: api command restart',
    ...['api.up', 'api.ready', 'r2 reached'],
  ]);
  assert.equal(statesAt(seen, 90_000), 'api ready#5, db ready#1, web ready#1');
});

test('X20 RL-22 a reload in the middle of another: the newest file counts, and a failure leads back to the first', async () => {
  const next = (program: string) => [
    service('db'),
    service('api', ['db'], by(program)),
    service('web', ['api']),
  ];
  const hangs = (name: string, attempt: number): Behaviour =>
    name === 'api' && attempt === 2 ? { readyAfterMs: 'never' } : {};
  const mended = await run(chain(), [reload(1000, next('hangs')), reload(3000, next('mended'))], hangs);
  assert.deepEqual(plot(mended, 3000), [
    'r2 accepted [api]',
    'r1 replaced by r2',
    'api.asked',
    'graph 3 of 1: api command restart',
    ...['api.up', 'api.ready', 'r2 reached'],
  ]);
  const worse = await run(
    chain(),
    [reload(1000, next('hangs')), reload(3000, next('worse'))],
    (name, attempt) =>
      name === 'api' && attempt === 3 ? broken('api', 3)(name, attempt) : hangs(name, attempt),
  );
  assert.deepEqual(plot(worse, 3000).slice(3), [
    'graph 3 of 1: api command restart',
    'api.up',
    'graph 4 of 1: api command restart',
    ...['api.up', 'api.ready', 'r2 failed'],
  ]);
});

test('X21 SD-4 RL-28 a signal in the down phase: the old order, and no switch', async () => {
  const after = [service('db', [], by('new')), service('api', ['db'])];
  const seen = await run(chain(), [reload(1000, after), signal(1005)], () => ({ obeysAfterMs: 500 }));
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [web db]',
    'web.asked',
    'r1 abandoned',
    ...['web.stopped', 'api.asked', 'api.stopped', 'db.asked', 'db.stopped'],
  ]);
  assert.equal(seen.outcome.status, 143);
});

test('RQ-17 RL-28 a reload is refused while everything goes down', async () => {
  const seen = await run(chain(), [signal(1000), reload(1001, []), asked(1002, 'remove', 'web')]);
  assert.deepEqual(
    plot(seen, 1000).filter((line) => line.startsWith('r')),
    ['r1 refused: shutting-down', 'r2 refused: shutting-down'],
  );
});
