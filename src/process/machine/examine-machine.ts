/**
 * Everything that `orderly doctor` tells, in its order. It changes nothing and leaves nothing behind.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isatty } from 'node:tty';
import { createRunCgroup } from '../cgroup/run-cgroup.ts';
import { missingForGuardian } from '../guard/guardian.ts';
import { isPrivateFolder, runtimeFolders } from '../guard/runtime-folder.ts';
import { loadNative, type Native } from '../native.ts';
import { datagramTrouble } from '../notify/notify-datagrams.ts';
import { ptyTrouble } from '../pty/pty.ts';
import { findRightsTools, findTool } from '../rights/rights-tools.ts';
import type { Surroundings } from '../surroundings/tell-surroundings.ts';
import { findHelper } from './find-helper.ts';
import { findLimits } from './find-limits.ts';
import { type Finding, lacking, missing, ok } from './finding.ts';

/** Never rejects. */
export async function examineMachine(
  env: Readonly<Record<string, string | undefined>>,
  surroundings: Surroundings,
): Promise<readonly Finding[]> {
  const { helper, finding } = await findHelper();
  return [
    findSystem(),
    findNode(),
    findProc(),
    finding,
    ...(await findNative(helper?.isSubreaper === true)),
    await findCgroup(),
    findRuntimeFolder(env),
    findFifos(env.PATH),
    ...findTools(env.PATH, helper !== undefined),
    ...findLimits(),
    ok('surroundings', surroundings.text),
    findTerminal(),
  ];
}

// What everything else stands on: the system, Node, `/proc`, the terminal.

const OLDEST_NODE = [20, 19] as const;

export function findSystem(platform: string = process.platform): Finding {
  return platform === 'linux'
    ? ok('system', `Linux, ${process.arch}`)
    : missing('system', platform, 'what leaves its process group is not found', 'run it on Linux');
}

export function findNode(version: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const isOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  return isOld
    ? missing('node', version, `it is older than ${OLDEST_NODE.join('.')}`, 'install a newer one')
    : ok('node', version);
}

function findProc(): Finding {
  return existsSync('/proc/self/stat')
    ? ok('/proc', 'mounted')
    : lacking(
        '/proc',
        'not mounted',
        'daemons that left their group are not found, and whose port it is is not known',
        'mount it',
      );
}

function findTerminal(): Finding {
  if (isatty(2)) {
    const { columns, rows } = process.stderr;
    return ok('terminal', columns && rows ? `${columns} by ${rows}` : 'of unknown size');
  }
  return ok('terminal', 'none: plain lines, no board');
}

// Whether services can be put into cgroups (version 2) below our own, which kill a whole tree for certain.

const MEANS = 'a tree is found by its group, its session, its parents and its environment instead';
const REMEDY =
  'run as root or under systemd-run --user --scope -p Delegate=yes, and in a container with /sys/fs/cgroup writable';

/** Makes one as a run does, and removes it. */
async function findCgroup(): Promise<Finding> {
  const made = await createRunCgroup(`doctor-${process.pid}`);
  if (made.kind === 'none') return without(made.why, REMEDY);
  const { folder } = made.cgroup;
  const canKill = existsSync(join(folder, 'cgroup.kill'));
  await made.cgroup.dispose();
  return canKill
    ? ok('cgroup v2', dirname(folder))
    : without('without cgroup.kill', 'use Linux 5.14 or newer');
}

function without(found: string, remedy: string): Finding {
  return lacking('cgroup v2', found, MEANS, remedy);
}

// Where something can be written: locks, and the FIFOs through which services write.

/** The first in which a run could leave word; it is made by the first run. */
function findRuntimeFolder(env: Readonly<Record<string, string | undefined>>): Finding {
  const uid = process.geteuid?.() ?? 0;
  const folders = runtimeFolders({ uid, tmpdir: tmpdir(), env });
  const folder = folders.find((each) =>
    existsSync(each) ? isPrivateFolder(each, uid) && mayWrite(each) : mayWrite(dirname(each)),
  );
  return folder === undefined
    ? lacking(
        'runtime folder',
        'none is writable',
        'a second run of the same project is not noticed',
        'set XDG_RUNTIME_DIR to a folder of your own',
      )
    : ok('runtime folder', folder);
}

const SOCKETS = 'services get sockets, and "echo x > /dev/stderr" fails in them';

function findFifos(searchPath: string | undefined): Finding {
  const mkfifo = findTool('mkfifo', searchPath);
  if (mkfifo === undefined) return lacking('FIFOs', 'no mkfifo', SOCKETS, 'install coreutils or busybox');
  const folder = ['/dev/shm', tmpdir()].find(mayWrite);
  if (folder === undefined)
    return lacking('FIFOs', `/dev/shm and ${tmpdir()} are read-only`, SOCKETS, 'mount a tmpfs at /tmp');
  return ok('FIFOs', `${mkfifo}, in ${folder}`);
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    // Not there, or not for us.
    return false;
  }
}

// Programs that orderly uses where they are.

function findTools(searchPath: string | undefined, hasHelper: boolean): readonly Finding[] {
  const { shell, setpriv, prlimit, nice } = findRightsTools(searchPath);
  const tool = (name: string, path: string | undefined, means: string, remedy: string): Finding =>
    path === undefined ? lacking(name, 'not found', means, remedy) : ok(name, path);
  return [
    tool('/bin/sh', shell, 'commands must be lists, and nobody may get rights', 'install a shell'),
    hasHelper ? ok('guardian', 'the helper') : guardian(searchPath),
    tool('setpriv', setpriv, '"user" only without supplementary groups', 'install util-linux'),
    tool('prlimit', prlimit, '"limits" only as far as ulimit knows them', 'install util-linux'),
    tool('nice', nice, '"nice" can not be given', 'install coreutils or busybox'),
  ];
}

function guardian(searchPath: string | undefined): Finding {
  const why = missingForGuardian(searchPath);
  return why === undefined
    ? ok('guardian', 'possible')
    : lacking('guardian', why, 'services survive a SIGKILL of orderly', 'install busybox');
}

// What takes system calls that Node lacks: koffi, and what orderly does with it.

const NATIVE_REMEDY = 'npm install koffi';

async function findNative(helperAdopts: boolean, isInit = process.pid === 1): Promise<readonly Finding[]> {
  const native = await loadNative();
  const why = native.kind === 'here' ? undefined : native.why;
  const version = native.kind === 'here' ? String(native.koffi.version) : '';
  const needs = (name: string, there: string, without: string): Finding =>
    why === undefined ? ok(name, there) : lacking(name, 'needs koffi', without, NATIVE_REMEDY);
  return [
    why === undefined
      ? ok('koffi', version)
      : lacking('koffi', why, 'what needs it works less well, below', NATIVE_REMEDY),
    isInit
      ? needs('reaping', 'PID 1: reaps what it adopts', 'orphans stay as zombies; use docker run --init')
      : ok('reaping', 'not PID 1: an init is above'),
    helperAdopts
      ? ok('subreaper', 'orphans of services come to the helper')
      : needs(
          'subreaper',
          'orphans of services come to us',
          'daemons that cleared their environment are lost',
        ),
    needs(
      'job control',
      'orderly run gives its command the terminal',
      'on a terminal it shares our process group',
    ),
    notifySystemd(native),
    ownTerminals(native),
  ];
}

function notifySystemd(native: Native): Finding {
  const name = 'notify: systemd';
  const trouble = datagramTrouble(native);
  if (trouble === undefined) return ok(name, 'READY=1 on NOTIFY_SOCKET');
  return lacking(name, trouble.reason, 'a service can say ready by fd or node only', trouble.remedy);
}

function ownTerminals(native: Native): Finding {
  const name = 'terminal: true';
  const trouble = ptyTrouble(native);
  if (trouble === undefined) return ok(name, 'services can have terminals of their own');
  return lacking(name, trouble.reason, 'no service can have a terminal of its own', trouble.remedy);
}
