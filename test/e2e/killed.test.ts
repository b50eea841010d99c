/**
 * The supervisor is killed, which it can't see: its guardian ends what it ran, or the next run does.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { suite, type TestContext, test } from 'node:test';
import { claimsOn } from '../support/claims-on.ts';
import { guardiansOf, servicesOf, turnEnded } from '../support/guard-lab.ts';
import { forms } from '../support/has-helper.ts';
import { isAlive } from '../support/process-lab.ts';
import { programPath } from '../support/programs.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

const names = Array.from({ length: 10 }, (_, index) => `s${index}`);

const killedSupervisor = `
defaults: { ready: { log: here } }
services:
${names.map((name) => `  ${name}: { command: ['${programPath('e2e/shell-with-tree.sh')}'] }`).join('\n')}
`;

/** A process of nobody, in a group of its own, that looks like a service. */
function bystander(t: TestContext): number {
  const child = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  return child.pid!;
}

async function running(run: OrderlyRun): Promise<number> {
  for (const service of names) await run.event('service.ready', { service });
  return until(() => guardiansOf(run.pid)[0]);
}

function kill(...pids: readonly number[]): void {
  for (const pid of pids) process.kill(pid, 'SIGKILL');
}

/** The guardian has no moment to act in, and the supervisor none to replace it. */
function killBoth(supervisor: number, guardian: number): void {
  process.kill(guardian, 'SIGSTOP');
  kill(supervisor, guardian);
}

for (const [form, env] of forms)
  suite(`the supervisor is killed, and guarded by ${form}`, { concurrency: 2, timeout: 40_000 }, () => {
    test('G6: everything it ran is dead within a second, the guardian too; nobody else is harmed', async (t) => {
      const stranger = bystander(t);
      const run = runOrderly(t, { config: killedSupervisor, env, mayLeaveProcesses: true });
      const guardian = await running(run);
      assert.ok(servicesOf(run.pid).length >= 30);
      kill(run.pid);
      const killedMs = performance.now();
      await until(() => servicesOf(run.pid).length === 0 && !isAlive(guardian));
      assert.ok(performance.now() - killedMs < 1000);
      assert.ok(isAlive(stranger));
      const again = runOrderly(t, { args: ['up', '--output', 'json'], cwd: run.folder, env });
      await running(again);
      assert.equal(claimsOn(run).length, 1, 'the claim of the dead run is gone');
      assert.ok(
        !again.events.some(({ type }) => type === 'run.note'),
        'nothing was left, so nothing is told',
      );
      again.signal('SIGTERM');
      assert.equal((await again.ended).status, 143);
      assert.deepEqual(claimsOn(run), []);
    });

    test('G6: a group whose leader is gone is killed as well, though it hides its environment', async (t) => {
      const config = `services: { a: { command: ['${programPath('e2e/leader-leaves.sh')}'], stop: { signal: SIGCONT } } }`;
      const run = runOrderly(t, { config, env, mayLeaveProcesses: true });
      const [, child = ''] = await run.line(/child (\d+)/);
      await run.event('service.exited');
      await until(() => guardiansOf(run.pid)[0]);
      assert.ok(isAlive(Number(child)));
      kill(run.pid);
      await until(() => !isAlive(Number(child)));
    });

    test('G6: with the guardian killed too, the next up removes what is left, and says so before anything starts', async (t) => {
      const stranger = bystander(t);
      const run = runOrderly(t, { config: killedSupervisor, env, mayLeaveProcesses: true });
      const guardian = await running(run);
      const left = servicesOf(run.pid);
      killBoth(run.pid, guardian);
      await until(() => !isAlive(run.pid) && !isAlive(guardian));
      const [claim = ''] = claimsOn(run);
      // A lease on a stranger: same pid, another start.
      writeFileSync(claim, `${readFileSync(claim, 'utf8')}+ ${stranger} 1 1 s0\n`);
      const again = runOrderly(t, { args: ['up', '--output', 'json'], cwd: run.folder, env });
      const { text, seq } = await again.event('run.note');
      assert.ok(seq < (await again.event('service.starting')).seq);
      assert.match(
        text,
        new RegExp(`^an earlier run \\(pid ${run.pid}\\) was killed; removed what it had left: `),
      );
      for (const name of names) assert.match(text, new RegExp(`\\b${name} \\(pids? [\\d, ]+\\)`));
      assert.ok(left.every((pid) => !isAlive(pid)));
      assert.ok(isAlive(stranger));
      await running(again);
      again.signal('SIGTERM');
      assert.equal((await again.ended).status, 143);
      assert.deepEqual(claimsOn(run), []);
    });

    test('G6: a guardian that is killed is replaced by another, which knows everything', {
      skip: form === 'the helper' && 'with the helper goes what it has started',
    }, async (t) => {
      const run = runOrderly(t, { config: killedSupervisor, env, mayLeaveProcesses: true });
      const first = await running(run);
      kill(first);
      const second = await until(() => guardiansOf(run.pid).find((pid) => pid !== first));
      // It is seen from its fork on; in the turn of that it is told what it has to know.
      await turnEnded(run);
      kill(run.pid);
      await until(() => servicesOf(run.pid).length === 0 && !isAlive(second));
    });

    test('an orderly end leaves no guardian and no claim', async (t) => {
      const run = runOrderly(t, { config: killedSupervisor, env });
      const guardian = await running(run);
      run.signal('SIGINT');
      assert.equal((await run.ended).status, 130);
      await until(() => !isAlive(guardian));
      assert.deepEqual(claimsOn(run), []);
    });
  });
