/**
 * How much orderly may have of what it needs for each service, and whether it may give rights away.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOwnLimits } from '../rights/own-limits.ts';
import { readOwnRights } from '../rights/own-rights.ts';
import { type Finding, lacking, ok } from './finding.ts';

/** Of which it keeps 64 for itself. */
const FILES_PER_SERVICE = 2;
const FILES_FOR_ITSELF = 64;
/** Fewer than this is surprising. */
const FEW_SERVICES = 100;

export function findLimits(): readonly Finding[] {
  return [descriptors(), processes(), changeOfUser(), signals(), sight()];
}

function descriptors(): Finding {
  const limit = readOwnLimits().nofile;
  if (limit === undefined) return ok('open files', 'not known');
  const services = Math.max(0, Math.floor((limit.soft - FILES_FOR_ITSELF) / FILES_PER_SERVICE));
  const found = `${limit.soft}, at most ${limit.hard}, enough for ${services} services`;
  return services < FEW_SERVICES
    ? lacking('open files', found, 'larger graphs are refused', 'raise the limit (ulimit -n)')
    : ok('open files', found);
}

function processes(): Finding {
  const ofUser = readOwnLimits().nproc?.soft ?? Number.POSITIVE_INFINITY;
  const ofCgroup = Number(readText(pidsMax()).trim() || 'none');
  const limits = [
    ...(Number.isFinite(ofUser) ? [`${ofUser} of this user (ulimit -u)`] : []),
    ...(Number.isFinite(ofCgroup) ? [`${ofCgroup} of this cgroup (pids.max)`] : []),
  ];
  return ok('processes', limits.length === 0 ? 'no limit' : limits.join(', '));
}

function pidsMax(): string {
  const path = /^0::(.*)$/m.exec(readText('/proc/self/cgroup'))?.[1] ?? '/';
  return join('/sys/fs/cgroup', path, 'pids.max');
}

function changeOfUser(): Finding {
  const own = readOwnRights();
  if (own.mayChangeUser) return ok('change of user', `user ${own.uid} may`);
  return lacking(
    'change of user',
    own.uid === 0 ? 'root without CAP_SETUID and CAP_SETGID' : `user ${own.uid} may not`,
    '"user" can only be orderly\'s own',
    own.uid === 0 ? 'add the capabilities' : 'start it as root',
  );
}

function signals(): Finding {
  const own = readOwnRights();
  if (own.maySignalOthers) return ok('signals', 'to processes of any user');
  if (own.uid !== 0) return ok('signals', `to processes of user ${own.uid}`);
  return lacking(
    'signals',
    'root without CAP_KILL',
    own.mayChangeUser
      ? 'services of other users are signalled through a process of that user'
      : 'what is of another user can not be stopped',
    'docker run --cap-add KILL',
  );
}

function sight(): Finding {
  const own = readOwnRights();
  if (own.maySeeOthers) return ok('sight', 'of processes of any user');
  if (own.uid !== 0) return ok('sight', `of processes of user ${own.uid}`);
  return lacking(
    'sight',
    'root without CAP_SYS_PTRACE',
    'whether a port is that of a service of another user is told by the user of the socket alone',
    'docker run --cap-add SYS_PTRACE',
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It isn't told here.
    return '';
  }
}
