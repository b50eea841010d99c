/** Signals, while a graph of functions lives: heard, insisted on, and given back. */
import assert from 'node:assert/strict';
import { sleep } from '../../../src/concurrency/index.ts';
import { defineService } from '../../../src/library/definition.ts';
import { supervise } from '../../../src/library/supervise.ts';
import { law } from '../../support/concurrency-lab.ts';
import { scripted } from '../../support/service-lab.ts';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const listening = () => SIGNALS.map((signal) => process.listenerCount(signal));
const raise = (signal: NodeJS.Signals) => process.emit(signal, signal);

law('a signal takes it down, and its listeners are put back to what they were', async (lab) => {
  const before = listening();
  const run = supervise([defineService({ name: 'a', run: scripted(lab) })]);
  await run.ready;
  assert.deepEqual(
    listening(),
    before.map((count) => count + 1),
  );
  raise('SIGTERM');
  const report = await run;
  assert.deepEqual([report.status, report.signal, report.cause], [143, 'SIGTERM', 'SIGTERM']);
  assert.deepEqual(listening(), before);
});

law('signals that it is not to hear are left alone', async (lab) => {
  const before = listening();
  const run = supervise([defineService({ name: 'a', run: scripted(lab) })], { signals: ['SIGHUP'] });
  await run.ready;
  assert.deepEqual(listening(), [before[0], before[1], before[2]! + 1]);
  await run.down();
});

law('a second signal ends the asking, a third one the clean-ups', async (lab) => {
  const service = (name: string) =>
    defineService({
      name,
      run: scripted(lab, { stopMs: 60_000 }),
      cleanup: { run: () => sleep(30_000), timeout: '1m' },
    });
  const run = supervise([service('a')], { raiseOnError: false });
  await run.ready;
  raise('SIGINT');
  await sleep(400);
  raise('SIGINT');
  await sleep(400);
  assert.equal(run.status.services.get('a')?.state, 'cleaning');
  raise('SIGINT');
  const report = await run;
  assert.ok(lab.clock.now() < 1500, `it took ${lab.clock.now()} ms`);
  assert.equal(report.status, 3);
  assert.deepEqual(
    report.errors.map(({ phase }) => phase),
    ['kill', 'cleanup'],
  );
  lab.saw('a.start a.ready a.asked a.cancelled');
});

law('many graphs at once share one listener', async (lab) => {
  const before = listening();
  const runs = Array.from({ length: 20 }, (_, at) =>
    supervise([defineService({ name: `s${at}`, run: scripted(lab) })]),
  );
  await Promise.all(runs.map((run) => run.ready));
  assert.deepEqual(
    listening(),
    before.map((count) => count + 1),
  );
  await runs[0]?.down();
  raise('SIGTERM');
  const reports = await Promise.all(runs);
  assert.deepEqual(new Set(reports.slice(1).map(({ status }) => status)), new Set([143]));
  assert.deepEqual(listening(), before);
});
