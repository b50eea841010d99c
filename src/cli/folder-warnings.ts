/**
 * Folders that the user of a service may not enter. A folder that isn't there is told elsewhere.
 */
import type { Problem } from '../config/diagnostics/problem.ts';
import type { ServiceConfig } from '../config/types.ts';
import type { ServiceRights } from './service-rights.ts';
import type { World } from './world.ts';

export async function folderWarnings(
  world: World,
  { rightsOf }: ServiceRights,
  { name, cwd }: ServiceConfig,
): Promise<readonly Problem[]> {
  const rights = rightsOf(name);
  const isThere =
    world.findTrouble({ command: { kind: 'exec', program: undefined }, cwd, searchPath: '' }).length === 0;
  if (rights?.who === undefined || !isThere || (await world.mayEnter(rights, cwd))) return [];
  return [
    {
      severity: 'warning',
      path: ['services', name, 'cwd'],
      message: `"${name}" can't be started here: ${rights.who} may not enter its folder "${cwd}"`,
      hint: 'Change the permissions of that folder and of those above it, or give another "cwd"',
    },
  ];
}
