/**
 * What the trees of a run use, and where they listen, read from `/proc` when somebody asks, and never by itself.
 *
 * It holds each tree until nothing of it is alive. A look at very many processes lets the loop go on in between.
 */
import { createSlices } from '../slices.ts';
import { readProcessFile } from '../tree/proc/process-file.ts';
import { TICKS_PER_SECOND } from '../tree/proc/process-stat.ts';
import type { ProcessTree } from '../tree/process-tree.ts';
import type { Listening, TreeUsage, UsageWanted } from '../usage-ports.ts';
import { pageBytes } from './page-size.ts';

export interface TreeUsages {
  /** The tree, known until it is gone; `cpuSeconds`: of all that ever was of it, undefined: that isn't known. */
  hold(service: string, tree: ProcessTree, cpuSeconds: () => number | undefined): ProcessTree;
  /** By service; of what is gone nothing. Never rejects. */
  read(wanted?: UsageWanted): Promise<ReadonlyMap<string, TreeUsage>>;
}

interface Held {
  readonly tree: ProcessTree;
  readonly cpuSeconds: () => number | undefined;
  readonly sinceMs: number;
  /** As it was told last: a process that ended, and whose parent did not ask, takes its time with it. */
  toldSeconds: number;
}

export function createTreeUsages(): TreeUsages {
  const held = new Map<string, Held>();

  const measure = async (
    one: Held,
    pids: readonly number[],
    slice: () => Promise<void>,
  ): Promise<TreeUsage> => {
    const found: ProcessUsage[] = [];
    for (const pid of pids) {
      const usage = readUsage(pid);
      if (usage !== undefined) found.push(usage);
      await slice();
    }
    const seconds = one.cpuSeconds() ?? sum(found.map(({ cpuSeconds }) => cpuSeconds));
    one.toldSeconds = Math.max(one.toldSeconds, seconds);
    const residentBytes = sum(found.map((each) => each.residentBytes));
    const ageSeconds = (performance.now() - one.sinceMs) / 1000;
    return { processes: found.length, cpuSeconds: one.toldSeconds, residentBytes, ageSeconds };
  };

  return {
    hold(service, tree, cpuSeconds) {
      const own: Held = { tree, cpuSeconds, sinceMs: performance.now(), toldSeconds: 0 };
      held.set(service, own);
      let gone: Promise<void> | undefined;
      const forget = (): void => {
        if (held.get(service) === own) held.delete(service);
      };
      return {
        ...tree,
        gone() {
          gone ??= tree.gone().then(forget);
          return gone;
        },
      };
    },
    async read({ listening = false, services } = {}) {
      const meant = [...held].filter(([service]) => services?.has(service) !== false);
      const usages = new Map<string, TreeUsage>();
      const sockets = listening ? await readSockets() : undefined;
      // Asked for together, they share a look.
      const looked = await Promise.all(meant.map(async ([, { tree }]) => tree.alive()));
      const slice = createSlices();
      for (const [at, [service, one]] of meant.entries()) {
        const pids = looked[at]!;
        const usage = await measure(one, pids, slice);
        const more = sockets && { listening: await sockets(pids, slice) };
        if (usage.processes > 0) usages.set(service, { ...usage, ...more });
      }
      return usages;
    },
  };
}

type ListeningOf = (pids: readonly number[], slice: () => Promise<void>) => Promise<Listening>;

/** Loaded for the first one who asks. Nothing is known where there is nothing left to look with. */
async function readSockets(): Promise<ListeningOf> {
  const { readListenTable, listeningOf } = await import('../sockets/tree-listening.ts');
  const unknown: Listening = { places: [], isWhole: false };
  const passIfOut = (error: unknown): void => {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  };
  const table = await readListenTable().catch(passIfOut);
  if (table === undefined) return async () => unknown;
  return async (pids, slice) => (await listeningOf(pids, table, slice).catch(passIfOut)) ?? unknown;
}

interface ProcessUsage {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

// Positions after the name, as in `process-stat.ts` (proc(5)): its own time, and that of children that it has asked for.
const FIRST_TIME = 11;
const LAST_TIME = 14;
const RESIDENT_PAGES = 21;

/** Undefined: it has ended, isn't shown, or there is nothing left to look with. */
function readUsage(pid: number): ProcessUsage | undefined {
  try {
    const line = readProcessFile(pid, 'stat');
    return line === undefined ? undefined : parseUsage(line, pageBytes());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

/** A line of `stat`; undefined if it is not of that form. Pure. */
export function parseUsage(line: string, bytesOfPage: number): ProcessUsage | undefined {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ', RESIDENT_PAGES + 1);
  if (fields.length <= RESIDENT_PAGES) return undefined;
  const ticks = sum(fields.slice(FIRST_TIME, LAST_TIME + 1).map(Number));
  return {
    cpuSeconds: ticks / TICKS_PER_SECOND,
    residentBytes: Number(fields[RESIDENT_PAGES]) * bytesOfPage,
  };
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
