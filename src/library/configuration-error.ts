/**
 * Thrown by `supervise` for definitions that can't be: nothing was started. It tells everything that is wrong at once.
 */
import type { Problem } from '../config/problem.ts';

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
  return `  ${message}${hint === undefined ? '' : `. ${hint}`}`;
}
