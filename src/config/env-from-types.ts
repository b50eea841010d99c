/**
 * Commands that print the variables of services, as validated. Plain data.
 */
import type { ConfigPath } from './diagnostics/problem.ts';
import type { PlainCommand } from './hook-types.ts';

/** A command that prints variables, as lines KEY=VALUE, for so many milliseconds at most. */
export interface EnvCommand {
  readonly command: PlainCommand;
  /** Absolute. */
  readonly cwd: string;
  readonly withinMs: number;
  /** Where it stands. */
  readonly path: ConfigPath;
}

/** What is run before a service is started, for its variables. */
export interface EnvFrom {
  /** Later over earlier. */
  readonly commands: readonly EnvCommand[];
  /** The variables that the configuration gives, or takes away, over theirs. */
  readonly over: readonly string[];
  /** How often something else was printed than before, in this run; undefined: never. */
  readonly revision?: number;
}
