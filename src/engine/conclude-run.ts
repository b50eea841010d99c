/**
 * The end of a run: its cause, its exit status, and the last event.
 */
import { describeCause } from '../events/describe.ts';
import { exitStatus, statusOfExit } from './exit-status.ts';
import type { Outcome } from './outcome.ts';
import type { Run } from './run.ts';

export function concludeRun(run: Run): Outcome {
  const { failures, unclean, survivors, exits } = run.record;
  const failure = failures.find((one) => one.counts);
  const ended = run.shutdown.cause ?? { kind: 'done' as const };
  const result = {
    failed: failure !== undefined,
    unclean: unclean.length + survivors.length > 0,
    cause: ended,
  };
  const decided = exitStatus(result);
  const wanted = run.options.exitCodeFrom === undefined ? undefined : exits.get(run.options.exitCodeFrom);
  const status = wanted === undefined ? decided.status : statusOfExit(wanted);
  const cause =
    failure !== undefined
      ? `"${failure.service}" failed: ${failure.why}`
      : (unclean[0] ?? describeCause(ended));
  run.announce({ type: 'run.finished', status, cause, survivors });
  return { status, raise: wanted === undefined ? decided.raise : undefined, cause };
}
