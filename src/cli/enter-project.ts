/**
 * One project never runs twice at once: enters it, or says who is in it already.
 *
 * It is known by the real path of its first file, however that was named, or by the name that `--project` gives it.
 */
import type { Project } from './load-project.ts';
import { UsageError } from './usage-error.ts';
import type { World } from './world.ts';

export interface EnterOptions {
  /** Runs of this name exclude each other, whatever their files are. */
  readonly project?: string | undefined;
}

/**
 * What a person should know: what an earlier run had left, why there is no lock. Throws a `UsageError` if the project
 * runs already. Call it before anything that another run would feel.
 */
export async function enterProject(
  world: World,
  { config }: Project,
  { project }: EnterOptions,
): Promise<readonly string[]> {
  const [file] = config.files;
  if (file === undefined) return [];
  const entry = await world.enterProject({
    project: project === undefined ? `file:${realPath(world, file)}` : `name:${project}`,
    file,
    since: world.wallTime(),
  });
  if (entry.kind === 'taken') throw new UsageError(entry.message);
  return entry.notes;
}

/** A pipe (`-f <(…)`) has no path that means anything elsewhere: then it is that name in this folder. */
function realPath(world: World, file: string): string {
  try {
    return world.realPath(file);
  } catch {
    return `${world.cwd} ${file}`;
  }
}
