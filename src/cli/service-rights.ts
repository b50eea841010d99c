/**
 * As whom each service will run: asked for all at once, before anything is started. What can't be had is an error, with
 * the place in the file.
 */
import type { Problem } from '../config/diagnostics/problem.ts';
import type { RightsConfig, ServiceConfig } from '../config/types.ts';
import type { Rights } from '../process/ports.ts';
import type { World } from './world.ts';

export interface ServiceRights {
  readonly rightsOf: (service: string) => Rights | undefined;
  readonly problems: readonly Problem[];
}

export async function serviceRights(
  world: Pick<World, 'env' | 'resolveRights'>,
  specs: readonly ServiceConfig[],
): Promise<ServiceRights> {
  const asking = specs.flatMap(({ name, rights }) => (rights === undefined ? [] : [{ name, rights }]));
  const granted = new Map<string, Rights>();
  const problems: Problem[] = [];
  // Most projects ask for nothing, and nothing is looked up then.
  const answers =
    asking.length === 0 ? [] : await world.resolveRights(asking.map(rightsOnly), world.env.PATH);
  for (const [index, answer] of answers.entries()) {
    const { name } = asking[index]!;
    if (answer.kind === 'granted') granted.set(name, answer.rights);
    else
      problems.push(
        ...answer.troubles.map(({ key, message, hint }) => ({
          severity: 'error' as const,
          path: ['services', name, ...key],
          message: `"${name}" can't ${message}`,
          hint,
        })),
      );
  }
  return { rightsOf: (service) => granted.get(service), problems };
}

function rightsOnly({ rights }: { readonly rights: RightsConfig }): RightsConfig {
  return rights;
}
