/**
 * What follows the end of an instance, or of a wait that ended without one. Pure but for the random part of a delay.
 */
import { now } from '../../concurrency/index.ts';
import { exitFact } from '../../events/exit-fact.ts';
import type { FailureFacts, FailureKind } from '../../events/failure.ts';
import type { Run } from '../run/run.ts';
import {
  type Ending,
  endingClause,
  explainedByShutdown,
  isSuccess,
  judgeEnding,
  shellFoundNothing,
  type UnaskedEnding,
} from '../service/ending.ts';
import type { ServiceNode } from '../service/node.ts';
import { decideRestart, historyAt, type RestartHistory, restartsOf } from '../service/restart.ts';
import type { Admission } from './wait-for-edges.ts';

/** How a service came to rest. */
export type LifeEnd =
  /** `upMs`: how long it ran, where it ended by itself. */
  | { readonly kind: 'completed'; readonly upMs?: number }
  /** `because`: it had run, and can't run on; `isForGood`: nor does it come back when what it lost does. */
  | { readonly kind: 'stopped'; readonly because?: string; readonly isForGood?: boolean }
  /** `collapse`: whatever its `on_failure` says. */
  | {
      readonly kind: 'failed';
      readonly why: string;
      readonly facts: FailureFacts;
      readonly collapse?: boolean;
    }
  | { readonly kind: 'skipped'; readonly because: string };

/** Another instance follows. */
export interface Again {
  readonly kind: 'restart';
  readonly failure: FailureKind;
  readonly delayMs: number;
  readonly failures: number;
  /** Restarts that count, this one included, and how many there may be; undefined: no limit. */
  readonly restarts: { readonly used: number; readonly max: number } | undefined;
  readonly history: RestartHistory;
  readonly why: string;
}

/** Another instance follows once what was lost is back. */
export interface Regain {
  readonly kind: 'regain';
  readonly history: RestartHistory;
}

/** What follows an instance; `again`: another one, at once, since somebody wishes that. */
export type Next = LifeEnd | Again | Regain | { readonly kind: 'again' };

export function decideNext(run: Run, node: ServiceNode, history: RestartHistory, ending: Ending): Next {
  if (ending.kind === 'asked') return { kind: 'stopped' };
  // It was to be replaced anyway.
  if (node.replacement !== undefined && node.stopReason === undefined) return { kind: 'again' };
  // How it ended while it gave way is explained by that.
  if (ending.kind === 'lost' || (ending.kind === 'exited' && node.givesWay !== undefined))
    return decideAfterLoss(node, ending, history);
  const judged = judgeEnding(node.spec, ending);
  const why = endingClause(node.spec, ending);
  const facts = failureFacts(node, ending, history, now());
  if (node.stopReason !== undefined) {
    const explained = ending.kind === 'exited' && explainedByShutdown(node.spec, ending.exit);
    return explained ? { kind: 'stopped' } : { kind: 'failed', why, facts };
  }
  const decision = decideRestart(node.spec.restart, history, judged, now(), run.ports.random());
  switch (decision.kind) {
    case 'completed':
      return { kind: 'completed', ...(ending.kind === 'exited' && { upMs: ending.upMs }) };
    case 'failed':
      return {
        kind: 'failed',
        facts,
        collapse: ending.kind === 'tripped' && ending.collapse,
        why: decision.exhausted === undefined ? why : `${why}; ${decision.exhausted}`,
      };
    case 'restart':
      return { ...decision, restarts: limitOf(node, decision.history), why, failure: facts.kind };
  }
}

/** The same, after the clean-ups: what was wished meanwhile goes before it. */
export function decideAfterwards(node: ServiceNode, next: Next, ending: Ending): Next {
  if (node.stopReason === undefined && (node.renewed || ending.kind === 'asked')) return { kind: 'again' };
  const goesOn = next.kind === 'again' || next.kind === 'regain' || next.kind === 'restart';
  if (goesOn && node.isDownByRequest) return { kind: 'stopped' };
  return next;
}

/** It counts neither as a failure nor as a restart: nothing was wrong with it. */
function decideAfterLoss(
  node: ServiceNode,
  ending: Ending & { kind: 'lost' | 'exited' },
  history: RestartHistory,
): LifeEnd | Regain {
  const { givesWay, isTask, spec, stopReason } = node;
  if (isTask && ending.kind === 'exited' && isSuccess(spec, ending.exit)) return { kind: 'completed' };
  if (stopReason !== undefined || givesWay === undefined) return { kind: 'stopped' };
  if (!givesWay.again) return { kind: 'stopped', because: givesWay.reason, isForGood: true };
  return { kind: 'regain', history: historyAt(spec.restart, history, ending.readyMs, now()) };
}

/** How a service comes to rest whose next instance was not let in; `isBetween`: it was to follow one that was not at fault for its end. */
export function decideNotAdmitted(
  node: ServiceNode,
  admission: Exclude<Admission, { kind: 'go' }>,
  isBetween: boolean,
): LifeEnd {
  switch (admission.kind) {
    case 'stopped':
      return node.attempt > 0 || node.isDownByRequest
        ? { kind: 'stopped' }
        : { kind: 'skipped', because: node.stopReason ?? '' };
    case 'never':
      return { kind: isBetween ? 'stopped' : 'skipped', because: admission.because };
    case 'timed-out':
      return { kind: 'failed', why: admission.because, facts: { kind: 'dependency-late' } };
  }
}

function limitOf({ spec }: ServiceNode, history: RestartHistory): Again['restarts'] {
  const { max } = spec.restart;
  return max === 0 ? undefined : { used: restartsOf(history).used, max };
}

// What is known of a failure when it is decided on, as data. Pure.

/** `history` is that before this end. */
export function failureFacts(
  node: ServiceNode,
  ending: UnaskedEnding,
  history: RestartHistory,
  nowMs: number,
): FailureFacts {
  const { restart } = node.spec;
  const upMs = ending.kind === 'exited' ? ending.upMs : nowMs - (node.instance?.spawnedAtMs ?? nowMs);
  const { readyMs } = judgeEnding(node.spec, ending);
  const { used, areInRow } = restartsOf(historyAt(restart, history, readyMs, nowMs));
  return {
    kind: kindOf(node, ending),
    ...(ending.kind === 'exited' && { exit: exitFact(ending.exit) }),
    ...(ending.kind !== 'not-spawned' && { uptime_ms: Math.round(upMs) }),
    ...(used > 0 && { restarts: { used, ...(!areInRow && { within_ms: restart.windowMs }) } }),
    ...(node.instance?.portHolder !== undefined && { held_by: node.instance.portHolder }),
  };
}

function kindOf({ spec, isTask }: ServiceNode, ending: UnaskedEnding): FailureKind {
  switch (ending.kind) {
    case 'not-spawned':
      return ending.reason in SPAWN_KINDS ? SPAWN_KINDS[ending.reason]! : 'not-started';
    case 'not-ready':
      if (ending.isBefore) return 'before-failed';
      return ending.late ? 'not-ready' : 'never-ready';
    case 'tripped':
      return 'unhealthy';
    case 'exited':
      if (shellFoundNothing(spec, ending.exit)) {
        return ending.exit.code === 127 ? 'command-not-found' : 'not-executable';
      }
      return isTask || ending.readyMs !== undefined ? 'exited' : 'exited-early';
  }
}

const SPAWN_KINDS: Readonly<Record<string, FailureKind>> = {
  'command-not-found': 'command-not-found',
  'not-executable': 'not-executable',
  'value-missing': 'value-missing',
};
