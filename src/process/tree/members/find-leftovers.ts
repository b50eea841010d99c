/**
 * What is left of a run when no instance of it should be alive, told from plain facts. Pure.
 *
 * Roots are what is of the run by itself (`membership.ts`): by its cgroup or its mark, or as an orphan that we adopted,
 * which is our child without having been started by us; and what is known from an earlier look. And all that descends
 * from these. What is a hook's is none of it: `end-hooks.ts` sees to that.
 */
import { type Identities, isIn, isOfRun, isYounger, type RunReach } from './membership.ts';
import { OF_A_HOOK, serviceOfMarker } from './run-marks.ts';
import type { Process, ProcessSnapshot } from './snapshot.ts';

export interface Leftover {
  readonly process: Process;
  /** What its cell or its mark says, or that of the process it descends from; empty: it can't be told. */
  readonly service: string;
}

export interface RunRoots extends RunReach {
  /** Not left behind: what we started and wait for. Nor is what descends from it, unless it is of the run by itself. */
  readonly isOwnChild: (pid: number) => boolean;
  readonly known: Identities;
}

export function findLeftovers(
  { byPid, byParent, byMarker }: ProcessSnapshot,
  { isOwnChild, known, ...reach }: RunRoots,
): readonly Leftover[] {
  const found = new Map<number, Leftover>();
  const add = (process: Process, above = ''): void => {
    if (found.has(process.pid) || isOwnChild(process.pid)) return;
    const marker = process.cell ?? process.mark;
    if (marker === OF_A_HOOK) return;
    const service = marker === undefined ? above : serviceOfMarker(marker);
    found.set(process.pid, { process, service });
  };
  const adopted = reach.adopter === 'nobody' ? undefined : byParent.get(reach.adopter);
  for (const some of [...byMarker.values(), adopted ?? []]) {
    for (const process of some) if (isOfRun(process, reach)) add(process);
  }
  for (const pid of known.keys()) {
    const process = byPid.get(pid);
    if (process !== undefined && isIn(known, process)) add(process);
  }
  // A map passes on what is added while it is walked.
  for (const [pid, { process, service }] of found) {
    for (const child of byParent.get(pid) ?? [])
      if (isYounger(child, process.startTicks)) add(child, service);
  }
  return [...found.values()];
}

/** They differ from one to enter to the next. */
const OF_THE_SESSION = /^(?:HOME|TERM|PWD|OLDPWD|SHLVL|_|COLUMNS|LINES|npm_.*|ORDERLY_.*|NODE_.*)$/;
/** Whoever logs in has them. */
const OF_A_LOGIN = ['USER', 'LOGNAME'];
const RUN_VARIABLE = 'ORDERLY_RUN';

/**
 * Whether a process that was adopted came into the container from outside, by `docker exec` or the like. `environ` as
 * `/proc/<pid>/environ` shows it; `own`: the environment that we were started with.
 *
 * What PID 1 adopts is either an orphan of a service or what somebody left who entered the container. The latter has
 * the container's environment as we were given it, and nothing of a run. A daemon of a service has `ORDERLY_RUN`; one that
 * changed its user by a login has another environment, one that writes its title over its environment has none.
 */
export function isForeign(environ: string, own: Readonly<Record<string, string | undefined>>): boolean {
  const variables = new Map(
    environ
      .split('\0')
      .filter((entry) => entry.includes('='))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
  if (variables.has(RUN_VARIABLE) || !variables.has('PATH')) return false;
  if (OF_A_LOGIN.some((name) => variables.has(name) && own[name] === undefined)) return false;
  return Object.entries(own).every(
    ([name, value]) => OF_THE_SESSION.test(name) || variables.get(name) === value,
  );
}
