/**
 * What is missing on this machine for a service to be started: its program, its folder. What waits for values that
 * are reported later can't be known yet, and isn't warned of.
 */
import type { Problem } from '../config/diagnostics/problem.ts';
import type { ServiceConfig, Template } from '../config/types.ts';
import type { ProgramToStart } from '../process/spawn/find-trouble.ts';
import type { World } from './world.ts';

/** With the path of the key that is to blame. */
export function machineWarnings(world: World, spec: ServiceConfig): Problem[] {
  const searchPath = searchPathOf(world, spec);
  const command = programToStart(spec, typeof searchPath === 'string' || searchPath === undefined);
  const trouble = { command, cwd: spec.cwd, searchPath: known(searchPath) };
  return world.findTrouble(trouble).map(({ key, message }) => ({
    severity: 'warning',
    path: ['services', spec.name, key],
    message: `"${spec.name}" can't be started here: ${message}`,
  }));
}

function programToStart({ command }: ServiceConfig, isPathKnown: boolean): ProgramToStart['command'] {
  if (command.kind === 'exec') {
    return { kind: 'exec', program: isPathKnown ? known(command.argv[0]) : undefined };
  }
  if (command.kind === 'call') return { kind: 'exec', program: undefined };
  return { kind: 'shell', script: isPathKnown ? known(command.script) : undefined };
}

function searchPathOf({ env }: World, spec: ServiceConfig): Template | undefined {
  if (spec.env.PATH !== undefined) return spec.env.PATH;
  const isInherited = spec.envInherit === true || spec.envInherit.includes('PATH');
  return isInherited && !spec.envUnset?.includes('PATH') ? env.PATH : undefined;
}

function known(text: Template | undefined): string | undefined {
  return typeof text === 'string' ? text : undefined;
}
