/**
 * The clean-ups and the health check of a service that is a function, ready to be called.
 */
import { gather } from '../concurrency/index.ts';
import type { Call } from '../config/types.ts';
import type { ShortCall } from '../tasks/call-commands.ts';
import { inPlace } from '../tasks/place.ts';
import type { CleanupContext } from '../tasks/run-context.ts';
import type { Reported, ServiceBook } from '../tasks/service-book.ts';
import type { CleanupStep, TaskOptions } from './definition.ts';
import { type Calls, stepsOf } from './function-entry.ts';

export function shortCalls(
  name: string,
  { health, cleanup }: TaskOptions,
  calls: Calls,
  book: ServiceBook,
): readonly (readonly [Call, ShortCall])[] {
  const attempt = () => book.attemptOf(name);

  const cleanUp =
    (step: CleanupStep<Reported>): ShortCall =>
    async (signal, env) => {
      const context: CleanupContext = {
        name,
        attempt: attempt(),
        reported: book.reportedNow(name),
        reason: env.ORDERLY_STOP_REASON ?? '',
        error: book.thrownBy(name)?.error,
        signal,
      };
      try {
        await inPlace({ service: name, book }, () => runStep(step, context));
      } catch (error) {
        if (!signal.aborted) book.cleanupThrew(name, error);
        throw error;
      }
    };

  const check: ShortCall = async (signal) => {
    const reported = book.reportedNow(name) ?? {};
    const context = { name, attempt: attempt(), reported, signal };
    const verdict = await inPlace({ service: name, book }, () => health?.check(context));
    if (verdict === false) throw new Error('it returned false');
  };

  const steps = cleanup === undefined ? [] : stepsOf(cleanup);
  return [
    ...steps.map((step, at) => [calls.cleanup[at]!, cleanUp(step)] as const),
    ...(calls.check === undefined ? [] : [[calls.check, check] as const]),
  ];
}

async function runStep(step: CleanupStep<Reported>, context: CleanupContext): Promise<void> {
  if (typeof step === 'function') await step(context);
  else if ('run' in step) await step.run(context);
  else await runAll(step.parallel, context);
}

/** Each of them, whatever becomes of the others; errors leave together. */
async function runAll(
  parts: readonly ((context: CleanupContext) => unknown)[],
  context: CleanupContext,
): Promise<void> {
  const outcomes = await gather(
    parts.map((part) => () => part(context)),
    { settle: true },
  );
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} of them failed`);
  if (errors.length === 1) throw errors[0];
}
