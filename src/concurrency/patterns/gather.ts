/**
 * Several functions at once, their results together. They live in one task group: none outlives the call.
 */
import { isCancelled } from '../kernel/errors/own-errors.ts';
import { taskGroup } from '../kernel/task/group.ts';
import type { TaskContext } from '../kernel/task/views.ts';

/** A function that is run as a task of its own. */
export type Job<T> = (task: TaskContext<unknown>) => Promise<T> | T;

type Results<Jobs extends readonly Job<unknown>[]> = {
  -readonly [Index in keyof Jobs]: Awaited<ReturnType<Jobs[Index]>>;
};
type Outcomes<Jobs extends readonly Job<unknown>[]> = {
  -readonly [Index in keyof Jobs]: PromiseSettledResult<Awaited<ReturnType<Jobs[Index]>>>;
};

/**
 * Runs all `jobs` at once and resolves with their results, in the order of the jobs. A failing one cancels the others,
 * and the failures leave together in an `AggregateError`. However it ends, cancelled too, all jobs have ended.
 *
 * With `settle`, no failure cancels anybody: it resolves with an outcome for each, as `Promise.allSettled` does. A
 * cancellation of the caller is thrown there too, and is never an outcome.
 */
export function gather<const Jobs extends readonly Job<unknown>[]>(jobs: Jobs): Promise<Results<Jobs>>;
export function gather<const Jobs extends readonly Job<unknown>[]>(
  jobs: Jobs,
  options: { readonly settle: true },
): Promise<Outcomes<Jobs>>;
export async function gather(
  jobs: readonly Job<unknown>[],
  { settle = false }: { readonly settle?: boolean | undefined } = {},
): Promise<unknown> {
  const results: unknown[] = new Array(jobs.length);
  await taskGroup(
    (group) => {
      for (const [index, job] of jobs.entries()) {
        const run = async (task: TaskContext<unknown>): Promise<void> => {
          results[index] = settle ? await outcomeOf(job, task) : await job(task);
        };
        group.startSoon(run, { name: job.name || `gather[${index}]` });
      }
    },
    { name: 'gather' },
  );
  return results;
}

async function outcomeOf(
  job: Job<unknown>,
  task: TaskContext<unknown>,
): Promise<PromiseSettledResult<unknown>> {
  try {
    return { status: 'fulfilled', value: await job(task) };
  } catch (reason) {
    if (isCancelled(reason)) throw reason;
    return { status: 'rejected', reason };
  }
}
