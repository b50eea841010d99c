/**
 * What the script of a package starts: processes in steps, each of which begins when the one before it has ended well.
 */
import type { Value } from '../imported.ts';

/** A process to be. */
export interface Planned {
  /** What it is called if nothing else is said. */
  readonly name: string;
  /** For the shell. */
  readonly command: string;
  /** The folder that it runs in; left out: that of the package. */
  readonly cwd?: string;
}

export interface Lost {
  readonly message: string;
  readonly hint?: string;
}

export interface Plan {
  /** What takes turns; the processes of the last step run side by side. */
  readonly steps: readonly (readonly Planned[])[];
  /** What follows for the others when one of them ends: everything ends too, only after a failure, or nothing. */
  readonly whenOneEnds: 'shutdown' | 'shutdown-on-failure' | 'nothing';
  /** Those that are started again after a failure, and how often; missing: none; without a delay it grows. */
  readonly restarts?: { readonly max: number; readonly delayMs: number | undefined };
  /** How they are stopped, if it is said. */
  readonly stop?: Value;
  readonly losses: readonly Lost[];
}
