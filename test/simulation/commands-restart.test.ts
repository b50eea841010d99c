/**
 * RE, SG and WT of the contract of commands, a test a sentence: restarts, signals and waiting.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  asked,
  chain,
  completed,
  crash,
  ignored,
  outcomes,
  plot,
  restart,
  restarting,
  run,
  service,
  statesAt,
  story,
  task,
} from '../support/commanding.ts';
import { sampleEdge } from '../support/sample-config.ts';
import { eventsOf } from '../support/simulated-lives.ts';

test('RE-1 a restart is one wish: it is never wanted down, and the old instance is gone before the new one', async () => {
  const seen = await run([service('db')], [asked(1000, 'restart', 'db')], () => ({ obeysAfterMs: 700 }));
  assert.deepEqual(
    eventsOf(seen, 'service.wanted').map(({ want }) => want),
    ['up'],
  );
  const spawns = seen.log
    .filter(({ what }) => what === 'spawn' || what === 'gone')
    .map(({ what, ms }) => [what, ms]);
  assert.deepEqual(spawns.slice(0, 3), [
    ['spawn', 0],
    ['gone', 1700],
    ['spawn', 1700],
  ]);
});

test('RE-2 what can be foreseen is foreseen before anything is asked to stop', async () => {
  const foresee = (name: string, atMs: number) =>
    name === 'api' && atMs < 2000 ? 'Cannot start "api": why' : undefined;
  const seen = await run(
    chain(),
    [asked(1000, 'restart', 'db api'), asked(3000, 'restart', 'db api')],
    () => ({}),
    { foresee },
  );
  assert.deepEqual(outcomes(seen), ['r1 refused: Cannot start "api": why', 'r2 reached']);
  assert.equal(statesAt(seen, 2000), 'api ready#1, db ready#1, web ready#1');
});

test('RE-3 who reacts at once goes first and comes back, who keeps runs on', async () => {
  const services = [service('db'), service('keeps', ['db']), service('reacts', [restarting('db')])];
  const seen = await run(services, [asked(1000, 'restart', 'db')]);
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [db]',
    ...['reacts.asked', 'db.asked', 'db.up', 'db.ready', 'reacts.up', 'reacts.ready', 'r1 reached'],
  ]);
  assert.equal(statesAt(seen, 9000), 'db ready#2, keeps ready#1, reacts ready#2');
});

test('RE-4 with dependents all that can not be without it are restarted too, each once', async () => {
  const services = [...chain(), service('down', ['web'])];
  const seen = await run(services, [
    asked(500, 'stop', 'down'),
    asked(1000, 'restart', 'db', { withDependents: true }),
  ]);
  assert.deepEqual(plot(seen, 1000), [
    'r2 accepted [db api web]',
    ...[
      'web.asked',
      'api.asked',
      'db.asked',
      'db.up',
      'db.ready',
      'api.up',
      'api.ready',
      'web.up',
      'web.ready',
    ],
    'r2 reached',
  ]);
  assert.equal(statesAt(seen, 9000), 'api ready#2, db ready#2, down stopped#1, web ready#2');
});

test('RE-5 alone it is replaced unnoticed by those whose edges react', async () => {
  const services = [service('db'), service('reacts', [restarting('db')])];
  const seen = await run(services, [asked(1000, 'restart', 'db', { noDeps: true })], (name, attempt) =>
    name === 'db' && attempt === 2 ? crash(5000) : {},
  );
  assert.deepEqual(plot(seen, 1000, 5000), [
    'r1 accepted [db]',
    'db.asked',
    'db.up',
    'db.ready',
    'r1 reached',
  ]);
  // That the new one crashes is noticed.
  assert.equal(statesAt(seen, 9000), 'db ready#3, reacts ready#2');
});

test('RE-6 needs are not restarted, and those at rest are started', async () => {
  const services = [service('cache'), service('db'), service('api', ['cache', 'db'])];
  const seen = await run(services, [
    asked(1000, 'stop', 'db', { noDeps: true }),
    asked(2000, 'restart', 'api'),
  ]);
  assert.equal(statesAt(seen, 9000), 'api ready#2, cache ready#1, db ready#2');
});

test('RE-7 at rest it starts, unless it is to be left alone there', async () => {
  const seen = await run(chain(), [
    asked(1000, 'stop', 'web'),
    asked(2000, 'restart', 'web', { ifUp: true }),
    asked(3000, 'restart', 'web'),
  ]);
  assert.equal(statesAt(seen, 2900), 'api ready#1, db ready#1, web stopped#1');
  assert.equal(statesAt(seen, 9000), 'api ready#1, db ready#1, web ready#2');
  assert.deepEqual(outcomes(seen), ['r1 reached', 'r2 unchanged', 'r3 reached']);
});

test('RE-8 of several a dependent that is named is gone before what it needs is asked', async () => {
  const seen = await run(chain(), [asked(1000, 'restart', 'db web')]);
  const told = plot(seen, 1000);
  assert.ok(told.indexOf('web.asked') < told.indexOf('db.asked'));
  assert.deepEqual(told.filter((line) => /up$/.test(line)).toSorted(), ['db.up', 'web.up']);
});

test('RE-9 a restart has no delay', async () => {
  const seen = await run([service('api', [], restart({ delayMs: 60_000 }))], [asked(1000, 'restart', 'api')]);
  assert.deepEqual(
    eventsOf(seen, 'service.starting').map(({ ms }) => ms),
    [0, 1010],
  );
});

test('RE-10 who is pending stays so through it, and nobody is skipped', async () => {
  const seen = await run(chain(), [asked(100, 'restart', 'db')], (name) =>
    name === 'db' ? { readyAfterMs: 1000 } : {},
  );
  assert.deepEqual(eventsOf(seen, 'service.skipped'), []);
  assert.equal(statesAt(seen, 9000), 'api ready#1, db ready#2, web ready#1');
});

test('RE-11 a restart is reached when all that stopped for it are ready', async () => {
  const services = [service('db'), service('api', [restarting('db')])];
  const seen = await run(services, [asked(1000, 'restart', 'db')], (name, attempt) =>
    name === 'api' && attempt === 2 ? { readyAfterMs: 7000 } : {},
  );
  assert.equal(eventsOf(seen, 'request.settled')[0]?.ms, 8030);
});

test('SG-1 SG-2 a signal changes neither wanted nor state, and an end that follows is judged by the policy', async () => {
  const seen = await run([service('db')], [asked(1000, 'signal', 'db', { signal: 'SIGHUP' })]);
  assert.deepEqual(
    seen.log.filter(({ what }) => what === 'signal').map(({ signal }) => signal),
    ['SIGHUP main'],
  );
  assert.deepEqual(eventsOf(seen, 'service.wanted'), []);
  assert.deepEqual(outcomes(seen), ['r1 reached']);
});

test('SG-3 without a main process that runs it is refused', async () => {
  const seen = await run(chain(), [
    asked(1000, 'stop', 'web'),
    asked(2000, 'signal', 'db web', { signal: 'SIGHUP' }),
  ]);
  assert.deepEqual(outcomes(seen), ['r1 reached', 'r2 refused: "web" has no process that runs']);
  assert.deepEqual(
    seen.log.filter(({ what }) => what === 'signal'),
    [],
  );
});

test('WT-1 a wait is over as soon as it holds, at once if it does', async () => {
  const services = [service('db'), task('job', ['db'])];
  const behave = (name: string) => (name === 'job' ? { endsAfterMs: 2000 } : { readyAfterMs: 500 });
  const seen = await run(
    services,
    [
      asked(100, 'wait', 'db', { until: 'ready' }),
      asked(200, 'wait', 'job', { until: 'completed' }),
      asked(700, 'wait', 'db', { until: 'ready' }),
      asked(800, 'wait', 'db', { until: 'healthy' }),
      asked(3000, 'stop', 'db'),
      asked(3001, 'wait', 'db', { until: 'stopped' }),
    ],
    behave,
  );
  const at = (id: string) => eventsOf(seen, 'request.settled').find(({ request }) => request === id);
  assert.deepEqual(
    ['r1', 'r2', 'r3', 'r4', 'r6'].map((id) => at(id)?.ms),
    [500, 2500, 700, 800, 3010],
  );
  assert.ok(['r1', 'r2', 'r3', 'r4', 'r6'].every((id) => at(id)?.outcome === 'reached'));
});

test('WT-2 a wait fails as soon as it can not hold without another request', async () => {
  const services = [service('db', [], ignored), service('api', ['db'], ignored)];
  const seen = await run(services, [asked(0, 'wait', 'api', { until: 'ready' })], (name) =>
    name === 'db' ? { ...crash(1000), readyAfterMs: 'never' } : {},
  );
  const [settled] = eventsOf(seen, 'request.settled');
  assert.deepEqual([settled?.ms, settled?.outcome], [1000, 'failed']);
  assert.match(settled?.why ?? '', /^"api" was skipped: "db" failed: exited with code 1/);
});

test('WT-3 a completed task is ready', async () => {
  const services = [task('job'), service('api', [completed('job')])];
  const seen = await run(services, [asked(1000, 'wait', 'job', { until: 'ready' })], (name) =>
    name === 'job' ? { endsAfterMs: 50 } : {},
  );
  assert.deepEqual(outcomes(seen), ['r1 reached']);
});

test('WT-4 of several all are waited for, or the first; a restart in between ends no wait', async () => {
  const services = [service('slow'), service('fast')];
  const seen = await run(
    services,
    [
      asked(0, 'wait', 'slow fast', { until: 'ready' }),
      asked(1, 'wait', 'slow fast', { until: 'ready', any: true }),
      asked(2000, 'restart', 'slow'),
    ],
    (name) => ({ readyAfterMs: name === 'slow' ? 5000 : 100 }),
  );
  const at = (id: string) => eventsOf(seen, 'request.settled').find(({ request }) => request === id)?.ms;
  assert.deepEqual([at('r1'), at('r2')], [7010, 100]);
});

test('WT-5 stopped holds at every rest', async () => {
  const services = [service('db', [], ignored), service('api', ['db'], ignored), task('job')];
  const seen = await run(
    services,
    [asked(5000, 'wait', '*', { until: 'stopped' })],
    (name) => (name === 'db' ? { ...crash(1000), readyAfterMs: 'never' } : { endsAfterMs: 50 }),
    { options: { isDetached: true } },
  );
  assert.deepEqual(outcomes(seen), ['r1 reached']);
});

test('WT-6 a wait keeps nothing up', async () => {
  const edge = sampleEdge('db');
  const seen = await run(
    [service('db'), service('api', [edge])],
    [asked(1000, 'wait', 'db', { until: 'stopped' }), asked(2000, 'stop', 'db')],
  );
  assert.deepEqual(outcomes(seen).toSorted(), ['r1 reached', 'r2 reached']);
  assert.deepEqual(story(seen, 1000, 1500), ['r1 accepted []']);
});
