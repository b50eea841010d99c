/**
 * The supervisor dies between any two of its steps, alone or together with its guardian; then it is started again.
 *
 * Each service holds a lock while anything of it is alive, and fails if it is held: so a run in which all become ready
 * proves that nothing of the dead one was alive. There are too many points for every run of the tests: ORDERLY_FAULTS
 * says how many to take (`all` of them), ORDERLY_SEED which.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { claimsOn } from '../support/claims-on.ts';
import { guardiansOf } from '../support/guard-lab.ts';
import { findMarked } from '../support/marked-processes.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { ownCgroup } from '../support/privileges.ts';
import { isAlive } from '../support/process-lab.ts';
import { programPath } from '../support/programs.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

const DEFAULT_POINTS = '12';

const okFaults = `
defaults: { ready: { log: here } }
services:
  a: { command: "flock -n -F a.lock sh -c 'echo here; exec sleep 1000'" }
  b:
    command: "flock -n -F b.lock sh -c 'setsid sleep 1000 & sleep 1000 & echo here; exec sleep 1000'"
    depends_on: [a]
    cleanup: [{ run: echo clean }]
`;

interface Fault {
  readonly step: number;
  readonly when: 'before' | 'after';
  readonly guardian: boolean;
}

/** Up, and down again with SIGTERM if it lives that long. `mark` is in the environment of all of it. */
async function upAndDown(
  t: TestContext,
  mark: string,
  {
    cwd,
    ...env
  }: { readonly cwd?: string | undefined; readonly FAULT?: string; readonly FAULT_STEPS?: string },
): Promise<OrderlyRun> {
  const [name = '', value] = mark.split('=');
  const run = runOrderly(t, {
    config: okFaults,
    instead: [
      process.execPath,
      '--require',
      programPath('e2e/fault.cjs'),
      orderlyBin,
      'up',
      '--output',
      'json',
    ],
    env: { ...env, [name]: value },
    mayLeaveProcesses: true,
    ...(cwd === undefined ? {} : { cwd }),
  });
  const ready = (service: string) => run.event('service.ready', { service });
  // Who dies before is not up; who ended has told nothing more.
  await Promise.all([ready('a'), ready('b')]).then(
    () => run.signal('SIGTERM'),
    () => undefined,
  );
  await until(() => !isAlive(run.pid));
  return run;
}

/** Dies of each of these faults in turn, then runs undisturbed. */
async function survive(t: TestContext, name: string, faults: readonly Fault[]): Promise<void> {
  // No mark is the beginning of another.
  const mark = `FAULT_CASE=${process.pid} ${name}.`;
  const runs: OrderlyRun[] = [];
  for (const { step, when, guardian } of faults) {
    const FAULT = `${step} ${when}${guardian ? ' guardian' : ''}`;
    runs.push(await upAndDown(t, mark, { FAULT, cwd: runs[0]?.folder }));
  }
  const last = await upAndDown(t, mark, { cwd: runs[0]?.folder });
  const { status, events, stderr } = await last.ended;
  const told = [...stderr, ...events.map((event) => JSON.stringify(event))].join('\n');
  assert.equal(status, 143, told);
  assert.equal(events.filter(({ type }) => type === 'service.starting').length, 2, told);
  assert.deepEqual(findMarked(mark), []);
  assert.deepEqual(claimsOn(runs[0] ?? last), []);
  await until(() => [...runs, last].every(({ pid }) => !guardiansOf(pid).some(isAlive)));
  assert.deepEqual([...runs, last].flatMap(cgroupsOf), []);
}

function cgroupsOf({ pid }: OrderlyRun): readonly string[] {
  const own = ownCgroup();
  return own === undefined ? [] : readdirSync(own).filter((name) => name.startsWith(`orderly-${pid}-`));
}

/** What each step does, in a run that nothing disturbs. */
async function listSteps(t: TestContext): Promise<readonly string[]> {
  const mark = `FAULT_CASE=${process.pid} none`;
  const { folder } = await upAndDown(t, mark, { FAULT_STEPS: 'steps' });
  return readFileSync(join(folder, 'steps'), 'utf8').trimEnd().split('\n');
}

/** Steps that change nothing but our own descriptors, output and FIFOs are of less interest. */
const DULL = /^closeSync|^writeSync \[1,|"\/(?:dev\/shm\/orderly-\w{6}|dev\/null|proc)\b/;

function faultsAt(steps: readonly number[]): readonly Fault[] {
  return steps.flatMap((step) =>
    (['before', 'after'] as const).flatMap((when) =>
      [false, true].map((guardian) => ({ step, when, guardian })),
    ),
  );
}

/** One fault each for all points; else some, and half of those runs are followed by another that dies too. */
function choose(steps: readonly string[], wanted: string, seed: number): readonly (readonly Fault[])[] {
  const numbers = steps.map((_, index) => index + 1);
  if (wanted === 'all') return faultsAt(numbers).map((fault) => [fault]);
  const faults = faultsAt(numbers.filter((number) => !DULL.test(steps[number - 1]!)));
  const size = Math.min(Number(wanted), faults.length);
  const some = fc.shuffledSubarray([...faults], { minLength: size, maxLength: size });
  const [first = [], second = []] = fc.sample(some, { numRuns: 2, seed });
  return first.map((fault, index) => (index % 2 === 0 ? [fault] : [fault, second[index]!]));
}

suite('killed at any step', { timeout: 900_000 }, () => {
  test('G6 G11: never two instances alive, nothing left over, whatever the moment', async (t) => {
    const seed = Number(process.env.ORDERLY_SEED ?? Date.now() % 1_000_000);
    const steps = await listSteps(t);
    const chosen = choose(steps, process.env.ORDERLY_FAULTS ?? DEFAULT_POINTS, seed);
    t.diagnostic(`${chosen.length} of ${4 * steps.length} points; ORDERLY_SEED=${seed}`);
    await t.test('points', { concurrency: 3 }, async (points) => {
      await Promise.all(
        chosen.map((faults) => {
          const name = faults.map(nameOf).join(', then ');
          return points.test(name, (point) => survive(point, name, faults));
        }),
      );
    });
  });
});

function nameOf({ step, when, guardian }: Fault): string {
  return `${when} step ${step}${guardian ? ' with its guardian' : ''}`;
}
