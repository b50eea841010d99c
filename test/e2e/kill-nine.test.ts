/**
 * The supervisor itself is killed with SIGKILL in the middle of its work, or its helper, or both at once.
 *
 * Measured as it is promised: the clock starts before the kill, and `/proc` is looked at until nothing is left of what
 * ran before, nor anything that was started since. `ORDERLY_KILL_ROUNDS` says how often.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { guardiansOf } from '../support/guard-lab.ts';
import { hasHelper } from '../support/has-helper.ts';
import { findMarked } from '../support/marked-processes.ts';
import { descendantsOf, type ListedProcess, listProcesses, stillRuns } from '../support/process-list.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';

const ROUNDS = Number(process.env.ORDERLY_KILL_ROUNDS ?? 20);
const ROUNDS_OF_HELPERS = Number(process.env.ORDERLY_KILL_ROUNDS ?? 2);
const SERVICES = 60;
const LIMIT_MS = 1000;
/** Then it is given up, to tell who stays for ever from who is late. */
const PATIENCE_MS = 4000;

/** A shell with a child, and a daemon in a session of its own whose parent is gone. */
const script = "sleep 1000 & (setsid sh -c 'echo daemon; exec sleep 1000' &); wait";
const config = [
  'defaults: { restart: "no" }',
  'services:',
  ...Array.from({ length: SERVICES }, (_, n) => [
    `  s${n}:`,
    `    command: ${JSON.stringify(script)}`,
    '    ready: { log: daemon }',
  ]).flat(),
].join('\n');

suite('kill -9', { timeout: (ROUNDS + 2 * ROUNDS_OF_HELPERS) * 15_000 }, () => {
  test(`G6: ${SERVICES} services of three processes each, ${ROUNDS} times: all are dead within a second, and nobody else is`, async (t) => {
    const tookMs: number[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      await t.test(`round ${round}`, async (inner) => {
        tookMs.push(await killOnce(inner));
      });
    }
    t.diagnostic(`slowest of ${tookMs.length}: ${Math.max(...tookMs).toFixed(0)} ms`);
  });

  const skip = !hasHelper && 'there is no helper';
  test(`G6: of its helper, ${ROUNDS_OF_HELPERS} times: the same, it is told, and the run has failed`, {
    skip,
  }, async (t) => {
    for (let round = 1; round <= ROUNDS_OF_HELPERS; round++) {
      await t.test(`round ${round}`, async (inner) => {
        const run = await running(inner);
        const [helper] = guardiansOf(run.pid);
        await killed(inner, run, () => process.kill(helper!, 'SIGKILL'));
        assert.ok((await run.event('run.note')).text.startsWith(`the helper (pid ${helper})`));
        assert.equal((await run.ended).status, 1);
      });
    }
  });

  test(`G6: of both at once, ${ROUNDS_OF_HELPERS} times: the next up removes what is left, and says so`, {
    skip,
  }, async (t) => {
    for (let round = 1; round <= ROUNDS_OF_HELPERS; round++) {
      await t.test(`round ${round}`, async (inner) => {
        const run = await running(inner);
        const before = processesOf(run.pid);
        const [helper] = guardiansOf(run.pid);
        // It has no moment to act in.
        process.kill(helper!, 'SIGSTOP');
        run.signal('SIGKILL');
        process.kill(helper!, 'SIGKILL');
        await run.ended;
        const again = runOrderly(inner, { args: ['up', '--output', 'json'], cwd: run.folder });
        const { text } = await again.event('run.note');
        assert.match(
          text,
          new RegExp(`^an earlier run \\(pid ${run.pid}\\) was killed; removed what it had left: `),
        );
        assert.deepEqual(before.filter(stillRuns), []);
        assert.deepEqual(processesOf(run.pid), []);
        again.signal('SIGTERM');
        assert.equal((await again.ended).status, 143);
      });
    }
  });
});

async function running(t: TestContext): Promise<OrderlyRun> {
  const run = runOrderly(t, { config, mayLeaveProcesses: true });
  for (let n = 0; n < SERVICES; n++) await run.event('service.ready', { service: `s${n}` });
  return run;
}

async function killOnce(t: TestContext): Promise<number> {
  const run = await running(t);
  return killed(t, run, () => run.signal('SIGKILL'));
}

/** How long it takes from the kill until nothing of it is left, in ms. */
async function killed(t: TestContext, run: OrderlyRun, kill: () => void): Promise<number> {
  const bystanders = [bystander(t, { detached: true }), bystander(t, { detached: false })];
  const before = processesOf(run.pid);
  assert.ok(before.length >= 3 * SERVICES, `only ${before.length} processes are there`);
  const killedMs = performance.now();
  kill();
  let left: readonly ListedProcess[] = before;
  do {
    left = left.filter(stillRuns);
    if (left.length === 0) left = processesOf(run.pid);
    if (left.length > 0) await pause(5);
  } while (left.length > 0 && performance.now() - killedMs < PATIENCE_MS);
  const tookMs = performance.now() - killedMs;
  const names = left.map(({ pid, name }) => `${name} (${pid})`).slice(0, 10);
  assert.equal(left.length, 0, `${left.length} of ${before.length} outlive it: ${names.join(', ')}`);
  assert.ok(tookMs <= LIMIT_MS, `the last one died after ${tookMs.toFixed(0)} ms`);
  for (const { exitCode, signalCode } of bystanders) assert.deepEqual([exitCode, signalCode], [null, null]);
  return tookMs;
}

/** All below the supervisor, helpers without any mark included, and all with the mark of its run, wherever they are. */
function processesOf(supervisor: number): readonly ListedProcess[] {
  const marked = new Set(findMarked(`ORDERLY_RUN=${supervisor}-`).map(({ pid }) => pid));
  const all = listProcesses();
  const below = new Set(descendantsOf(supervisor, all).map(({ pid }) => pid));
  return all.filter(({ pid, isZombie }) => (marked.has(pid) || below.has(pid)) && !isZombie);
}

/** Of another run, as far as its marks tell. */
function bystander(t: TestContext, { detached }: { readonly detached: boolean }): ChildProcess {
  const env = {
    ...process.env,
    ORDERLY_RUN: '1-of-another-run',
    ORDERLY_SERVICE: 's0',
    ORDERLY_ATTEMPT: '1',
  };
  const child = spawn('sleep', ['1000'], { stdio: 'ignore', detached, env });
  t.after(() => child.kill('SIGKILL'));
  return child;
}
