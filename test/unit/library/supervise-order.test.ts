/** Services that are functions start when what they depend on is ready, and stop when nobody needs them. */
import assert from 'node:assert/strict';
import { sleep } from '../../../src/concurrency/index.ts';
import type { OrderlyEvent } from '../../../src/events/event.ts';
import { stateAfter } from '../../../src/events/state-table.ts';
import { defineService } from '../../../src/library/definition.ts';
import { supervise } from '../../../src/library/supervise.ts';
import type { ValuesOf } from '../../../src/tasks/run-context.ts';
import { law, thrownBy } from '../../support/concurrency-lab.ts';
import { asked, scripted } from '../../support/service-lab.ts';

law('G1 G2 functions start in the order of their dependencies and stop in reverse', async (lab) => {
  const db = defineService({ name: 'db', run: scripted(lab), cleanup: () => lab.note('db.cleaned') });
  const cache = defineService({ name: 'cache', dependsOn: [db], run: scripted(lab) });
  const api = defineService({ name: 'api', dependsOn: [cache], run: scripted(lab, { stopMs: 5 }) });
  const run = supervise([api, cache, db]);
  await run.ready;
  await run.down();
  lab.saw(`db.start db.ready cache.start cache.ready api.start api.ready
    api.asked api.end cache.asked cache.end db.asked db.end db.cleaned`);
  assert.equal((await run).status, 0);
});

law('independent functions start at the same time, and stop at the same time', async (lab) => {
  const slow = (name: string) => defineService({ name, run: scripted(lab, { startMs: 100, stopMs: 50 }) });
  const run = supervise([slow('a'), slow('b'), slow('c')]);
  await run.ready;
  assert.equal(lab.clock.now(), 100);
  await run.down();
  assert.equal(lab.clock.now(), 150);
  lab.saw(
    '{a.start b.start c.start} {a.ready b.ready c.ready} {a.asked b.asked c.asked} {a.end b.end c.end}',
  );
});

law('a function is given the very objects that those reported it depends on', async (lab) => {
  const pool = { size: 3 };
  const db = defineService<{ pool: { size: number } }>({
    name: 'db',
    run: scripted(lab, { values: { pool } }),
  });
  const cache = defineService({ name: 'cache', dependsOn: [db], run: scripted(lab) });
  let seen: unknown;
  const api = defineService({
    name: 'api',
    dependsOn: [cache],
    async run({ values, started, shutdown }) {
      const any: ValuesOf = values as ValuesOf;
      seen = any(db).pool;
      assert.equal(any('db').pool, pool);
      assert.throws(() => any('other'), /"api" can't have the values of "other": it doesn't depend on it/);
      started();
      await asked(shutdown);
    },
  });
  const run = supervise([db, cache, api]);
  await run.ready;
  assert.equal(seen, pool);
  await run.down();
});

law('what an optional dependency has not reported is undefined', async (lab) => {
  const metrics = defineService({
    name: 'metrics',
    type: 'task',
    run: () => assert.fail('no metrics'),
    onFailure: 'ignore',
  });
  let seen: unknown = 'nothing';
  const api = defineService({
    name: 'api',
    dependsOn: { metrics: { optional: true } },
    async run({ values, started }) {
      seen = values.maybe(metrics);
      assert.throws(() => values(metrics), /it has not been ready yet/);
      started();
    },
  });
  await supervise([metrics, api]);
  assert.equal(seen, undefined);
  lab.saw('');
});

law('a task lets those start that wait for its end, and may report to them', async (lab) => {
  const migrate = defineService<{ version: number }>({
    name: 'migrate',
    type: 'task',
    async run({ started }) {
      await sleep(100);
      started({ version: 7 });
      lab.note('migrated');
    },
  });
  const api = defineService({
    name: 'api',
    dependsOn: [migrate],
    run: ({ values }) => lab.note(`api:${values(migrate).version}`),
    type: 'task',
  });
  const report = await supervise([api, migrate]);
  lab.saw('migrated api:7');
  assert.equal(report.status, 0);
  assert.equal(report.services.get('migrate')?.state, 'completed');
});

law(
  'a service goes through its states: pending, starting, ready, stopping, cleaning, stopped',
  async (lab) => {
    const states: string[] = [];
    const note = (event: OrderlyEvent) => {
      const state = stateAfter(event);
      if (state !== undefined && 'service' in event && event.service === 'api') states.push(state);
    };
    const db = defineService({ name: 'db', run: scripted(lab) });
    const api = defineService({ name: 'api', dependsOn: [db], run: scripted(lab), cleanup: () => sleep(1) });
    const run = supervise([db, api], { onEvent: note });
    await run.ready;
    assert.equal(run.status.services.get('api')?.state, 'ready');
    await run.down();
    assert.deepEqual(states, ['pending', 'starting', 'ready', 'stopping', 'cleaning', 'stopped']);
  },
);

law('it ends by itself when every service has ended', async (lab) => {
  const once = (name: string) => defineService({ name, type: 'task', run: () => sleep(20) });
  const report = await supervise([once('a'), once('b')]);
  assert.equal(lab.clock.now(), 20);
  assert.equal(report.cause, 'everything is done');
});

law('no more than maxStarting are starting at once', async (lab) => {
  const names = ['a', 'b', 'c'];
  const run = supervise(
    names.map((name) => defineService({ name, run: scripted(lab, { startMs: 100 }) })),
    { maxStarting: 1 },
  );
  await run.ready;
  assert.equal(lab.clock.now(), 300);
  await run.down();
});

law('ready rejects if the graph went down before, and not before it has', async (lab) => {
  const run = supervise([defineService({ name: 'a', run: scripted(lab, { startMs: 1000 }) })]);
  await sleep(10);
  void run.down();
  assert.match(String(await thrownBy(run.ready)), /went down before all were ready: asked to go down/);
  assert.equal(run.status.finished?.status, 0);
  lab.saw('a.start a.ready a.asked a.end');
});

law('a service that is restarted is given a new instance, and its dependents its new values', async () => {
  const db = defineService<{ attempt: number }>({
    name: 'db',
    restart: { delay: '100ms', jitter: 0 },
    async run({ started, attempt, shutdown }) {
      started({ attempt });
      if (attempt === 1) {
        await sleep(50);
        throw new Error('lost');
      }
      await asked(shutdown);
    },
  });
  const seen: number[] = [];
  const api = defineService({
    name: 'api',
    dependsOn: { db: { onLoss: 'restart' } },
    async run({ values, started, shutdown }) {
      seen.push(values(db).attempt);
      started();
      await asked(shutdown);
    },
  });
  const run = supervise([db, api]);
  await sleep(1000);
  assert.deepEqual(seen, [1, 2]);
  await run.down();
  assert.equal((await run).status, 0);
});
