/**
 * Ports that a service waits to hold, and that somebody holds already. Ports that are reported later, and those that
 * any process may hold, aren't looked at.
 */
import type { ConfigPath, Problem } from '../config/diagnostics/problem.ts';
import type { Condition, ServiceConfig } from '../config/types.ts';
import type { World } from './world.ts';

interface OwnPort {
  readonly host: string;
  readonly port: number;
  readonly path: ConfigPath;
}

/** With the path of the condition that names the port. */
export async function portWarnings(world: World, { name, ready }: ServiceConfig): Promise<Problem[]> {
  const ports = ready === undefined ? [] : ownPorts(ready, ['services', name, 'ready']);
  const warnings = ports.map(async ({ host, port, path }): Promise<Problem[]> => {
    const holder = await world.findPortHolder(host, port);
    if (holder === undefined) return [];
    const message = `"${name}" can't become ready here: port ${port} is already held by ${holder}`;
    return [{ severity: 'warning', path, message }];
  });
  return (await Promise.all(warnings)).flat();
}

function ownPorts(condition: Condition, path: ConfigPath): OwnPort[] {
  const { kind } = condition;
  switch (kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap((part, index) => ownPorts(part, [...path, kind, index]));
    case 'tcp': {
      const { host, port, owner } = condition;
      if (owner === 'any' || typeof port !== 'string') return [];
      return [{ host, port: Number(port), path: [...path, kind] }];
    }
    case 'http': {
      const { url, owner } = condition;
      if (owner === 'any' || typeof url !== 'string') return [];
      const { hostname, port, protocol } = new URL(url);
      const host = hostname.replace(/^\[(.*)\]$/, '$1');
      return [{ host, port: Number(port || (protocol === 'https:' ? 443 : 80)), path: [...path, kind] }];
    }
    default:
      return [];
  }
}
