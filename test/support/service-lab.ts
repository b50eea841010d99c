/**
 * Services that are functions, for laws about them: they note what they do, in virtual time.
 */
import { CancelScope, sleep, sleepForever } from '../../src/concurrency/index.ts';
import type { RunContext } from '../../src/tasks/run-context.ts';
import type { Lab } from './concurrency-lab.ts';

export interface ServiceScript {
  /** How long it takes to be ready, and to end when it is asked; `never`: it doesn't. */
  readonly startMs?: number;
  readonly stopMs?: number | 'never';
  /** When it throws by itself, counted from being ready. */
  readonly failsAfterMs?: number;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** A `run` that notes `name.start`, `name.ready`, `name.asked` and `name.end`, or `name.cancelled`. */
export function scripted(lab: Lab, script: ServiceScript = {}): <V>(context: RunContext<V>) => Promise<void> {
  const { stopMs = 0 } = script;
  return async (context) => {
    const { name, shutdown } = context;
    const started = context.started as (values: unknown) => void;
    lab.note(`${name}.start`);
    try {
      await sleep(script.startMs ?? 10);
      lab.note(`${name}.ready`);
      started(script.values ?? {});
      if (script.failsAfterMs !== undefined) {
        await sleep(script.failsAfterMs);
        throw new Error(`${name} broke`);
      }
      await asked(shutdown);
      lab.note(`${name}.asked`);
      await (stopMs === 'never' ? sleepForever() : sleep(stopMs));
      lab.note(`${name}.end`);
    } catch (error) {
      if (context.signal.aborted) lab.note(`${name}.cancelled`);
      throw error;
    }
  };
}

/** Resolves when the service is asked to stop. */
export async function asked(shutdown: RunContext['shutdown']): Promise<void> {
  await new CancelScope({ signal: shutdown }).run(() => sleepForever());
}
