/** A graph of functions that changes while it runs: services come, go, and are replaced. */
import assert from 'node:assert/strict';
import { sleep } from '../../../src/concurrency/index.ts';
import { defineService } from '../../../src/library/definition.ts';
import { supervise } from '../../../src/library/supervise.ts';
import { law } from '../../support/concurrency-lab.ts';
import { asked, scripted } from '../../support/service-lab.ts';

law('a reload replaces what is another definition, and leaves the very same alone', async (lab) => {
  const db = defineService({ name: 'db', run: scripted(lab) });
  const api = defineService({ name: 'api', dependsOn: [db], run: scripted(lab), restart: { max: 3 } });
  const run = supervise([db, api]);
  await run.ready;
  lab.note('|');
  assert.equal((await run.reload([db, api])).outcome, 'unchanged');
  const other = defineService({ ...api.options, name: 'api', run: scripted(lab) } as never);
  const { outcome, services } = await run.reload([db, other]);
  assert.deepEqual([outcome, services], ['reached', [{ service: 'api', outcome: 'reached' }]]);
  assert.equal(run.status.services.get('api')?.attempt, 2);
  lab.note('|');
  await run.down();
  lab.saw(`db.start db.ready api.start api.ready | api.asked api.end api.start api.ready |
    api.asked api.end db.asked db.end`);
});

law(
  'a service is added with what it depends on, has its values, and is removed after its clean-ups',
  async (lab) => {
    const db = defineService({
      name: 'db',
      reports: {} as { port: number },
      run: scripted(lab, { values: { port: 1 } }),
    });
    const run = supervise([db]);
    await run.ready;
    const seen: unknown[] = [];
    const worker = defineService({
      name: 'worker',
      dependsOn: [db],
      async run({ values, started, shutdown }) {
        seen.push(values(db).port);
        started({ done: 7 });
        await asked(shutdown);
      },
      cleanup: () => lab.note('worker.cleaned'),
    });
    assert.equal((await run.add(worker)).outcome, 'reached');
    assert.deepEqual(seen, [1]);
    assert.deepEqual(run.values<{ done: number }>('worker'), { done: 7 });
    assert.equal((await run.remove(db)).why, '"worker" depends on "db"');
    assert.equal((await run.add(worker)).why, 'there is a service "worker" already');
    assert.equal((await run.remove(worker)).outcome, 'reached');
    assert.deepEqual([...run.status.services.keys()], ['db']);
    await run.down();
    lab.saw('db.start db.ready worker.cleaned db.asked db.end');
  },
);

law(
  'RL-1 RL-9 all that is wrong with a graph refuses the whole of it, with every place, and nothing is touched',
  async (lab) => {
    const db = defineService({ name: 'db', run: scripted(lab) });
    const run = supervise([db]);
    await run.ready;
    const { outcome, why = '' } = await run.reload([
      defineService({ name: 'a', dependsOn: ['b'], run: () => {} }),
      defineService({ name: 'b', dependsOn: ['a'], run: () => {} }),
      defineService({ name: 'c', dependsOn: ['nobody'], run: () => {}, stop: { grace: '1 parsec' } }),
    ]);
    assert.equal(outcome, 'refused');
    for (const part of [/wait for each other: a -> b -> a/, /"c" cannot depend on "nobody"/, /parsec/])
      assert.match(why, part);
    assert.deepEqual(
      [...run.status.services].map(([name, { attempt }]) => [name, attempt]),
      [['db', 1]],
    );
    await run.down();
    lab.saw('db.start db.ready db.asked db.end');
  },
);

law('RL-2 variables are those that the run began with', async (lab) => {
  const run = supervise([defineService({ name: 'db', run: scripted(lab) })]);
  await run.ready;
  process.env.ORDERLY_TEST_LATE = '7s';
  try {
    const late = defineService({ name: 'db', command: ['true'], stop: { grace: '${ORDERLY_TEST_LATE}' } });
    const { outcome, why = '' } = await run.reload([late]);
    assert.equal(outcome, 'refused');
    assert.match(why, /ORDERLY_TEST_LATE/);
  } finally {
    delete process.env.ORDERLY_TEST_LATE;
  }
  await run.down();
  lab.saw('db.start db.ready db.asked db.end');
});

law('what fails to start leads back to the functions of before', async (lab) => {
  const good = defineService({ name: 'api', run: scripted(lab) });
  const bad = defineService({
    name: 'api',
    run() {
      throw new Error('no port');
    },
  });
  const run = supervise([good]);
  await run.ready;
  const { outcome, why } = await run.reload([bad]);
  assert.equal(outcome, 'failed');
  assert.match(why ?? '', /^"api" threw Error: no port .*; rolled back$/);
  assert.equal(run.status.services.get('api')?.state, 'ready');
  assert.equal((await run.reload([bad], { rollback: false })).outcome, 'failed');
  await sleep(1000);
  const report = await run.down().then(() => run.catch((error) => error.report));
  assert.equal(report.status, 1);
});

law('a graph that has not begun, or has ended, can not be changed', async (lab) => {
  const db = defineService({ name: 'db', run: scripted(lab) });
  const run = supervise([db]);
  assert.equal((await run.reload([db])).why, 'the graph does not run yet');
  await run.ready;
  await run.down();
  assert.equal((await run.remove(db)).outcome, 'refused');
  lab.saw('db.start db.ready db.asked db.end');
});
