/**
 * One cgroup (version 2) for a run, with one below it for each instance: nothing leaves them by forking, whatever it
 * does to its session and its environment.
 *
 * A child is born in the cgroup that its parent is in. So we step into the cell, spawn, and step back, in one turn: no
 * wrapper is needed, and nothing is forked outside. (To put the child in after the spawn would be cheaper by a tenth of
 * a millisecond; a shell script was seen to be quicker with its first fork.) Whoever gets a cell lets go of it; a
 * folder that can't be removed is no error.
 */
import { closeSync, mkdirSync, openSync, promises, rmdir, writeFileSync, writeSync } from 'node:fs';
import type { Inside } from '../spawn/spawn-child.ts';
import type { CellMembers } from '../tree/cell-tree.ts';
import { instanceMarker, OF_A_COMMAND, OF_A_HOOK } from '../tree/members/run-marks.ts';
import { cpuSecondsOf, killCgroup, pidsIn, populationOf, tryTo } from './cgroup-files.ts';
import { movesAreQuick, ownCgroup } from './early-cgroup.ts';
import { cgroupPath } from './find-cgroup.ts';
import { removeCgroupSoon, removeEmptyCgroup } from './remove-cgroup.ts';

/** The cgroup of one instance. */
export interface Cell extends CellMembers {
  /** What is spawned there is in it, with all that comes of it. Throws only what `spawn` throws. */
  readonly inside: Inside;
  /** All that was spawned inside is in it, so that it alone decides who belongs to it. */
  readonly holds: boolean;
  /** The processor time of all that ever was in it; undefined: it can't be told. Never throws. */
  cpuSeconds(): number | undefined;
  /** Lets go of it, which nothing should be in any more. Never throws. */
  remove(): void;
}

export interface RunCgroup {
  /** Of the whole run. */
  readonly folder: string;
  /** Undefined: the system refuses another one; the instance goes without. */
  cell(service: string, attempt: number, stage?: number): Cell | undefined;
  /** The same for commands of the run, in a cell that all of them share. */
  readonly commandInside: Inside;
  /** The same for hooks. */
  readonly hookInside: Inside;
  /** Whose process it is, by the text of its `/proc/<pid>/cgroup`: the marker of an instance, `OF_A_COMMAND` or `OF_A_HOOK`. */
  markerOf(cgroup: string): string | undefined;
  /** SIGKILL to all that is in any cell. Never throws. */
  kill(): void;
  /** Nothing in any cell is alive, as far as the system tells. Never throws. */
  isEmpty(): boolean;
  /** Nothing was spawned elsewhere. */
  holdsAll(): boolean;
  /** Removes the folders, if nothing is in them. Call it when no instance is left. Never rejects. */
  dispose(): Promise<void>;
}

export interface FolderKeeper {
  /** Of one that nothing is in any more; one that isn't empty stays. False: it can't. */
  vacate(folder: string): boolean;
}

export type RunCgroupResult =
  | { readonly kind: 'made'; readonly cgroup: RunCgroup }
  /** `why` is a clause. */
  | { readonly kind: 'none'; readonly why: string };

export interface RunCgroupOptions {
  /** Hears of the folder before it is there: who dies in between leaves word of it. */
  readonly onNamed?: (folder: string) => void;
  /** We step into it to spawn; else it shows with the first spawn whether it takes processes. */
  readonly isEntered?: boolean;
  /** Makes the folders of what it spawns, and removes them, in our place; undefined: there is nobody now. */
  readonly helper?: () => FolderKeeper | undefined;
}

const COMMANDS = 'commands';
const HOOKS = 'hooks';

/** The name of a run's folder is this and that of the run. */
export const RUN_PREFIX = 'orderly-';

/**
 * `run` is a text that no other run has. Reads two files, makes a folder, and tries it, beside the loop since a move
 * may take its time. Never rejects.
 */
export async function createRunCgroup(
  run: string,
  { onNamed = () => {}, isEntered = true, helper = () => undefined }: RunCgroupOptions = {},
): Promise<RunCgroupResult> {
  try {
    const own = ownCgroup();
    if (own === undefined) return { kind: 'none', why: 'there is no cgroup v2 file system mounted' };
    const name = `${RUN_PREFIX}${run}`;
    const folder = `${own.folder}/${name}`;
    // A process may be moved by who may write to the nearest cgroup above both places: this one.
    const home = openSync(`${own.folder}/cgroup.procs`, 'w');
    try {
      onNamed(folder);
      mkdirSync(folder);
      if (isEntered) {
        await movesAreQuick;
        // There are cgroups that take no processes: one step in and back says more than any look at its files.
        await promises.writeFile(`${folder}/cgroup.procs`, '0');
        writeSync(home, '0');
      }
    } catch (error) {
      closeSync(home);
      removeEmptyCgroup(folder);
      throw error;
    }
    const prefix = `${own.path === '/' ? '' : own.path}/${name}/`;
    return { kind: 'made', cgroup: runCgroup(folder, prefix, home, helper) };
  } catch (error) {
    return { kind: 'none', why: whyNot(error as NodeJS.ErrnoException) };
  }
}

/** `home`: open, to step back by. */
function runCgroup(
  folder: string,
  prefix: string,
  home: number,
  helper: () => FolderKeeper | undefined,
): RunCgroup {
  const shared = new Map<string, Cell>();
  // If we couldn't step back, we are in a cell: nothing may be killed by its cgroup any more, nor waited for to be empty.
  let isHome = true;
  let holdsAll = true;
  const makeCell = (name: string): Cell | undefined => {
    const cell = `${folder}/${name}`;
    // Who is born there by the helper has it made by that.
    let isMade = helper() === undefined;
    if (!isHome || (isMade && !tryTo(() => mkdirSync(cell)))) {
      holdsAll = false;
      return undefined;
    }
    let holds = true;
    const missed = (): void => {
      holds = false;
      holdsAll = false;
    };
    return {
      inside: {
        folder: () => cell,
        missed,
        step(spawn) {
          if (!isMade) isMade = tryTo(() => mkdirSync(cell));
          // 0 is who writes it, with all of its threads.
          if (!tryTo(() => writeFileSync(`${cell}/cgroup.procs`, '0'))) {
            missed();
            return spawn();
          }
          try {
            return spawn();
          } finally {
            isHome &&= tryTo(() => writeSync(home, '0'));
          }
        },
      },
      get holds() {
        return holds && isHome;
      },
      pids: () => pidsIn(cell)?.filter((pid) => pid !== process.pid),
      kill: () => isHome && killCgroup(cell),
      population: () => (isHome ? populationOf(cell) : 'none'),
      cpuSeconds: () => (holds && isHome ? cpuSecondsOf(cell) : undefined),
      // Beside the loop; what is below it, or in use for a moment, goes with the run.
      remove() {
        if (helper()?.vacate(cell) !== true) rmdir(cell, () => {});
      },
    };
  };
  const sharedInside = (name: string): Inside => {
    const cell = (): Cell | undefined => {
      const found = shared.get(name) ?? makeCell(name);
      if (found !== undefined) shared.set(name, found);
      return found;
    };
    return {
      folder: () => cell()?.inside.folder(),
      missed: () => cell()?.inside.missed(),
      step(spawn) {
        const found = cell();
        return found === undefined ? spawn() : found.inside.step(spawn);
      },
    };
  };
  return {
    folder,
    cell: (service, attempt, stage) =>
      makeCell(`${encodeURIComponent(service)}.${attempt}${stage === undefined ? '' : `_${stage}`}`),
    commandInside: sharedInside(COMMANDS),
    hookInside: sharedInside(HOOKS),
    markerOf(text) {
      const path = cgroupPath(text);
      return path?.startsWith(prefix) ? markerOfCell(path.slice(prefix.length)) : undefined;
    },
    kill: () => isHome && killCgroup(folder),
    isEmpty: () => !isHome || populationOf(folder) !== 'alive',
    holdsAll: () => holdsAll && isHome,
    dispose() {
      closeSync(home);
      return removeCgroupSoon(folder);
    },
  };
}

/** `below` may go on: a service can make cgroups of its own. What is ahead of an instance is of it. */
function markerOfCell(below: string): string {
  const [name = ''] = below.split('/', 1);
  const dot = name.lastIndexOf('.');
  if (dot === -1) return name === HOOKS ? OF_A_HOOK : OF_A_COMMAND;
  return instanceMarker(decodeURIComponent(name.slice(0, dot)), Number.parseInt(name.slice(dot + 1), 10));
}

function whyNot({ code, path, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'EROFS':
      return 'the cgroup file system is mounted read-only';
    case 'EACCES':
    case 'EPERM':
      return `our cgroup may not be written to (${path})`;
    case 'ENOENT':
      return `there is no "${path}"`;
    default:
      return message;
  }
}
