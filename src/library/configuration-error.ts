/**
 * The error of definitions that can't be: each problem as data, and as a line of its message.
 */
import type { Problem } from '../config/diagnostics/problem.ts';
import { printable } from '../events/printable.ts';

/** Thrown by `supervise` for services that can't be, all that is wrong with them at once: nothing was started. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** Each with the path of its key, as in `supervisor.yaml`. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(`Cannot run these services:\n${problems.map(lineOf).join('\n')}`);
    this.problems = problems;
  }
}

function lineOf({ message, hint }: Problem): string {
  return printable(`  ${message}${hint === undefined ? '' : `. ${hint}`}`);
}
