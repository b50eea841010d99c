/**
 * From what is written about a service that somebody else runs, to one whose instance is nothing of ours: what brings it up runs
 * before it, and what takes it down cleans up after it. Who accepts its connections is none of ours either.
 */
import { type Problem, problemAt } from '../diagnostics/problem.ts';
import { isWritten } from '../schema/object.ts';
import type { ServiceEntry } from '../schema/service.ts';
import type { Cleanup, Command, Condition, ConditionKind } from '../types.ts';

export interface External {
  readonly before: readonly Command[];
  readonly cleanup: readonly Cleanup[];
}

/** `given`: commands of its own beside those; `graceMs`: how long each may take that takes it down. */
export function resolveExternal(
  { given }: ServiceEntry,
  { before, cleanup }: External,
  graceMs: number,
): External {
  const { up, down } = given;
  return {
    before: up ? [...before, up] : before,
    cleanup: down ? [{ run: down, timeoutMs: graceMs }, ...cleanup] : cleanup,
  };
}

/** The same condition, but for who accepts: it may be anybody. */
export function ownedByAnybody<C extends ConditionKind>(condition: C): C {
  if ('of' in condition) return { ...condition, of: condition.of.map((part) => ownedByAnybody(part)) };
  return 'owner' in condition ? { ...condition, owner: 'any' } : condition;
}

/** What only a process of ours can have, by the key that would say it. */
const OF_A_PROCESS = ['command', 'stdin', 'terminal', 'watchdog', 'limits', 'nice'] as const;

/** What can't be said of it, and what only can be said of it. */
export function externalProblems(
  name: string,
  { written }: ServiceEntry,
  { isExternal, ready }: { readonly isExternal: boolean; readonly ready: Condition | undefined },
): readonly Problem[] {
  const path = ['services', name];
  if (!isExternal) {
    return (['up', 'down'] as const)
      .filter((key) => isWritten(written, key))
      .map((key) => {
        const message = `"${key}" of service "${name}" belongs to "type: external", which is run by somebody else`;
        return { ...problemAt([...path, key], message, INSTEAD[key]), atKey: true };
      });
  }
  const ofProcess = OF_A_PROCESS.filter((key) => isWritten(written, key)).map((key) => {
    const message = `Service "${name}" is external, so no process of it is ours: it has no "${key}"`;
    const hint =
      key === 'command' ? 'Write what brings it up as "up", or remove "type: external"' : `Remove "${key}"`;
    return { ...problemAt([...path, key], message, hint), atKey: true };
  });
  return [...ofProcess, ...unheard(ready).map((kind) => unheardProblem(name, kind))];
}

const INSTEAD = {
  up: 'Write that type; or "before", which runs before each instance',
  down: 'Write that type; or "cleanup", which runs after each instance',
} as const;

function unheard(condition: Condition | undefined): readonly string[] {
  if (condition === undefined) return [];
  if ('of' in condition) return condition.of.flatMap(unheard);
  return condition.kind === 'log' || condition.kind === 'notify' ? [condition.kind] : [];
}

function unheardProblem(name: string, kind: string): Problem {
  const message = `Service "${name}" is external: nothing that it writes or says comes here, so it can't be ready by "${kind}"`;
  return problemAt(['services', name, 'ready'], message, 'Ask it: tcp, http, exec, file or unix');
}
