/**
 * What a client holds is there as long as the client is, and no longer; what others want stays.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { asked, chain, plot, run, service, settled, signal, task } from '../support/commanding.ts';
import type { TimedRequest } from '../support/simulation.ts';

/** The client `c1`, or another one, uses these from then on. */
const joins = (atMs: number, names: string, lease = 'c1'): TimedRequest =>
  asked(atMs, 'start', names, { lease });
const leaves = (atMs: number, lease = 'c1'): TimedRequest => asked(atMs, 'release', [], { lease });

/** Db and api run; mailer, which needs db, was not chosen. */
const shop = () => [...chain(), service('mailer', ['db'])];
const selected = { options: { selected: new Set(['db', 'api', 'web']) } };

suite('leases', () => {
  test('JN-4 JN-5 what a client starts goes with it; what was wanted up already is only used', async () => {
    const seen = await run(shop(), [joins(1_000, 'mailer'), leaves(2_000)], undefined, selected);
    assert.deepEqual(plot(seen, 1_000), [
      ...['r1 accepted [mailer]', 'mailer.up', 'mailer.ready', 'r1 reached'],
      ...['r2 accepted [mailer]', 'mailer.asked', 'mailer.stopped', 'r2 reached'],
    ]);
  });

  test('JN-5 what two hold stays for the second', async () => {
    const requests = [
      joins(1_000, 'mailer'),
      joins(1_500, 'mailer', 'c2'),
      leaves(2_000),
      leaves(3_000, 'c2'),
    ];
    const seen = await run(shop(), requests, undefined, selected);
    assert.deepEqual(plot(seen, 1_500), [
      ...['r2 accepted []', 'r2 unchanged', 'r3 accepted []', 'r3 unchanged'],
      ...['r4 accepted [mailer]', 'mailer.asked', 'mailer.stopped', 'r4 reached'],
    ]);
  });

  test('JN-5 what something else that is wanted up needs stays', async () => {
    const other = { options: { selected: new Set(['other']) } };
    const requests = [joins(1_000, 'db'), asked(1_500, 'start', 'mailer'), leaves(2_000)];
    const seen = await run([...shop(), service('other')], requests, undefined, other);
    assert.deepEqual(plot(seen, 2_000), ['r3 accepted []', 'r3 unchanged']);
  });

  test('JN-6 a person who starts it keeps it; a person who stops it ends the lease', async () => {
    const kept = await run(
      shop(),
      [joins(1_000, 'mailer'), asked(1_500, 'start', 'mailer'), leaves(2_000)],
      undefined,
      selected,
    );
    assert.deepEqual(plot(kept, 1_500), [
      'r2 accepted [mailer]',
      'r2 reached',
      'r3 accepted []',
      'r3 unchanged',
    ]);
    const requests = [joins(1_000, 'mailer'), asked(1_500, 'stop', 'mailer'), leaves(2_000)];
    const stopped = await run(shop(), requests, undefined, selected);
    assert.deepEqual(plot(stopped, 1_500), [
      ...['r2 accepted [mailer]', 'mailer.asked', 'mailer.stopped', 'r2 reached'],
      ...['r3 accepted []', 'r3 unchanged'],
    ]);
  });

  test('JN-6 SG-2 a signal to what is held asks for nothing, and ends no lease', async () => {
    const requests = [
      joins(1_000, 'mailer'),
      asked(1_500, 'signal', 'mailer', { signal: 'SIGHUP' }),
      leaves(2_000),
    ];
    const seen = await run(shop(), requests, undefined, selected);
    assert.deepEqual(plot(seen, 2_000).slice(0, 3), [
      'r3 accepted [mailer]',
      'mailer.asked',
      'mailer.stopped',
    ]);
  });

  test('X23 WA-6 what was stopped is there for a client, and as it was after that', async () => {
    const requests = [
      asked(1_000, 'stop', 'db'),
      joins(2_000, 'db'),
      leaves(3_000),
      asked(4_000, 'start', 'db'),
    ];
    const seen = await run(chain(), requests);
    assert.deepEqual(plot(seen, 2_000, 4_000), [
      ...['r2 accepted [db]', 'db.up', 'db.ready', 'r2 reached'],
      ...['r3 accepted [db]', 'db.asked', 'db.stopped', 'r3 reached'],
    ]);
    assert.deepEqual(
      plot(seen, 4_000).filter((line) => line.endsWith('.ready')),
      ['db.ready', 'api.ready', 'web.ready'],
    );
  });

  test('RN-1 a client keeps the run open, and its end does not', async () => {
    const seen = await run([task('seed')], [joins(0, 'seed'), leaves(5_000)], () => ({ endsAfterMs: 10 }));
    const finished = seen.events.at(-1);
    assert.ok(
      finished?.type === 'run.finished' && finished.ms >= 5_000 && finished.ms < 6_000,
      `${finished?.ms}`,
    );
  });

  test('JN-4 a task that has completed is not run again for a client, and one that failed is', async () => {
    const seen = await run(
      [task('done'), task('broken', [], { onFailure: 'ignore' }), service('db')],
      [joins(1_000, 'done broken db'), leaves(2_000)],
      (name, attempt) => ({
        ...(name === 'done' && { endsAfterMs: 10 }),
        ...(name === 'broken' && { endsAfterMs: 10, exit: { kind: 'code', code: attempt === 1 ? 1 : 0 } }),
      }),
    );
    assert.deepEqual(plot(seen, 1_000), [
      ...['r1 accepted [broken]', 'broken.up', 'broken.completed', 'r1 reached'],
      ...['r2 accepted []', 'r2 unchanged'],
    ]);
  });

  test('SD-1 in a shutdown nobody joins, and who leaves is no trouble', async () => {
    const requests = [joins(1_000, 'mailer'), signal(2_000), joins(2_001, 'mailer', 'c2'), leaves(2_002)];
    const seen = await run(shop(), requests, undefined, selected);
    assert.deepEqual(settled(seen, 'r1')?.outcome, 'reached');
    assert.ok(plot(seen, 2_000).includes('r2 refused: shutting-down'));
    assert.equal(seen.events.at(-1)?.type, 'run.finished');
  });

  test('JN-11 X24 in a shutdown the command of a client goes before what it needs, and no longer than its share', async () => {
    const command = asked(1_000, 'start', 'db', { lease: 'c1', forCommand: true });
    const askedMs = async (...requests: TimedRequest[]): Promise<readonly number[]> => {
      const seen = await run(chain(), [command, signal(2_000), ...requests], undefined, { budgetMs: 20_000 });
      assert.equal(seen.events.at(-1)?.type, 'run.finished');
      return ['web', 'api', 'db'].map((name) => {
        const stopping = seen.events.find(
          (event) => event.type === 'service.stopping' && event.service === name,
        );
        return Math.round(stopping!.ms);
      });
    };
    assert.deepEqual(await askedMs(leaves(3_500)), [2_000, 2_010, 3_500]);
    assert.deepEqual(await askedMs(), [2_000, 2_010, 7_000]);
    assert.deepEqual(await askedMs(signal(2_600)), [2_000, 2_010, 2_600]);
  });
});
