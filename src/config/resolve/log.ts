/**
 * From what is written about the output of a service to its LogConfig, and what can't be so: `direct` without a file,
 * a condition on lines that nobody reads, two services with one file.
 */
import { type Problem, problemAt } from '../diagnostics/problem.ts';
import { layered } from '../schema/object.ts';
import { type GivenService, logObject } from '../schema/service.ts';
import type { Condition, LogConfig, ServiceConfig } from '../types.ts';

type GivenLog = GivenService['log'];

export function resolveLog(own: GivenLog, defaults: GivenLog): LogConfig {
  const get = layered(logObject, own, defaults);
  const path = get('file');
  const color = get('color');
  const printed = {
    prefix: get('prefix'),
    ...(color !== undefined && { color }),
    ...(!get('print') && { print: false as const }),
  };
  if (path === undefined) return printed;
  const maxSize = get('max_size');
  const maxBytes = maxSize === 'none' ? Number.POSITIVE_INFINITY : maxSize;
  return { ...printed, file: { path, maxBytes, keep: get('keep'), direct: get('direct') } };
}

/** What is wrong with the output of one service. `asksDirect`: it asks for it, with a file or without. */
export function logProblems(service: ServiceConfig, asksDirect: boolean): readonly Problem[] {
  if (!asksDirect) return [];
  const path = ['services', service.name, 'log', 'direct'];
  if (service.log.file === undefined) {
    const message = `"log.direct" of service "${service.name}" needs a file to write to`;
    return [problemAt(path, message, 'Add "log.file", or remove "direct"')];
  }
  if (service.envFrom !== undefined) {
    const message = `"log.direct" of service "${service.name}" is not possible with "env_from": nobody could mask what it writes`;
    return [problemAt(path, message, 'Remove "direct": its lines go to the file through orderly then')];
  }
  const uses = [
    ...(service.ready && looksAtLines(service.ready) ? ['ready'] : []),
    ...(service.health && looksAtLines(service.health.condition) ? ['healthy'] : []),
  ];
  return uses.map((use) =>
    problemAt(
      path,
      `Service "${service.name}" is ${use} by a line of its output, but with "log.direct" nobody reads it`,
      'Choose another condition, or remove "direct"',
    ),
  );
}

export function asksDirect(own: GivenLog, defaults: GivenLog): boolean {
  return layered(logObject, own, defaults)('direct');
}

function looksAtLines(condition: Condition): boolean {
  if (condition.kind === 'all' || condition.kind === 'any') return condition.of.some(looksAtLines);
  return condition.kind === 'log';
}

/** Two services that write to one file, or to what the other one's file is called once it is rotated. */
export function sharedFileProblems(services: readonly ServiceConfig[]): readonly Problem[] {
  const owners = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { name, log } of services) {
    for (const path of log.file === undefined ? [] : namesOf(log.file)) {
      const owner = owners.get(path);
      if (owner === undefined) owners.set(path, name);
      else if (owner !== name) {
        const message = `Services "${owner}" and "${name}" can't both log to "${path}": each needs a file of its own`;
        problems.push(problemAt(['services', name, 'log', 'file'], message, 'Name another file'));
        break;
      }
    }
  }
  return problems;
}

/** A device is shared by nature: `/dev/null` takes the lines of all. */
function namesOf({ path, maxBytes, keep }: NonNullable<LogConfig['file']>): readonly string[] {
  if (path.startsWith('/dev/')) return [];
  const isRotated = maxBytes !== Number.POSITIVE_INFINITY;
  return [path, ...Array.from({ length: isRotated ? keep : 0 }, (_, index) => `${path}.${index + 1}`)];
}
