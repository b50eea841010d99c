/**
 * What services of a compose file need of each other: `depends_on`, `links`, and what they extend. Pure.
 */
import type { ConfigPath } from '../../config/diagnostics/problem.ts';
import { isMap } from '../../config/yaml/document-value.ts';
import type { Value } from '../imported.ts';
import type { Tell } from '../read-yaml.ts';
import { entriesOf, get, textAt, textsOf, truthAt, variablesOf } from '../values.ts';
import type { ComposeService } from './service.ts';

const CONDITIONS: Readonly<Record<string, string>> = {
  service_started: 'started',
  service_healthy: 'ready',
  service_completed_successfully: 'completed',
};

/** Undefined: it needs nobody. */
export function edgesOf(
  written: unknown,
  path: ConfigPath,
  services: readonly ComposeService[],
  tell: Tell,
): ReadonlyMap<string, Value> | undefined {
  const byName = new Map(services.map((one) => [one.theirs, one]));
  const dependsOn = get(written, 'depends_on');
  const listed = isMap(dependsOn) ? [] : textsOf(dependsOn).map((name) => [name, undefined] as const);
  const linked = textsOf(get(written, 'links')).map((link) => [link.split(':')[0]!, undefined] as const);
  const edges = new Map<string, Value>();
  for (const [theirs, edge] of [...entriesOf(dependsOn), ...listed, ...linked]) {
    const target = byName.get(theirs);
    if (target === undefined) {
      tell(
        [...path, 'depends_on', theirs],
        `"${path.at(-1)}" needs "${theirs}", which is not in this file`,
        'Import that file too, and name it with include',
      );
      continue;
    }
    if (edges.has(target.name) || target.written === written) continue;
    const theirCondition = textAt(edge, 'condition') ?? 'service_started';
    const condition = Object.hasOwn(CONDITIONS, theirCondition) ? CONDITIONS[theirCondition]! : undefined;
    if (condition === undefined)
      tell(
        [...path, 'depends_on', theirs],
        `The condition "${theirCondition}" is not known`,
        'It waits until that one is started',
      );
    if (condition === 'ready' && !hasCheck(target))
      tell(
        [...path, 'depends_on', theirs],
        `"${theirs}" has no healthcheck in this file: it counts as ready once it is started`,
        `Give "${target.name}" a condition: ready: { tcp: PORT, owner: any }`,
      );
    edges.set(target.name, {
      condition: condition ?? 'started',
      ...(truthAt(edge, 'required') === false && { optional: true }),
      ...(truthAt(edge, 'restart') === true && { on_loss: 'restart' }),
    });
  }
  return edges.size === 0 ? undefined : edges;
}

function hasCheck({ written }: ComposeService): boolean {
  return get(get(written, 'healthcheck'), 'test') !== undefined;
}

const MOST_EXTENDED = 20;

/** A service with what it extends in the same file: its own keys over them, variables and labels together. */
export function withExtended(all: unknown, theirs: string, tell: Tell): unknown {
  let written = get(all, theirs);
  const seen = new Set([theirs]);
  for (let extended = get(written, 'extends'); extended !== undefined; ) {
    const name = isMap(extended) ? textAt(extended, 'service') : textsOf(extended)[0];
    const base = name === undefined ? undefined : get(all, name);
    const path = ['services', theirs, 'extends'];
    if (textAt(extended, 'file') !== undefined || !isMap(base) || !isMap(written)) {
      tell(
        path,
        `"extends" of "${theirs}" is left out: what it extends is not in this file`,
        'Write those keys here, or import the other file',
      );
      return written;
    }
    if (seen.has(name!) || seen.size > MOST_EXTENDED) {
      tell(path, `"extends" of "${theirs}" leads in a circle`, 'Remove one of the services from it');
      return written;
    }
    seen.add(name!);
    written = merged(base, written);
    extended = get(base, 'extends');
  }
  return written;
}

function merged(base: Readonly<Record<string, unknown>>, own: Readonly<Record<string, unknown>>): unknown {
  const { depends_on: _needs, links: _links, volumes_from: _volumes, ...kept } = base;
  const together = ['environment', 'labels'].flatMap((key) =>
    isMap(get(base, key)) || Array.isArray(get(base, key))
      ? [[key, Object.fromEntries([...variablesOf(get(base, key)), ...variablesOf(get(own, key))])] as const]
      : [],
  );
  const both = ['healthcheck', 'deploy', 'build'].flatMap((key) => {
    const [under, over] = [get(base, key), get(own, key)];
    return isMap(under) && isMap(over) ? [[key, { ...under, ...over }] as const] : [];
  });
  return { ...kept, ...own, ...Object.fromEntries([...together, ...both]) };
}
