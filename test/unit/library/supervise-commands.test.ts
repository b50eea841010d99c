/** A graph that runs can be told to start, stop and restart single services. */
import assert from 'node:assert/strict';
import { sleep } from '../../../src/concurrency/index.ts';
import { defineService } from '../../../src/library/definition.ts';
import { supervise } from '../../../src/library/supervise.ts';
import { law } from '../../support/concurrency-lab.ts';
import { scripted } from '../../support/service-lab.ts';

law('G2 what is stopped goes with what needs it, in reverse, and comes back with it', async (lab) => {
  const db = defineService({ name: 'db', run: scripted(lab), cleanup: () => lab.note('db.cleaned') });
  const api = defineService({ name: 'api', dependsOn: [db], run: scripted(lab) });
  const run = supervise([db, api]);
  await run.ready;
  assert.deepEqual(await run.stop(db), {
    outcome: 'reached',
    status: 0,
    services: [
      { service: 'db', outcome: 'reached' },
      { service: 'api', outcome: 'reached' },
    ],
  });
  assert.equal(run.status.services.get('db')?.state, 'stopped');
  lab.note('|');
  await sleep(60_000);
  assert.equal((await run.start('db')).outcome, 'reached');
  assert.equal((await run.start('api')).outcome, 'reached');
  lab.note('|');
  assert.equal((await run.start([db, api])).outcome, 'unchanged');
  await run.down();
  lab.saw(`db.start db.ready api.start api.ready api.asked api.end db.asked db.end db.cleaned |
    db.start db.ready api.start api.ready | api.asked api.end db.asked db.end db.cleaned`);
});

law('a restart gives one new instance, and leaves what keeps alone', async (lab) => {
  const db = defineService({ name: 'db', run: scripted(lab) });
  const api = defineService({ name: 'api', dependsOn: [db], run: scripted(lab) });
  const run = supervise([db, api]);
  await run.ready;
  lab.note('|');
  const results = await Promise.all([run.restart(db), run.restart('d*')]);
  assert.deepEqual(
    results.map(({ outcome }) => outcome),
    ['reached', 'reached'],
  );
  assert.equal(run.status.services.get('db')?.attempt, 2);
  lab.note('|');
  await run.restart(db, { withDependents: true });
  lab.note('|');
  await run.down();
  lab.saw(`db.start db.ready api.start api.ready | db.asked db.end db.start db.ready |
    api.asked api.end db.asked db.end db.start db.ready api.start api.ready |
    api.asked api.end db.asked db.end`);
});

law('what can not be is answered, and not thrown', async (lab) => {
  const db = defineService({ name: 'db', run: scripted(lab) });
  const broken = defineService({
    name: 'broken',
    restart: { policy: 'no' },
    onFailure: 'isolate',
    dependsOn: [db],
    run: () => Promise.reject(new Error('no')),
  });
  const run = supervise([db, broken], { raiseOnError: false });
  await run.ready;
  const unknown = await run.start('dp');
  assert.deepEqual(
    [unknown.outcome, unknown.why],
    ['refused', 'there is no service "dp"; did you mean "db"?'],
  );
  const failed = await run.start(broken);
  assert.deepEqual(
    [failed.outcome, failed.why],
    ['failed', '"broken" failed: threw Error: no after 0 ms, before it was ready'],
  );
  const waiting = run.start(broken);
  await run.down();
  assert.equal((await waiting).outcome, 'abandoned');
  const late = await run.restart(db);
  assert.deepEqual([late.outcome, late.why], ['refused', 'the graph has ended']);
  assert.equal((await run).status, 1);
});

law('a graph of which somebody has stopped something stays open for it', async (lab) => {
  const only = defineService({ name: 'only', run: scripted(lab) });
  const run = supervise([only]);
  await run.ready;
  await run.stop(only, { now: true });
  await sleep(3_600_000);
  assert.equal(run.status.finished, undefined);
  await run.start(only);
  await run.down();
  lab.saw('only.start only.ready only.asked only.cancelled only.start only.ready only.asked only.end');
});

law('to stop without saying what is to go down', async (lab) => {
  const only = defineService({ name: 'only', run: scripted(lab) });
  const run = supervise([only]);
  await run.ready;
  assert.equal(await run.stop(), undefined);
  lab.saw('only.start only.ready only.asked only.end');
  assert.equal((await run).cause, 'asked to go down');
  const other = supervise([defineService({ name: 'only', run: scripted(lab) })]);
  await other.ready;
  assert.equal((await other.stop('enough')).why, 'there is no service "enough"');
  await other.stop('that is enough');
  assert.equal((await other).cause, 'asked to go down: that is enough');
});
