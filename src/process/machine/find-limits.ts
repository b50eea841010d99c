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
  return [descriptors(), processes(), changeOfUser()];
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

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It isn't told here.
    return '';
  }
}
