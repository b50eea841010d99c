import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FoundClaim } from '../../../../src/process/guard/read-claims.ts';
import { parseRunIdentity } from '../../../../src/process/guard/run-id.ts';
import { leftoverNote, stuckSentence, takenSentence } from '../../../../src/process/guard/run-notes.ts';

const identity = parseRunIdentity('4711-88-ab12cd34-x1')!;
const claim: FoundClaim = {
  identity,
  path: '/run/orderly/k/4711-88-ab12cd34-x1',
  alive: true,
  header: { project: 'file:/srv/a.yaml', since: '2026-01-01T00:00:00.000Z', file: '/srv/a.yaml' },
  running: true,
  leases: [],
  requests: [],
  cgroup: undefined,
  secret: '',
  lastTicks: 0,
};
const leftover = (pid: number, service: string) => ({ pid, service, leadsGroup: false });

test('the name of a run tells pid, start and boot', () => {
  const { run, ...rest } = identity;
  assert.equal(run, '4711-88-ab12cd34-x1');
  assert.deepEqual(rest, { pid: 4711, startTicks: 88, boot: 'ab12cd34' });
  for (const other of ['ctl.sock', '', '1-2', '0-1-a-b', '4711-88-ab12cd34-x1.new']) {
    assert.equal(parseRunIdentity(other), undefined);
  }
});

test('G11: who is refused hears who runs it, since when, from which file, and what to do', () => {
  assert.equal(
    takenSentence(claim),
    'Cannot start: this project is running already (pid 4711, since 2026-01-01T00:00:00.000Z, from "/srv/a.yaml"); ' +
      'stop that one first (kill 4711), or run this one beside it with --project NAME',
  );
  assert.match(
    takenSentence({ ...claim, header: undefined, running: false }),
    /is being started already \(pid 4711\)/,
  );
});

test('G6: what was removed is told by service and pid, what stayed with what to do; nothing is not told', () => {
  const removed = [leftover(9, 'db'), leftover(7, 'db'), leftover(8, '')];
  assert.equal(leftoverNote({ identity, requests: [], removed: [], left: [] }), undefined);
  assert.equal(
    leftoverNote({ identity, requests: [], removed, left: [leftover(10, 'api')] }),
    'an earlier run (pid 4711) was killed; removed what it had left: db (pids 7, 9), of no service (pid 8); ' +
      'cannot remove api (pid 10): stop what is left yourself',
  );
  assert.match(
    leftoverNote({
      identity,
      requests: [],
      removed: [],
      left: [leftover(10, 'api')],
      why: 'it is of user 0',
    }) ?? '',
    /; cannot remove api \(pid 10\), which may not be signalled \(it is of user 0\): stop what is left yourself$/,
  );
});

test('CR-4 in the middle of what it was killed is told, even if it has left nothing', () => {
  const requests = [
    { request: 'r2', kind: 'restart', names: ['db', 'api'] },
    { request: 'r3', kind: 'reload', names: [] },
  ];
  assert.equal(
    leftoverNote({ identity, requests, removed: [], left: [] }),
    'an earlier run (pid 4711) was killed in the middle of restart db api (r2), reload (r3)',
  );
});

test('no instance is started beside what an earlier run left of its service and no kill ends; what serves none is no reason', () => {
  const result = (...left: Parameters<typeof leftover>[]) => ({
    identity,
    requests: [],
    removed: [],
    left: left.map((each) => leftover(...each)),
  });
  assert.equal(stuckSentence([result(), result([8, ''])]), undefined);
  assert.match(
    stuckSentence([result([8, '']), result([10, 'db'])]) ?? '',
    /^Cannot start: what an earlier run left of db \(pid 10\) outlived SIGKILL, and another instance beside it could destroy/,
  );
});
