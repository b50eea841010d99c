/**
 * Processes that claim to be of a service and are none of it: with everything in their environment that can be known of
 * it, or all but its user. Real ones, so as root only.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { createLauncher } from '../../../src/process/instance/launcher.ts';
import { createNetwork } from '../../../src/process/network/network.ts';
import { createFifoPool } from '../../../src/process/pipes/fifo-pool.ts';
import { createRunMarks } from '../../../src/process/tree/members/run-marks.ts';
import { readProcessStat } from '../../../src/process/tree/proc/process-stat.ts';
import { createProcessLab, isAlive } from '../../support/process-lab.ts';
import { programPath } from '../../support/programs.ts';

const skip = process.getuid?.() === 0 ? false : 'only root can have a service of another user';
const rights = { env: {}, before: [], script: undefined, ids: undefined, uid: 4242, who: undefined };

/** What the environment of that process shows to root. */
function environmentOf(pid: number): Record<string, string> {
  const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

/** A process of another user, with a session of its own; it has said something. */
async function forge(
  t: TestContext,
  argv: readonly string[],
  env: Record<string, string>,
): Promise<[ChildProcess, string]> {
  const options = {
    env: { ...env, PATH: process.env.PATH },
    uid: 65_534,
    gid: 65_534,
    detached: true,
  } as const;
  const child = spawn(argv[0]!, argv.slice(1), { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return [child, String(said)];
}

const asNode = ['node', '-e', readFileSync(programPath('hold-port.js'), 'utf8')];

for (const [knows, without] of [
  ['all but its secret', ['ORDERLY_MARK']],
  ['its secrets too, and is of a user that it cannot have', []],
] as const) {
  test(`forger: who knows of a service ${knows} is none of it: neither its port, nor asked, nor waited for`, {
    skip,
  }, async (t) => {
    const lab = await createProcessLab(t);
    const { instance } = await lab.launch(['sleep', '1000'], { rights });
    const env = environmentOf(instance.pid!);
    assert.equal(env.ORDERLY_SERVICE, 'db');
    for (const name of without) delete env[name];
    const [forger, said] = await forge(t, asNode, env);
    const port = Number(/^port (\d+)$/m.exec(said)?.[1]);
    const never = new AbortController().signal;
    const { ok, detail } = await createNetwork().connect('127.0.0.1', port, never, instance.ownerOf);
    assert.equal(ok, false);
    assert.match(detail, new RegExp(`^held by process ${forger.pid} `));
    assert.deepEqual(
      (await instance.survivors()).map(({ pid }) => pid),
      [instance.pid],
    );
    instance.ask('SIGTERM', 'group');
    await instance.exited;
    instance.askRest('SIGTERM');
    instance.kill();
    await instance.treeGone();
    assert.ok(isAlive(forger.pid!));
  });

  test(`forger: who knows of a run ${knows} is not left over of it`, { skip }, async (t) => {
    const fifos = createFifoPool();
    const marks = createRunMarks(`forgers-${process.pid}`);
    const launcher = createLauncher({ marks, fifos, adopter: () => 'nobody' });
    t.after(() => {
      launcher.dispose();
      fifos.dispose();
    });
    const env: Record<string, string> = marks.ofInstance('db', 1, [4242, 0]);
    for (const name of without) delete env[name];
    const [forger] = await forge(t, ['sh', '-c', 'echo here; exec sleep 1000'], env);
    assert.deepEqual(await launcher.leftovers.look(), []);
    assert.ok(readProcessStat(forger.pid!) !== undefined);
  });
}

test('forger: the same process as root, with all the secrets, is of the service: that is a daemon of it', {
  skip,
}, async (t) => {
  const lab = await createProcessLab(t);
  const { instance } = await lab.launch(['sleep', '1000'], { rights });
  const daemon = spawn('sleep', ['1000'], {
    env: environmentOf(instance.pid!),
    detached: true,
    stdio: 'ignore',
  });
  t.after(() => daemon.kill('SIGKILL'));
  assert.deepEqual(
    (await instance.survivors()).map(({ pid }) => pid),
    [instance.pid, daemon.pid],
  );
});
