/**
 * Several functions at once, of which the first to end counts. The others are cancelled and awaited: a race leaves
 * nothing running.
 */
import { groupError } from '../kernel/errors/group-error.ts';
import { isCancelled } from '../kernel/errors/own-errors.ts';
import { errorsOf, messageOf } from '../kernel/errors/thrown.ts';
import { taskGroup } from '../kernel/task/group.ts';
import type { TaskContext } from '../kernel/task/views.ts';
import type { Job } from './gather.ts';

type Winner<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'error'; readonly error: unknown };

/**
 * Resolves with the value of the first of `jobs` to end, or rejects with its error as it is. What the others throw
 * while they are cancelled is not lost: then it rejects with an `AggregateError`, the winner's error first if it was
 * one. A cancellation of the caller is thrown; an error that had won by then, or that a job threw while it ended,
 * leaves beside it. However it ends, all jobs have ended. Rejects with a `RangeError` for no jobs.
 */
export async function race<const Jobs extends readonly Job<unknown>[]>(
  jobs: Jobs,
): Promise<Awaited<ReturnType<Jobs[number]>>> {
  type T = Awaited<ReturnType<Jobs[number]>>;
  if (jobs.length === 0) throw new RangeError('Cannot race nothing: give at least one function');
  let winner: Winner<T> | undefined;
  try {
    await taskGroup(
      (group) => {
        const end = (first: Winner<T>): void => {
          winner = first;
          group.cancel('the race is over');
        };
        for (const [index, job] of jobs.entries()) {
          const run = async (task: TaskContext<unknown>): Promise<void> => {
            try {
              const value = (await job(task)) as T;
              if (winner === undefined) end({ kind: 'value', value });
            } catch (error) {
              if (winner !== undefined || isCancelled(error)) throw error;
              end({ kind: 'error', error });
            }
          };
          group.startSoon(run, { name: job.name || `race[${index}]` });
        }
      },
      { name: 'race' },
    );
  } catch (error) {
    if (winner?.kind !== 'error') throw error;
    const losers = errorsOf(error);
    if (losers !== undefined) throw new AggregateError([winner.error, ...losers], messageOf(error));
    // The caller was cancelled as well: its scope takes the cancellation out, and the winner's error leaves.
    const { error: first } = winner;
    throw groupError([error, first], () => messageOf(first));
  }
  if (winner?.kind === 'error') throw winner.error;
  return (winner as Winner<T> & { kind: 'value' }).value;
}
