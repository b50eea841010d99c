/**
 * Claims on the disk: what the dead left is found, told apart and replaced.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Claim, parseClaim } from '../../../src/process/guard/claim.ts';
import { createClaimFile } from '../../../src/process/guard/claim-file.ts';
import { type Claimed, claimProject } from '../../../src/process/guard/claim-project.ts';
import { projectKey } from '../../../src/process/guard/project-key.ts';
import { createRunIdentity, pidNamespace, type RunIdentity } from '../../../src/process/guard/run-id.ts';

const header = { project: 'name:p', since: '2026-01-01T00:00:00.000Z', file: '/p.yaml' };
const uid = process.getuid?.() ?? 0;

function freshFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-claims-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const placeIn = (folder: string) => join(folder, projectKey(header.project, pidNamespace()));

function claim(folder: string, own = createRunIdentity(), more = {}): Promise<Claimed> {
  return claimProject({ own, header: { ...header, ...more }, folders: [folder], uid });
}

/** The claim of a run that never was, or is dead: with another start no process is the same. */
function leave(folder: string, own: RunIdentity, changed: Partial<RunIdentity>, more = {}): string {
  const { pid, startTicks, boot } = { ...own, ...changed };
  const name = `${pid}-${startTicks}-${boot}-dead`;
  createClaimFile(placeIn(folder), name, { ...header, ...more }).run();
  return join(placeIn(folder), name);
}

test('G11: what runs is found by another folder too, and by nobody once it has ended', async (t) => {
  const [one, two] = [freshFolder(t), freshFolder(t)];
  const own = createRunIdentity();
  const first = await claim(two, own);
  assert.equal(first.kind, 'ours');
  const both = await claimProject({ own: createRunIdentity(), header, folders: [one, two], uid });
  assert.ok(both.kind === 'taken' && both.by.identity.run === own.run && both.by.running);
  if (first.kind === 'ours') first.claim.remove();
  assert.deepEqual([readdirSync(one), readdirSync(two)], [[], []]);
  assert.equal((await claim(two)).kind, 'ours');
});

test('G11: the dead do not count: another start, another boot, torn from the beginning', async (t) => {
  const folder = freshFolder(t);
  const own = createRunIdentity();
  const dead = [
    leave(folder, own, { startTicks: own.startTicks + 1 }),
    leave(folder, own, { boot: 'ffffffff' }),
    join(placeIn(folder), `${2 ** 30}-1-${own.boot}-torn`),
  ];
  writeFileSync(dead[2]!, '{"proj');
  const claimed = await claim(folder, own);
  assert.ok(claimed.kind === 'ours');
  assert.deepEqual(claimed.dead.map(({ path }) => path).sort(), [...dead].sort());
  assert.ok(claimed.dead.every(({ alive }) => !alive));
});

test('G11: two projects whose names fall together in a folder do not exclude each other', async (t) => {
  const folder = freshFolder(t);
  const other = leave(folder, createRunIdentity(), {}, { project: 'name:other' });
  assert.equal((await claim(folder)).kind, 'ours');
  assert.ok(existsSync(other));
});

test('G11: stale sockets are removed, by whoever wins', async (t) => {
  const folder = freshFolder(t);
  const own = createRunIdentity();
  leave(folder, own, { startTicks: own.startTicks + 1 });
  const socket = join(placeIn(folder), 'ctl.sock');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  // Closing would remove the name too, as a killed process doesn't.
  t.after(() => server.close());
  assert.ok(statSync(socket).isSocket());
  assert.equal((await claim(folder, own)).kind, 'ours');
  assert.ok(!existsSync(socket));
});

test('a claim stays small however much is spawned, and loses nothing that lives', (t) => {
  const folder = freshFolder(t);
  const path = join(folder, 'p', 'name');
  const file = createClaimFile(join(folder, 'p'), 'name', header);
  file.run();
  file.cgroup('/c');
  file.secret('5ec');
  const lease = (pid: number) => ({ pid, startTicks: pid, leadsGroup: true, service: 's', attempt: 1 });
  const living = [lease(1), lease(2)];
  for (const each of living) file.spawned(each);
  const requests = [{ request: 'r1', kind: 'restart', names: ['s'] }];
  file.accepted(requests[0]!);
  for (let pid = 3; pid < 30_000; pid++) {
    const passing = lease(pid);
    file.spawned(passing);
    file.gone([passing]);
  }
  assert.ok(statSync(path).size < 512 * 1024);
  const read: Claim = parseClaim(readFileSync(path, 'utf8'));
  assert.deepEqual(
    { ...read, lastTicks: 0 },
    { header, running: true, leases: living, requests, cgroup: '/c', secret: '5ec', lastTicks: 0 },
  );
  file.remove();
  assert.deepEqual(readdirSync(folder), []);
});

test('where no folder can be had there is no lock, and that is told', async (t) => {
  const claimed = await claimProject({
    own: createRunIdentity(),
    header,
    folders: [join(freshFolder(t), 'a/b')],
    uid,
  });
  assert.equal(claimed.kind, 'no-folder');
});
