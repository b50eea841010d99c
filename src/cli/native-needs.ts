/**
 * What a project needs that this installation can't do: said before anything is started, with its place.
 */
import type { ConfigPath, Problem } from '../config/diagnostics/problem.ts';
import type { Condition, ServiceConfig } from '../config/types.ts';
import type { World } from './world.ts';

/** A problem for each place where such a word is waited for in vain; nothing is loaded where nobody needs it. */
export async function findNativeNeeds(
  { whyNoSystemdNotify }: Pick<World, 'whyNoSystemdNotify'>,
  specs: readonly ServiceConfig[],
): Promise<Problem[]> {
  const needs = specs.flatMap(({ name, ready, health, watchdog }) => {
    const paths = [
      ...pathsOf(ready, ['services', name, 'ready']),
      ...pathsOf(health?.condition, ['services', name, 'health']),
    ];
    const isOnlyWatched = watchdog?.source === 'systemd' && paths.length === 0;
    return isOnlyWatched ? [['services', name, 'watchdog']] : paths;
  });
  const why = needs.length === 0 ? undefined : await whyNoSystemdNotify();
  if (why === undefined) return [];
  return needs.map((path) => ({
    severity: 'error',
    path,
    message: `"${path[2] === 'watchdog' ? 'watchdog.source' : 'notify'}: systemd" of service "${path[1]}" is not possible here: ${why.reason}`,
    hint: why.remedy,
  }));
}

function pathsOf(condition: Condition | undefined, path: ConfigPath): readonly ConfigPath[] {
  switch (condition?.kind) {
    case 'notify':
      return condition.protocol === 'systemd' ? [[...path, 'notify']] : [];
    case 'all':
    case 'any':
      return condition.of.flatMap((part, index) => pathsOf(part, [...path, condition.kind, index]));
    default:
      return [];
  }
}
