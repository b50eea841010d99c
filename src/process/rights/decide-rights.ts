/**
 * From what is asked for, what was found and what there is, to how it is done. Pure.
 *
 * Every program executes the next one, so that the pid stays the same. What needs root comes first, the change of user
 * last, and then a shell as that user.
 */
import type { DirectRights, Rights } from '../rights-ports.ts';
import type { AskedRights, ResolvedRights, RightsTrouble } from './asked-rights.ts';
import { decideIdentity, type FoundAccounts, type Identity } from './decide-identity.ts';
import { type DecidedLimit, decideLimit, isTrouble, shown } from './decide-limits.ts';
import type { OwnRights } from './own-rights.ts';
import type { RightsTools } from './rights-tools.ts';

export interface Machine {
  readonly own: OwnRights;
  readonly tools: RightsTools;
}

export function decideRights(
  asked: AskedRights,
  found: FoundAccounts,
  { own, tools }: Machine,
): ResolvedRights {
  const decision = decideIdentity(asked, found, own);
  const identity = decision.kind === 'other' ? decision.identity : undefined;
  const decided = Object.entries(asked.limits ?? {}).map(([name, limit]) => decideLimit(name, limit, own));
  const limits = decided.filter((each): each is DecidedLimit => !isTrouble(each));
  const niceBy = asked.nice === undefined ? 0 : asked.nice - own.niceness;
  const troubles = [
    ...(decision.kind === 'refused' ? decision.troubles : []),
    ...decided.filter(isTrouble),
    ...niceTroubles(asked, own, tools),
    ...toolTroubles({ asked, identity, limits, niceBy }, tools),
  ];
  if (troubles.length > 0) return { kind: 'refused', troubles };
  const bySpawn = identity !== undefined && changesAtSpawn(identity, tools);
  const isPlain = identity === undefined && limits.length === 0 && niceBy === 0 && asked.umask === undefined;
  const rights: Rights = {
    env: identity?.env ?? {},
    before: [
      ...(niceBy === 0 ? [] : [tools.nice!, '-n', String(niceBy)]),
      ...limitPrefix(limits, tools),
      ...(identity === undefined || bySpawn ? [] : setprivPrefix(identity, tools.setpriv!)),
    ],
    script: isPlain || tools.shell === undefined ? undefined : umaskScript(asked.umask),
    direct: isComplete(limits) ? directRights(asked, identity, limits, niceBy) : undefined,
    ids: bySpawn ? { uid: identity.uid, gid: identity.gid } : undefined,
    uid: identity?.uid,
    who: identity?.who,
  };
  return { kind: 'granted', rights };
}

/** Of setrlimit(2) in Linux: include/uapi/asm-generic/resource.h. */
const RESOURCES: readonly string[] =
  'cpu fsize data stack core rss nproc nofile memlock as locks sigpending msgqueue nice rtprio rttime'.split(
    ' ',
  );

type KnownLimit = DecidedLimit & { readonly soft: number; readonly hard: number };

function isComplete(limits: readonly DecidedLimit[]): limits is readonly KnownLimit[] {
  return limits.every(
    ({ name, soft, hard }) => RESOURCES.includes(name) && soft !== undefined && hard !== undefined,
  );
}

function directRights(
  { umask, nice }: AskedRights,
  identity: Identity | undefined,
  limits: readonly KnownLimit[],
  niceBy: number,
): DirectRights {
  return {
    ids: identity && { uid: identity.uid, gid: identity.gid, groups: identity.groups },
    umask,
    nice: niceBy === 0 ? undefined : nice,
    limits: limits.map(({ name, soft, hard }) => ({ resource: RESOURCES.indexOf(name), soft, hard })),
  };
}

function limitPrefix(limits: readonly DecidedLimit[], { prlimit, shell }: RightsTools): readonly string[] {
  if (limits.length === 0) return [];
  if (prlimit !== undefined) return [prlimit, ...prlimitArguments(limits)];
  return [shell!, '-c', `${ulimitScript(limits)} && exec "$@"`, 'sh'];
}

/** By numbers: it needn't look anything up again. */
function setprivPrefix({ uid, gid, groups }: Identity, setpriv: string): readonly string[] {
  const others = groups.length === 0 ? ['--clear-groups'] : ['--groups', groups.join(',')];
  return [setpriv, '--reuid', String(uid), '--regid', String(gid), ...others];
}

function umaskScript(umask: number | undefined): string {
  return umask === undefined ? '' : `umask ${umask.toString(8).padStart(3, '0')}`;
}

/** Node gives no supplementary groups: it will do for a user that has none. */
function changesAtSpawn({ groups }: Identity, { setpriv, shell }: RightsTools): boolean {
  return (setpriv === undefined || shell === undefined) && groups.length === 0;
}

function niceTroubles({ nice }: AskedRights, own: OwnRights, tools: RightsTools): readonly RightsTrouble[] {
  if (nice === undefined || nice === own.niceness) return [];
  if (nice < own.lowestNiceness)
    return [
      {
        key: ['nice'],
        message: `have the niceness ${nice}: ${own.uid === 0 ? 'root without CAP_SYS_NICE may not' : 'only root may'} go below ${own.lowestNiceness} here`,
        hint: `Ask for ${own.lowestNiceness} or more, or start orderly as root`,
      },
    ];
  return tools.nice === undefined ? [missing('nice', `have the niceness ${nice}`, 'nice', 'coreutils')] : [];
}

interface Wanted {
  readonly asked: AskedRights;
  readonly identity: Identity | undefined;
  readonly limits: readonly DecidedLimit[];
  readonly niceBy: number;
}

/** What can't be done for want of a program. */
function toolTroubles(wanted: Wanted, tools: RightsTools): readonly RightsTrouble[] {
  const { asked, identity, limits, niceBy } = wanted;
  const troubles: RightsTrouble[] = [];
  if (tools.shell === undefined) {
    const keys = (['umask', 'nice', 'limits'] as const).filter((key) => asked[key] !== undefined);
    troubles.push(...keys.map((key) => missing(key, `have its "${key}"`, '/bin/sh', 'a shell')));
  } else if (tools.prlimit === undefined) {
    const without = limits.filter((limit) => !hasUlimit(limit));
    const keys = without.map(({ name }) => ['limits', name]);
    troubles.push(...keys.map((key) => missing(key, `have its limit of ${key[1]}`, 'prlimit', 'util-linux')));
  }
  if (identity === undefined || (tools.setpriv !== undefined && tools.shell !== undefined)) return troubles;
  const key = asked.user === undefined ? 'group' : 'user';
  const as = `run as ${identity.who}`;
  const [tool, from] = tools.shell === undefined ? ['/bin/sh', 'a shell'] : ['setpriv', 'util-linux'];
  if (identity.groups.length > 0)
    troubles.push(missing(key, `${as}, which has supplementary groups`, tool, from));
  else if (niceBy < 0 || limits.some(({ raises }) => raises))
    troubles.push(missing(key, `${as} with more than such a user may have`, tool, from));
  return troubles;
}

function missing(key: string | readonly string[], what: string, tool: string, from: string): RightsTrouble {
  const keys = typeof key === 'string' ? [key] : key;
  return {
    key: keys,
    message: `${what}: the program "${tool}" is not there`,
    hint: `Install ${from}, or remove "${keys.join('.')}"`,
  };
}

// Limits as the arguments of prlimit, or as a script of `ulimit` where there is no prlimit. Pure.

/** `--nofile=1024:4096`, in the units of setrlimit. */
function prlimitArguments(limits: readonly DecidedLimit[]): readonly string[] {
  return limits.map(({ name, soft, hard }) => `--${name}=${half(soft)}:${half(hard)}`);
}

function half(limit: number | undefined): string {
  return limit === undefined ? '' : shown(limit);
}

/** The letter and the unit in bytes, where the shells agree (POSIX mode of bash, dash, busybox). */
const OPTIONS: Readonly<Record<string, readonly [letter: string, unit: number]>> = {
  as: ['v', 1024],
  core: ['c', 512],
  cpu: ['t', 1],
  data: ['d', 1024],
  fsize: ['f', 512],
  memlock: ['l', 1024],
  nofile: ['n', 1],
  stack: ['s', 1024],
};

/** Whether a shell can do it. */
function hasUlimit({ name }: Pick<DecidedLimit, 'name'>): boolean {
  return name === 'nproc' || name in OPTIONS;
}

/** A script that sets them, and ends at the first that can't be set. */
export function ulimitScript(limits: readonly DecidedLimit[]): string {
  return limits.flatMap(commandsFor).join(' && ');
}

function commandsFor({ name, soft, hard, hardFirst }: DecidedLimit): readonly string[] {
  const set = (kind: string, limit: number | undefined) =>
    limit === undefined ? [] : [ulimit(name, kind, limit)];
  if (soft === hard) return set('', soft);
  const [first, second] = [set('-S ', soft), set('-H ', hard)];
  return hardFirst ? [...second, ...first] : [...first, ...second];
}

function ulimit(name: string, kind: string, limit: number): string {
  const [letter, unit] = OPTIONS[name] ?? ['u', 1];
  const amount = limit === Number.POSITIVE_INFINITY ? 'unlimited' : String(Math.floor(limit / unit));
  // bash says -u, dash and busybox say -p, which in bash is something else.
  return name === 'nproc'
    ? `{ ulimit ${kind}-u ${amount} 2>/dev/null || ulimit ${kind}-p ${amount}; }`
    : `ulimit ${kind}-${letter} ${amount}`;
}
