/**
 * The end of a run: its cause, its exit status, and the last event.
 */
import { describeCause, describeExit } from '../events/describe.ts';
import type { ShutdownCause } from '../events/event.ts';
import { exitStatus, statusOfExit, statusOfSpawnFailure } from './exit-status.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { Run } from './run.ts';

export function concludeRun(run: Run): Outcome {
  const outcome = ownOutcome(run) ?? commonOutcome(run);
  const { status, cause } = outcome;
  run.announce({ type: 'run.finished', status, cause, survivors: run.record.survivors });
  return outcome;
}

/** The end of the one service that was asked for, if it came to run, or could not be executed. */
function ownOutcome({ options, record }: Run): Outcome | undefined {
  const { exitCodeFrom } = options;
  if (exitCodeFrom === undefined) return undefined;
  const failure = record.spawnFailures.get(exitCodeFrom);
  const refused = failure && statusOfSpawnFailure(failure.reason);
  if (refused !== undefined) {
    return { status: refused, raise: undefined, cause: `"${exitCodeFrom}" failed: ${failure?.message}` };
  }
  const exit = record.exits.get(exitCodeFrom);
  if (exit === undefined) return undefined;
  return { status: statusOfExit(exit), raise: undefined, cause: `"${exitCodeFrom}" ${describeExit(exit)}` };
}

/** What took everything down, or else the first one: a failure that was isolated before is not why the run has ended. */
function decisive(failures: readonly Failure[], ended: ShutdownCause): Failure | undefined {
  const ofCollapse = ended.kind === 'collapse' && failures.find(({ service }) => service === ended.service);
  return ofCollapse || failures.find((one) => one.counts);
}

function commonOutcome({ record, shutdown }: Run): Outcome {
  const { failures, unclean, survivors } = record;
  const ended = shutdown.cause ?? { kind: 'done' as const };
  const failure = decisive(failures, ended);
  const decided = exitStatus({
    failed: failure !== undefined,
    unclean: unclean.length + survivors.length > 0,
    cause: ended,
  });
  const failed = failure && `"${failure.service}" failed: ${failure.why}`;
  return { ...decided, cause: failed ?? unclean[0] ?? describeCause(ended) };
}
