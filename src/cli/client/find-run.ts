/**
 * Which run a command is for: that of the project whose file is named or the nearest, or of the name that was given.
 */

import { type Diagnostic, formatDiagnostic } from '../../config/diagnostics/diagnostic.ts';
import { findFiles } from '../../config/find-files.ts';
import type { FoundRun } from '../../process/guard/find-run.ts';
import { UsageError } from '../world.ts';
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

/** Throws a `UsageError` if it can't be told which project is meant. */
export function findTarget(world: ClientWorld, { file = [], project }: ClientOptions): Target {
  if (project !== undefined) return { name: JSON.stringify(project), run: world.findRun(`name:${project}`) };
  const found = findFiles(file, world.cwd, world.readFile);
  if (!found.ok) throw unreadable(world, found.diagnostics);
  const [first] = found.sources;
  const path = world.realPath(first.file);
  return { name: JSON.stringify(first.file), run: world.findRun(`file:${path}`) };
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
