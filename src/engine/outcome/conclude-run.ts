/**
 * The end of a run: its cause, its exit status, what it failed of, and the last event.
 */

import { advise } from '../../events/advice.ts';
import { describeCause, describeExit } from '../../events/describe.ts';
import type { ShutdownCause } from '../../events/event.ts';
import type { FailureReport } from '../../events/failure.ts';
import type { Failure, Outcome, RunRecord, Unclean } from '../run/record.ts';
import type { Run } from '../run/run.ts';
import { exitStatus, statusOfExit, statusOfSpawnFailure } from './exit-status.ts';
import { judgedFailures, missedSuccess } from './success.ts';

export function concludeRun(run: Run): Outcome {
  const outcome = ownOutcome(run) ?? commonOutcome(run);
  const { status, cause } = outcome;
  const failure = status === 0 ? undefined : failureOf(run, status);
  const { survivors } = run.record;
  const { success } = run.plan.beside;
  run.announce({
    ...{ type: 'run.finished', status, cause, survivors },
    ...(failure && { failure }),
    ...(success && { success }),
  });
  return outcome;
}

/**
 * The end of the one service that was asked for, if it came to run, or could not be executed. Its status counts even if
 * it fell with another, which is the cause all the same.
 */
function ownOutcome(run: Run): Outcome | undefined {
  const { record } = run;
  const { exitCodeFrom } = run.options;
  if (exitCodeFrom === undefined) return undefined;
  const failure = record.spawnFailures.get(exitCodeFrom);
  const refused = failure && statusOfSpawnFailure(failure.reason);
  if (refused !== undefined) {
    return { status: refused, raise: undefined, cause: `"${exitCodeFrom}" failed: ${failure?.message}` };
  }
  const exit = record.exits.get(exitCodeFrom);
  if (exit === undefined) return undefined;
  const ended = endOf(run);
  const isOwn = ended.kind !== 'collapse' || ended.service === exitCodeFrom;
  const cause = isOwn ? `"${exitCodeFrom}" ${describeExit(exit)}` : describeCause(ended);
  return { status: statusOfExit(exit), raise: undefined, cause };
}

function commonOutcome(run: Run): Outcome {
  const { record } = run;
  const { unclean, survivors, rests } = record;
  const failure = decisive(run);
  const ended = endOf(run);
  const missed = missedSuccess(run.plan.beside.success, rests, ended, writtenName(run));
  const decided = exitStatus({
    failed: failure !== undefined || missed !== undefined,
    unclean: unclean.length + survivors.length > 0,
    cause: ended,
  });
  const failed = failure && `"${failure.service}" failed: ${failure.why}`;
  return { ...decided, cause: failed ?? missed ?? unclean[0]?.text ?? describeCause(ended) };
}

/** What took everything down, or else the first one: a failure that was isolated before is not why the run has ended. */
function decisive(run: Run): Failure | undefined {
  const { standing, rests } = run.record;
  const failures = judgedFailures(run.plan.beside.success, standing, rests, writtenName(run));
  const ended = endOf(run);
  const ofCollapse = ended.kind === 'collapse' && failures.find(({ service }) => service === ended.service);
  return ofCollapse || failures.find((one) => one.counts);
}

function writtenName({ nodes }: Run): (service: string) => string {
  return (service) => nodes.get(service)?.spec.replicaOf ?? service;
}

function endOf({ shutdown }: Run): ShutdownCause {
  return shutdown.cause ?? { kind: 'done' };
}

function failureOf(run: Run, status: number): FailureReport | undefined {
  const { record } = run;
  const failure = decisive(run);
  if (failure !== undefined) return reportFailure(record, failure.service);
  const [unclean] = record.unclean;
  if (status !== 3 || unclean === undefined) return undefined;
  return reportUnclean(unclean, run.nodes.get(unclean.service)?.attempt ?? 0);
}

// What a run failed of, with all that is known of it: the service that decided its status, or what was not clean.
//
// It only puts together what was announced before; without it nothing would be missing from a record but the order.

/** Undefined if it didn't fail. */
function reportFailure({ reported, story }: RunRecord, service: string): FailureReport | undefined {
  const failure = reported.get(service);
  if (failure === undefined) return undefined;
  const { attempt, output, advice, ...facts } = failure;
  return {
    service,
    ...facts,
    attempts: attempt,
    output,
    earlier: story.lostBefore(service),
    fell: story.fellWith(service),
    advice,
  };
}

function reportUnclean({ service, kind, text, limit }: Unclean, attempts: number): FailureReport {
  const facts = { kind, ...(limit && { limit }) };
  const advice = advise({ service, ...facts, isTask: false, hasOutput: false });
  return { service, ...facts, cause: text, attempts, output: [], earlier: [], fell: [], advice };
}
