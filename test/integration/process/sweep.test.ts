/**
 * What dead runs have left goes with the next run of anybody: empty cgroups, claims, sockets, tokens. What lives, or may, stays.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ownCgroup } from '../../../src/process/cgroup/early-cgroup.ts';
import { RUN_PREFIX } from '../../../src/process/cgroup/run-cgroup.ts';
import { sweepCgroups } from '../../../src/process/cgroup/sweep-cgroups.ts';
import { acceptedLine, headerLine, settledLine, spawnedLine } from '../../../src/process/guard/claim.ts';
import { projectKey } from '../../../src/process/guard/project-key.ts';
import { readClaims } from '../../../src/process/guard/read-claims.ts';
import { createRunIdentity, pidNamespace } from '../../../src/process/guard/run-id.ts';
import { isDeadRun, sweepFolders } from '../../../src/process/guard/sweep-folders.ts';
import { readProcessStat } from '../../../src/process/tree/proc/process-stat.ts';
import { noCgroup } from '../../support/privileges.ts';

const own = createRunIdentity();
const uid = process.getuid?.() ?? 0;
/** No process has this start. */
const dead = `${own.pid}-${own.startTicks + 1}-${own.boot}-dead`;
const otherBoot = `${own.pid}-${own.startTicks}-0000beef-dead`;

test('a run is dead when no process has its pid and its start, or when it is of another boot', () => {
  assert.deepEqual(
    [own.run, dead, otherBoot, `${own.pid}-${own.startTicks}-${own.boot}-other`, 'no run'].map((run) =>
      isDeadRun(run, own),
    ),
    [false, true, true, false, false],
  );
});

test('the empty cgroup of a dead run goes, that of a living one and one in use stay', {
  skip: noCgroup,
}, async (t) => {
  // In a cgroup without processes: beside us may be some of other namespaces, and then nothing is removed.
  const parent = join(ownCgroup()?.folder ?? '', `sweep-${process.pid}`);
  const beside = (run: string) => join(parent, `${RUN_PREFIX}${run}`);
  const [empty, living, used] = [dead, `${own.pid}-${own.startTicks}-${own.boot}-mine`, `${dead}used`].map(
    beside,
  );
  for (const folder of [empty!, living!, used!]) mkdirSync(join(folder, 'db.1'), { recursive: true });
  const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
  writeFileSync(join(used!, 'db.1', 'cgroup.procs'), String(child.pid));
  t.after(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (const folder of [living!, used!]) for (const each of [join(folder, 'db.1'), folder]) rmdirSync(each);
    rmdirSync(parent);
  });
  sweepCgroups(beside(own.run), (run) => [dead, `${dead}used`].includes(run) && isDeadRun(run, own));
  assert.deepEqual(
    [empty!, living!, used!].map((folder) => existsSync(folder)),
    [false, true, true],
  );
});

function freshFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-sweep-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function leaveClaim(folder: string, project: string, run: string, more = ''): string {
  const place = join(folder, projectKey(project, pidNamespace()));
  mkdirSync(place, { recursive: true });
  writeFileSync(
    join(place, run),
    headerLine({ project, since: '2026-01-01T00:00:00.000Z', file: '/p' }) + more,
  );
  return place;
}

test('the claims, sockets and tokens of dead runs of other projects go, with their folder', async (t) => {
  const folder = freshFolder(t);
  const place = leaveClaim(folder, 'file:/a', dead);
  writeFileSync(join(place, `${dead}.token`), 'secret');
  writeFileSync(join(leaveClaim(folder, 'file:/b', otherBoot), 'of nobody.token'), 'secret');
  const server = createServer().listen(join(place, 'ctl.sock'));
  await once(server, 'listening');
  t.after(() => server.close());
  await sweepFolders([folder, join(folder, 'no such')], uid, own);
  assert.deepEqual(readdirSync(folder), []);
});

test('CR-4 what tells of a request that a run died in stays for a day', async (t) => {
  const folder = freshFolder(t);
  const open = acceptedLine({ request: 'r1', kind: 'restart', names: ['db'] });
  const recent = leaveClaim(folder, 'file:/recent', dead, open);
  const old = leaveClaim(folder, 'file:/old', dead, open);
  const before = Date.now() / 1000 - 2 * 86_400;
  utimesSync(join(old, dead), before, before);
  leaveClaim(folder, 'file:/settled', dead, open + settledLine('r1'));
  await sweepFolders([folder], uid, own);
  assert.deepEqual(readdirSync(folder), [basename(recent)]);
});

test('what lives, or can not be judged from here, stays', async (t) => {
  const folder = freshFolder(t);
  const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  const startTicks = readProcessStat(child.pid!)!.startTicks;
  const lease = spawnedLine({ pid: child.pid!, startTicks, leadsGroup: true, service: 'db', attempt: 1 });
  const mine = `${own.pid}-${own.startTicks}-${own.boot}-mine`;
  const living = leaveClaim(folder, 'file:/living', mine);
  writeFileSync(join(living, `${mine}.token`), 'secret');
  leaveClaim(folder, 'file:/left', dead, lease);
  const elsewhere = join(folder, projectKey('file:/container', 'pid:[1]'));
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, dead), headerLine({ project: 'file:/container', since: '', file: '' }));
  const before = readdirSync(folder).sort();
  await sweepFolders([folder], uid, own);
  assert.deepEqual(readdirSync(folder).sort(), before);
  assert.deepEqual(readdirSync(living).sort(), [mine, `${mine}.token`]);
  assert.equal(
    readdirSync(folder).flatMap((name) => readdirSync(join(folder, name))).length,
    before.length + 1,
  );
});

test('G6 G11 who can not read /proc takes nothing of others away, and sees that they live', async (t) => {
  const folder = freshFolder(t);
  const blind = { ...own, run: '1-0--blind', startTicks: 0, boot: '' };
  const living = `${own.pid}-${own.startTicks}-${own.boot}-mine`;
  const places = [leaveClaim(folder, 'file:/living', living), leaveClaim(folder, 'file:/dead', dead)];
  await sweepFolders([folder], uid, blind);
  assert.deepEqual(places.flatMap((place) => readdirSync(place)).toSorted(), [living, dead].toSorted());
  assert.deepEqual(
    readClaims(places, undefined, blind).map(({ identity, alive }) => [identity.run, alive]),
    // Of that number there is a process: whether it is the same can't be told.
    [
      [living, true],
      [dead, true],
    ],
  );
});
