/**
 * Which run a command is for: that of the project whose file is named or the nearest, or of the name that was given.
 */
import { basename, dirname, join, resolve } from 'node:path';
import { type Diagnostic, formatDiagnostic } from '../../config/diagnostics/diagnostic.ts';
import { FILE_NAMES, findFiles } from '../../config/find-files.ts';
import type { FoundRun } from '../../process/guard/find-run.ts';
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
    return { name: JSON.stringify(first.file), run: lookFor(world, `file:${world.realPath(first.file)}`) };
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

/** A run can be asked, and ended, though its file can't be read any more. */
function findWithoutFile(world: ClientWorld, [named]: readonly string[]): FoundRun | undefined {
  const folder = realFolder(world, named === undefined ? world.cwd : dirname(resolve(world.cwd, named)));
  if (named !== undefined) return lookFor(world, `file:${join(folder, basename(named))}`);
  for (let above = folder; ; above = dirname(above)) {
    for (const name of FILE_NAMES) {
      const run = lookFor(world, `file:${join(above, name)}`);
      if (run !== undefined) return run;
    }
    if (dirname(above) === above) return undefined;
  }
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
