/**
 * How one instance ended, and what that means. Pure.
 */
import type { ServiceConfig } from '../../config/types.ts';
import { describeExit } from '../../events/describe.ts';
import type { Exit, StopCause } from '../../events/fact-shape.ts';
import { formatDuration } from '../../events/format-duration.ts';
import type { SpawnFailureReason } from '../../process/ports.ts';
import type { EndedRun } from './restart.ts';

export type Ending =
  /** It could not be started at all. */
  | {
      readonly kind: 'not-spawned';
      readonly why: string;
      readonly reason: SpawnFailureReason | 'value-missing';
      readonly hopeless: boolean;
    }
  /** It ended without being asked. */
  | {
      readonly kind: 'exited';
      readonly exit: Exit;
      readonly upMs: number;
      /** How long it had been ready; undefined: it never was. */
      readonly readyMs: number | undefined;
    }
  /** Its readiness condition can't hold any more, or not in time; it may still run. */
  | {
      readonly kind: 'not-ready';
      readonly why: string;
      /** Its deadline passed; else it can't hold any more. */
      readonly late: boolean;
      /** It was not even executed: a command that runs before it is at fault. */
      readonly isBefore?: true;
    }
  /** A monitor found that it is not as it should be; it may still run. */
  | {
      readonly kind: 'tripped';
      readonly why: string;
      /** Not this service alone: the whole program goes down. */
      readonly collapse: boolean;
      readonly readyMs: number;
    }
  /** What it relies on is lost, and it gives way; it may still run. */
  | { readonly kind: 'lost'; readonly reason: string; readonly readyMs: number | undefined }
  /** It was its turn to stop; it may still run. `cause`: as data, why it was so at that moment. */
  | { readonly kind: 'asked'; readonly reason: string; readonly cause: StopCause };

export type UnaskedEnding = Exclude<Ending, { kind: 'asked' | 'lost' }>;

/** What the restart decision needs to know. */
export function judgeEnding(spec: ServiceConfig, ending: UnaskedEnding): EndedRun {
  if (ending.kind === 'not-spawned')
    return { outcome: ending.hopeless ? 'hopeless' : 'failure', readyMs: undefined };
  if (ending.kind === 'not-ready') return { outcome: 'failure', readyMs: undefined };
  if (ending.kind === 'tripped') {
    return { outcome: ending.collapse ? 'hopeless' : 'failure', readyMs: ending.readyMs };
  }
  if (shellFoundNothing(spec, ending.exit)) return { outcome: 'hopeless', readyMs: ending.readyMs };
  const tooEarly = spec.type === 'service' && ending.readyMs === undefined;
  const success = !tooEarly && isSuccess(spec, ending.exit);
  return { outcome: success ? 'success' : 'failure', readyMs: ending.readyMs };
}

export function isSuccess(spec: ServiceConfig, exit: Exit): boolean {
  if (exit.kind === 'call') return exit.outcome === 'returned';
  return exit.kind === 'code' && spec.restart.successCodes.includes(exit.code);
}

/** Why it ended, a clause fit after the service's name. */
export function endingClause(spec: ServiceConfig, ending: UnaskedEnding): string {
  if (ending.kind !== 'exited') return ending.why;
  const early = spec.type === 'service' && ending.readyMs === undefined ? ', before it was ready' : '';
  const shell = shellFoundNothing(spec, ending.exit) ? ` (its shell ${SHELL_CODES[ending.exit.code]})` : '';
  const unwanted = early === '' && ending.exit.kind === 'code' ? unwantedZero(spec, ending.exit.code) : '';
  return `${describeExit(ending.exit)}${shell}${unwanted} after ${formatDuration(ending.upMs)}${early}`;
}

/** That 0 is a failure nobody expects. */
function unwantedZero({ restart: { successCodes } }: ServiceConfig, code: number): string {
  if (code !== 0 || successCodes.includes(0)) return '';
  return ` (which "restart.success_codes" doesn't have: ${successCodes.length === 0 ? 'it is empty' : successCodes.join(', ')})`;
}

/** What a shell exits with when it can't execute a command (POSIX): as hopeless as if we had tried ourselves. */
const SHELL_CODES: Readonly<Record<number, string>> = {
  126: 'could not execute the command',
  127: 'found no such command',
};

export function shellFoundNothing(spec: ServiceConfig, exit: Exit): exit is Exit & { readonly kind: 'code' } {
  if (spec.command.kind !== 'shell' || exit.kind !== 'code') return false;
  return exit.code in SHELL_CODES && !spec.restart.successCodes.includes(exit.code);
}

/**
 * An unasked end that a shutdown explains: a supervisor above may signal every process of ours at once, so whatever
 * ends by the usual stop signals while the program goes down has been stopped, not failed.
 */
export function explainedByShutdown(spec: ServiceConfig, exit: Exit): boolean {
  // Nothing that could be known of it speaks against it.
  if (exit.kind === 'unknown') return true;
  if (exit.kind === 'call') return exit.outcome !== 'threw';
  const name = exit.kind === 'signal' ? exit.signal : signalOfCode(exit.code);
  return isSuccess(spec, exit) || (name !== undefined && stopSignals.has(name));
}

const stopSignals = new Set(['SIGTERM', 'SIGINT', 'SIGHUP']);

function signalOfCode(code: number): string | undefined {
  return { 143: 'SIGTERM', 130: 'SIGINT', 129: 'SIGHUP' }[code];
}
