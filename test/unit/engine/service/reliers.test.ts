/**
 * Who is waited for before an instance that still runs is asked to stop, because a monitor tripped for instance.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { taskGroup, VirtualClock, withClock } from '../../../../src/concurrency/index.ts';
import type { LiveInstance } from '../../../../src/engine/instance/live-instance.ts';
import { parted, tellLoss } from '../../../../src/engine/life/parting.ts';
import type { Run } from '../../../../src/engine/run/run.ts';
import { bindTo } from '../../../../src/engine/service/binding.ts';
import type { Ending } from '../../../../src/engine/service/ending.ts';
import { ServiceNode } from '../../../../src/engine/service/node.ts';
import { justSpawned, type RunningInstance } from '../../../../src/engine/service/phase.ts';
import { sampleEdge, sampleService } from '../../../support/sample-config.ts';

const TRIPPED: Ending = { kind: 'tripped', why: '3 checks failed', collapse: false, readyMs: 5 };

/** `db` runs; one that reacts at once, one that has time, and one that keeps running depend on it. */
function neighbours() {
  const db = new ServiceNode(sampleService('db'));
  const dependents = [0, 5000, undefined].map((afterMs, index) => {
    const onLoss = afterMs === undefined ? {} : { onLoss: { act: 'restart' as const, afterMs } };
    return new ServiceNode(sampleService(`d${index}`, { dependsOn: [sampleEdge('db', onLoss)] }));
  });
  db.past.attempt = 1;
  db.enter({ kind: 'running', instance: running(db) });
  db.neighbours = { ...db.neighbours, dependents };
  for (const node of dependents) {
    node.enter({ kind: 'running', instance: running(node) });
    node.neighbours = { ...node.neighbours, dependencies: new Map([['db', db]]) };
    node.bindings = bindTo(node.spec.dependsOn, () => db, 0);
  }
  return { db, atOnce: dependents[0]!, patient: dependents[1]!, keeps: dependents[2]! };
}

function running({ spec, attempt }: ServiceNode): RunningInstance {
  const main = { signal: () => {}, interrupt: () => {}, send: () => {} };
  return { ...justSpawned({ attempt, spec, spawnedAtMs: 0, used: [], main }), isReady: true };
}

/** What has happened when it may be asked to stop; each step is taken once everything waits. */
function stepsUntilAsked(
  db: ServiceNode,
  shutdown: { cause?: unknown; abandoned?: boolean },
  steps: readonly (() => void)[],
  ending: Ending = TRIPPED,
): Promise<number> {
  const clock = new VirtualClock();
  let taken = 0;
  for (const [index, step] of steps.entries())
    clock.at(index + 1, () => {
      taken += 1;
      step();
      db.pulse.fire();
    });
  return withClock(clock, async () => {
    let asked = -1;
    await taskGroup(async () => {
      tellLoss(db, ending, { kind: 'restart' });
      const live = { node: db, instance: { exited: new Promise(() => undefined) } };
      await parted({ shutdown } as unknown as Run, live as unknown as LiveInstance, ending);
      asked = taken;
    });
    return asked;
  });
}

test('G2 who reacts at once is waited for; who has time left or keeps running is not', async () => {
  const { db, atOnce } = neighbours();
  const steps = [() => undefined, () => atOnce.release()];
  assert.equal(await stepsUntilAsked(db, {}, steps), 2);
  assert.equal(db.lost, '3 checks failed');
  assert.equal(db.ready, false);
});

test('G2 who had time and gives way by now is waited for too', async () => {
  const { db, atOnce, patient } = neighbours();
  patient.instance!.givesWay = { reason: '', again: true, service: 'db' };
  const steps = [() => atOnce.release(), () => patient.release()];
  assert.equal(await stepsUntilAsked(db, {}, steps), 2);
});

test('G2 in a shutdown it waits for its turn, and after the third signal for nobody', async () => {
  const { db, atOnce, patient, keeps } = neighbours();
  const shutdown: { cause?: unknown; abandoned?: boolean } = {};
  const steps = [
    () => Object.assign(shutdown, { cause: { kind: 'down' } }),
    () => Object.assign(atOnce, { gone: true }),
    () => Object.assign(patient, { gone: true }),
    () => Object.assign(keeps, { gone: true }),
  ];
  assert.equal(await stepsUntilAsked(db, shutdown, steps), 4);
  const cut = { cause: { kind: 'down' }, abandoned: true };
  assert.equal(await stepsUntilAsked(neighbours().db, cut, []), 0);
});

test('what has ended by itself, or stops in its turn, waits for nobody', async () => {
  const exited: Ending = {
    kind: 'exited',
    exit: { kind: 'code', code: 1 },
    upMs: 1000,
    readyMs: 0,
  };
  const { db } = neighbours();
  assert.equal(await stepsUntilAsked(db, {}, [], exited), 0);
  assert.equal(db.lost, 'exited with code 1 after 1 s');
  const asked = neighbours().db;
  assert.equal(
    await stepsUntilAsked(asked, {}, [], { kind: 'asked', reason: '', cause: { kind: 'request' } }),
    0,
  );
  assert.equal(asked.lost, 'has to stop: ');
});
