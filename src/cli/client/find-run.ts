/**
 * Which run a command is for: that of the project whose file is named or the nearest, or of the name that was given.
 */
import { basename, dirname, join, resolve } from 'node:path';
import { type Diagnostic, formatDiagnostic } from '../../config/diagnostics/diagnostic.ts';
import { FILE_NAMES, findFiles } from '../../config/find-files.ts';
import type { FoundRun } from '../../process/guard/find-run.ts';
import { isProjectOfAll } from '../all/project-of-all.ts';
import { UsageError } from '../world.ts';
import { AskError } from './ask-run.ts';
import type { ClientWorld } from './client-world.ts';

export interface ClientOptions {
  readonly file?: readonly string[];
  readonly project?: string | undefined;
  /** Answers as JSON. */
  readonly json?: boolean | undefined;
}

export interface Target {
  /** As a person calls it. */
  readonly name: string;
  /** Undefined: it doesn't run. */
  readonly run: FoundRun | undefined;
}

/** Throws a `UsageError` if it can't be told which project is meant, an `AskError` if not whether it runs. */
export function findTarget(world: ClientWorld, { file = [], project }: ClientOptions): Target {
  if (project !== undefined) return { name: JSON.stringify(project), run: lookFor(world, `name:${project}`) };
  const found = findFiles(file, world.cwd, world.readFile);
  if (found.ok) {
    const [first] = found.sources;
    const own = lookFor(world, `file:${world.realPath(first.file)}`);
    const run = file.length > 0 ? own : nearest(world, dirname(first.file), own);
    return { name: JSON.stringify(run?.file ?? first.file), run };
  }
  const run = findWithoutFile(world, file);
  if (run !== undefined) return { name: JSON.stringify(run.file), run };
  throw unreadable(world, found.diagnostics);
}

function lookFor(world: ClientWorld, project: string): FoundRun | undefined {
  try {
    return world.findRun(project);
  } catch (error) {
    throw new AskError(`Cannot tell whether it runs: ${(error as Error).message}`, 1);
  }
}

/** The run of the nearest file, or one of `orderly all` that is nearer; one in the same folder if that of the file doesn't run. */
function nearest(world: ClientWorld, folder: string, ofFile: FoundRun | undefined): FoundRun | undefined {
  const [here, there] = [realFolder(world, world.cwd), realFolder(world, folder)];
  if (here === there && ofFile !== undefined) return ofFile;
  const runs = world.findRuns();
  for (let above = here; above !== there && above !== dirname(above); above = dirname(above)) {
    const run = runOfAll(runs, above);
    if (run !== undefined) return run;
  }
  return ofFile ?? runOfAll(runs, there);
}

/** A run can be asked, and ended, though its file can't be read any more. */
function findWithoutFile(world: ClientWorld, [named]: readonly string[]): FoundRun | undefined {
  const folder = realFolder(world, named === undefined ? world.cwd : dirname(resolve(world.cwd, named)));
  if (named !== undefined) return lookFor(world, `file:${join(folder, basename(named))}`);
  const runs = world.findRuns();
  for (let above = folder; ; above = dirname(above)) {
    for (const name of FILE_NAMES) {
      const run = lookFor(world, `file:${join(above, name)}`);
      if (run !== undefined) return run;
    }
    const ofAll = runOfAll(runs, above);
    if (ofAll !== undefined) return ofAll;
    if (dirname(above) === above) return undefined;
  }
}

/** The one of `orderly all` in that folder. Throws a `UsageError` if there are several. */
function runOfAll(runs: readonly FoundRun[], folder: string): FoundRun | undefined {
  const found = runs.filter(({ project }) => isProjectOfAll(project, folder));
  if (found.length < 2) return found[0];
  const pids = found.map(({ pid }) => `pid ${pid}`).join(', ');
  const remedy = 'start each with --project NAME, and ask by that name';
  throw new UsageError(
    `There are ${found.length} runs of "orderly all" in ${JSON.stringify(folder)} (${pids}): ${remedy}`,
  );
}

function realFolder(world: ClientWorld, folder: string): string {
  try {
    return world.realPath(folder);
  } catch {
    // Not there any more.
    return folder;
  }
}

/** A sentence of such an error is one line: those of a diagnostic are several. */
export function unreadable({ cwd }: ClientWorld, diagnostics: readonly Diagnostic[]): UsageError {
  return new UsageError(...diagnostics.flatMap((one) => formatDiagnostic(one, cwd).split('\n')));
}

/** The same, of a command that needs one. Throws a `UsageError` if it doesn't run. */
export function requireRun(world: ClientWorld, options: ClientOptions, deed: string): FoundRun {
  const { name, run } = findTarget(world, options);
  if (run !== undefined) return run;
  throw new UsageError(`Cannot ${deed}: ${name} doesn't run; start it with "orderly up"`);
}
