/**
 * Programs that do what they can to outlive their supervisor. None of them does, and the status says what it took.
 *
 * What is left is looked for by the working directory too: the only sign that some of them don't throw away.
 */
import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { canUseCgroup } from '../support/can-use-cgroup.ts';
import { killIn, processesIn } from '../support/processes-in-folder.ts';
import { programPath } from '../support/programs.ts';
import { type OrderlyEnd, runOrderly } from '../support/run-orderly.ts';
import { assertOrder, story } from '../support/story.ts';

interface Hostile {
  readonly program: string;
  readonly does: string;
  readonly ready?: string;
  /** 143: asking was enough; 3: it had to be killed. */
  readonly status: 143 | 3;
}

const TERMINATED = [
  { program: 'bounded-fork-bomb', does: 'a hundred processes that ignore SIGTERM', status: 3 },
  { program: 'daemon-without-environment', does: 'a daemon that cleared its environment', status: 143 },
  { program: 'change-group', does: 'a child with a process group of its own', status: 143 },
  { program: 'stop-itself', does: 'a service that stops itself with SIGSTOP', status: 143 },
  { program: 'stop-parent', does: 'a child that stops its service with SIGSTOP', status: 143 },
  { program: 'keep-forking-daemons', does: 'a service that forks daemons while it is killed', status: 3 },
  { program: 'rename-itself', does: 'a name that looks like a line of /proc', status: 143 },
  { program: 'unlink-itself', does: 'a program whose file is gone', status: 143 },
  {
    program: 'close-everything',
    does: 'a service without a descriptor',
    ready: '{ file: up }',
    status: 143,
  },
] satisfies readonly Hostile[];

function configOf({ program, ready = '{ log: up }' }: Pick<Hostile, 'program' | 'ready'>): string {
  return `
services:
  db: { command: exec sleep 1000, cleanup: [echo db is clean] }
  hostile:
    command: [${programPath(`hostile/${program}.sh`)}]
    ready: ${ready}
    depends_on: [db]
    stop: { grace: 500ms }
    restart: "no"
    cleanup: [echo hostile is clean]
`;
}

/** Runs it to its end; whatever is left in the folder fails, and is killed. */
async function outlive(
  t: TestContext,
  config: string,
  meanwhile: (run: ReturnType<typeof runOrderly>) => Promise<void>,
): Promise<OrderlyEnd> {
  const run = runOrderly(t, { config });
  t.after(() => killIn(run.folder));
  await meanwhile(run);
  const end = await run.ended;
  const left = processesIn(run.folder).map(({ pid, name }) => `${name} (${pid})`);
  assert.deepEqual(left, [], 'processes that outlived the run');
  return end;
}

suite('hostile programs', { concurrency: 2, timeout: 60_000 }, () => {
  for (const hostile of TERMINATED) {
    test(`G3 G5 G8: after ${hostile.does} nothing is left, and the status is ${hostile.status}`, async (t) => {
      const end = await outlive(t, configOf(hostile), async (run) => {
        await run.event('service.ready', { service: 'hostile' });
        run.signal('SIGTERM');
      });
      assert.equal(end.status, hostile.status);
      const told = story(end.events, 'service.killed', 'log').filter((each) => !each.endsWith(' up'));
      const killed = hostile.status === 3 ? ['hostile killed'] : [];
      assert.deepEqual(told, [...killed, 'hostile says hostile is clean', 'db says db is clean']);
    });
  }

  test('G3 G5 G8: a hundred children of a service that has ended with 0 end with it, and so does the status', async (t) => {
    const config = `services: { a: { command: [${programPath('hostile/leave-100-children.sh')}] } }`;
    const end = await outlive(t, config, async () => {});
    assert.equal(end.status, 0);
    assert.deepEqual(story(end.events, 'service.killed', 'service.completed'), ['a completed']);
  });

  // Between two looks at /proc it is always somewhere else: only a cgroup holds it.
  const skip = canUseCgroup() ? false : 'no cgroup can be made here';
  test('G5 G8: a daemon that goes on in a new one again and again is killed before its service is over', {
    skip,
  }, async (t) => {
    const end = await outlive(t, configOf({ program: 'move-on' }), async (run) => {
      await run.event('service.completed', { service: 'hostile' });
      run.signal('SIGTERM');
    });
    assert.equal(end.status, 143);
    assertOrder(story(end.events), 'hostile exited', 'hostile killed', 'hostile completed', 'db stopping');
  });
});
