/**
 * One project never runs twice at once: enters it, or says who is in it already.
 *
 * It is known by the real path of its first file, however that was named, or by the name that `--project` gives it.
 */
import { sleep } from '../concurrency/index.ts';
import type { FoundRun } from '../process/guard/find-run.ts';
import type { Entry } from '../process/guard/run-guard.ts';
import { projectOfAll } from './all/project-of-all.ts';
import type { Project } from './load-project.ts';
import { type Ending, UsageError, type World } from './world.ts';

export interface EnterOptions {
  /** Runs of this name exclude each other, whatever their files are. */
  readonly project?: string | undefined;
  /** It has no file: without a name of its own any number of its kind may run in its folder at once. */
  readonly isUnfiled?: boolean;
}

/** What is done where somebody runs it already; resolves with nothing when that run is over, so that this one may begin. */
export type Join = (run: FoundRun) => Promise<Ending | undefined>;

interface Entered extends Omit<Extract<Entry, { readonly kind: 'entered' }>, 'kind'> {
  /** By what it is known; undefined: it has no file. */
  readonly project: string | undefined;
}

/**
 * `notes`: what a person should know: what an earlier run had left, why there is no claim. Throws a `UsageError` if the project
 * runs already and can't be joined. Call it before anything that another run would feel.
 */
export async function enterOrJoin(
  world: World,
  { config }: Project,
  options: EnterOptions,
  join: Join | undefined,
): Promise<Entered | Ending> {
  const [file] = config.files;
  if (file === undefined)
    return { project: undefined, run: '', socket: undefined, tokenFile: undefined, notes: [] };
  const isOneOfMany = options.isUnfiled === true && options.project === undefined;
  for (let waitedMs = 0, nth = 1; ; ) {
    const project = isOneOfMany
      ? projectOfAll(realPath(world, world.cwd), nth)
      : projectNamed(world, file, options);
    const entry = await world.enterProject({ project, file, since: world.wallTime() });
    if (entry.kind === 'entered') return { ...entry, project };
    // Only what a dead run left is in the way of all.
    if (isOneOfMany && (entry.by !== undefined || entry.isStarting)) {
      nth += 1;
      continue;
    }
    if (join !== undefined && entry.isStarting && waitedMs < STARTS_WITHIN_MS) {
      await sleep(LOOK_EVERY_MS);
      waitedMs += LOOK_EVERY_MS;
      continue;
    }
    if (entry.by === undefined || join === undefined) throw new UsageError(entry.message);
    const ending = await join(entry.by);
    if (ending !== undefined) return ending;
  }
}

/** How long somebody may take who is about to run it. */
const STARTS_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 20;

/** By what it is known: the name that was given to it, or its first file. */
export function projectNamed(world: World, file: string, { project }: EnterOptions): string {
  return project === undefined ? `file:${realPath(world, file)}` : `name:${project}`;
}

/** A pipe (`-f <(…)`) has no path that means anything elsewhere: then it is that name in this folder. */
function realPath(world: World, file: string): string {
  try {
    return world.realPath(file);
  } catch {
    return `${world.cwd} ${file}`;
  }
}
