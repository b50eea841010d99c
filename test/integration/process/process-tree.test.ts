import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { createSnapshot, type Process } from '../../../src/process/tree/members/snapshot.ts';
import { createProcessTree } from '../../../src/process/tree/process-tree.ts';
import type { ProcessTable } from '../../../src/process/tree/table/table.ts';
import { programPath } from '../../support/programs.ts';

/** A tree whose main process has ended, and a member that only looks after the call see. */
function lateMember(argv: readonly string[] = ['sleep', '1000']) {
  const member = spawn(argv[0] ?? '', argv.slice(1), { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  const pid = member.pid ?? assert.fail();
  const process: Process = {
    pid,
    parent: 1,
    group: pid,
    session: pid,
    startTicks: 1,
    dead: false,
    cell: undefined,
    mark: '1/db',
    uid: 0,
    isBelow: false,
  };
  let alive = true;
  let looks = 0;
  member.once('exit', () => {
    alive = false;
  });
  const table: ProcessTable = {
    adopt() {},
    release() {},
    dispose() {},
    now: () => createSnapshot([]),
    next: async () => {
      await new Promise(setImmediate);
      looks += 1;
      return createSnapshot(alive ? [process] : []);
    },
  };
  const tree = createProcessTree(
    {
      ...{ pid: 0x7fff_fff0, startTicks: 0, leadsGroup: true },
      ...{ marker: '1/db', hasCell: false, adoptsAll: false },
    },
    table,
  );
  tree.leaderEnded();
  return { tree, member, looks: () => looks };
}

test('what forked away from the look of a kill is killed by the next one', async () => {
  const { tree, member } = lateMember();
  const exited = once(member, 'exit');
  tree.kill();
  await tree.gone();
  assert.deepEqual(await exited, [null, 'SIGKILL']);
});

test('what appears after the rest was asked is asked too', async () => {
  const { tree, member } = lateMember();
  const exited = once(member, 'exit');
  tree.askRest('SIGINT');
  await tree.gone();
  assert.deepEqual(await exited, [null, 'SIGINT']);
});

test('what stays is asked once, however often it is looked at', async () => {
  const { tree, member, looks } = lateMember([programPath('count-requests.js'), 'child']);
  let said = '';
  const until = async (text: string): Promise<void> => {
    while (!said.endsWith(text)) said += String(((await once(member.stdout, 'data')) as [Buffer])[0]);
  };
  await until('up\n');
  tree.askRest('SIGTERM');
  const gone = tree.gone();
  await until('asked 1\n');
  const before = looks();
  while (looks() < before + 4) await new Promise(setImmediate);
  // A signal with a higher number is delivered last.
  member.kill('SIGWINCH');
  await until('end\n');
  assert.equal(said, 'up\nasked 1\nend\n');
  tree.kill();
  member.kill('SIGKILL');
  await gone;
});
