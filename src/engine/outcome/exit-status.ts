/**
 * The exit status of a run, from what is known at its end (the table of the manual). Pure.
 *
 * The first that applies: 1 a failure, 3 an unclean shutdown, 128+n a signal, 0. Status 2 (usage, configuration)
 * never gets here: nothing was started.
 */
import { constants } from 'node:os';
import type { ShutdownCause } from '../../events/event.ts';
import type { Exit } from '../../events/fact-shape.ts';
import type { SpawnFailureReason } from '../../process/ports.ts';

export interface RunResult {
  /** A service or task failed for good, and its `on_failure` isn't `ignore`. */
  readonly failed: boolean;
  /** Something was killed during the shutdown, a clean-up failed or was cut, or a process survived. */
  readonly unclean: boolean;
  readonly cause: ShutdownCause;
}

export interface ExitStatus {
  readonly status: number;
  /** The program ends by raising this signal on itself; as PID 1 it exits with `status`. */
  readonly raise: NodeJS.Signals | undefined;
}

export function exitStatus(result: RunResult): ExitStatus {
  if (result.failed) return { status: 1, raise: undefined };
  if (result.unclean) return { status: 3, raise: undefined };
  if (result.cause.kind === 'signal') {
    return { status: 128 + signalNumber(result.cause.signal), raise: result.cause.signal };
  }
  return { status: 0, raise: undefined };
}

/** The status a shell would give the end of a process; 1 for one that can't be known. */
export function statusOfExit(exit: Exit): number {
  if (exit.kind === 'unknown') return 1;
  if (exit.kind === 'call') return exit.outcome === 'returned' ? 0 : 1;
  return exit.kind === 'code' ? exit.code : 128 + signalNumber(exit.signal);
}

/** The status a shell would give a command that could not be executed (POSIX); undefined: it has none for that. */
export function statusOfSpawnFailure(reason: SpawnFailureReason): number | undefined {
  if (reason === 'command-not-found') return 127;
  return reason === 'not-executable' ? 126 : undefined;
}

/** On this system; of an unknown name 0. */
export function signalNumber(name: string): number {
  const numbers: Readonly<Record<string, number | undefined>> = constants.signals;
  return numbers[name] ?? 0;
}
