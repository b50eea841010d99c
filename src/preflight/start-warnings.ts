/**
 * What stands against a service being started on this machine: its program, its folder, or its ports. Warnings only.
 *
 * What waits for values that are reported later can't be known yet, and isn't warned of.
 */
import { type ConfigPath, type Problem, subjectOf } from '../config/diagnostics/problem.ts';
import type { EnvCommand } from '../config/env-from-types.ts';
import type { Hooks, PlainCommand } from '../config/hook-types.ts';
import type { Command, Condition, ServiceConfig, Template } from '../config/types.ts';
import type { ProgramToStart } from '../process/spawn/find-trouble.ts';
import type { Machine } from './machine.ts';
import type { Preflight } from './preflight.ts';

/**
 * A program or a folder that is missing, with the path of the key that is to blame. What is run first of it is looked at: a command
 * before it may make the rest.
 */
export function machineWarnings(
  machine: Pick<Machine, 'findTrouble' | 'env'>,
  spec: ServiceConfig,
): Problem[] {
  const searchPath = searchPathOf(machine, spec);
  const first = spec.before?.[0];
  const command = programToStart(
    first ?? spec.command,
    typeof searchPath === 'string' || searchPath === undefined,
  );
  const inProject = spec.env.PATH === undefined;
  const trouble = { command, cwd: spec.cwd, searchPath: known(searchPath), inProject };
  return machine.findTrouble(trouble).map(({ key, message }) => ({
    severity: 'warning',
    path: ['services', spec.name, key === 'command' && first !== undefined ? 'before' : key],
    message: `"${spec.name}" can't be started here: ${message}`,
  }));
}

/** Why no instance of it can be started here now, a sentence; undefined: nothing is known to stand against it. */
export function whyNotStarted(
  machine: Pick<Machine, 'findTrouble' | 'env'>,
  spec: ServiceConfig,
): string | undefined {
  return spec.command.kind === 'call' ? undefined : machineWarnings(machine, spec)[0]?.message;
}

function programToStart(command: Command, isPathKnown: boolean): ProgramToStart['command'] {
  if (command.kind === 'exec') {
    return { kind: 'exec', program: isPathKnown ? known(command.argv[0]) : undefined };
  }
  if (command.kind !== 'shell') return { kind: 'exec', program: undefined };
  return { kind: 'shell', script: isPathKnown ? known(command.script) : undefined };
}

function searchPathOf({ env }: Pick<Machine, 'env'>, spec: ServiceConfig): Template | undefined {
  if (spec.env.PATH !== undefined) return spec.env.PATH;
  const isInherited = spec.envInherit === true || spec.envInherit.includes('PATH');
  return isInherited && !spec.envUnset?.includes('PATH') ? env.PATH : undefined;
}

function known(text: Template | undefined): string | undefined {
  return typeof text === 'string' ? text : undefined;
}

/** Hooks whose program or folder is missing. `service` undefined: of the whole graph. */
export function hookWarnings(
  machine: Pick<Machine, 'findTrouble' | 'env'>,
  on: Hooks,
  cwd: string,
  service?: string,
): Problem[] {
  return Object.entries(on).flatMap(([event, hook]): Problem[] => {
    if (hook.kind !== 'command') return [];
    const path = [...(service === undefined ? [] : ['services', service]), 'on', event];
    return commandWarnings(machine, hook.run, cwd, path);
  });
}

/** Commands that print variables, likewise. */
export function envCommandWarnings(
  machine: Pick<Machine, 'findTrouble' | 'env'>,
  commands: readonly EnvCommand[],
): Problem[] {
  return commands.flatMap(({ command, cwd, path }) => commandWarnings(machine, command, cwd, path));
}

function commandWarnings(
  { findTrouble, env }: Pick<Machine, 'findTrouble' | 'env'>,
  run: PlainCommand,
  cwd: string,
  path: ConfigPath,
): Problem[] {
  const command =
    run.kind === 'exec'
      ? ({ kind: 'exec', program: run.argv[0] } as const)
      : ({ kind: 'shell', script: run.script } as const);
  return findTrouble({ command, cwd, searchPath: env.PATH }).map(({ message }) => ({
    severity: 'warning',
    path,
    message: `${subjectOf(path)} can't be run here: ${message}`,
  }));
}

/** A folder that the user of a service may not enter. One that isn't there is told by `machineWarnings`. */
export async function folderWarnings(
  machine: Pick<Machine, 'findTrouble' | 'mayEnter'>,
  { rightsOf }: Pick<Preflight, 'rightsOf'>,
  { name, cwd }: ServiceConfig,
): Promise<readonly Problem[]> {
  const rights = rightsOf(name);
  const isThere =
    machine.findTrouble({ command: { kind: 'exec', program: undefined }, cwd, searchPath: '' }).length === 0;
  if (rights?.who === undefined || !isThere || (await machine.mayEnter(rights, cwd))) return [];
  return [
    {
      severity: 'warning',
      path: ['services', name, 'cwd'],
      message: `"${name}" can't be started here: ${rights.who} may not enter its folder "${cwd}"`,
      hint: 'Change the permissions of that folder and of those above it, or give another "cwd"',
    },
  ];
}

interface OwnPort {
  readonly host: string;
  readonly port: number;
  readonly path: ConfigPath;
}

/**
 * Ports that a service waits to hold, and that somebody holds already, with the path of the condition that names the
 * port. Those that any process may hold aren't looked at.
 */
export async function portWarnings(
  machine: Pick<Machine, 'findPortHolder'>,
  { name, ready }: ServiceConfig,
): Promise<Problem[]> {
  const ports = ready === undefined ? [] : ownPorts(ready, ['services', name, 'ready']);
  const warnings = ports.map(async ({ host, port, path }): Promise<Problem[]> => {
    const holder = await machine.findPortHolder(host, port);
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
