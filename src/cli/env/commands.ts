/**
 * The commands that print variables for services, as they are told of without being run.
 */
import { type Diagnostic, shortPath } from '../../config/diagnostics/diagnostic.ts';
import type { Locate } from '../../config/diagnostics/locate.ts';
import type { EnvCommand } from '../../config/env-from-types.ts';
import type { ServiceConfig } from '../../config/types.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { printable } from '../../events/printable.ts';
import { nameOf } from '../../secrets/ask-command.ts';

/** One that is written, and the services that need it. */
export interface WrittenCommand {
  readonly command: EnvCommand;
  readonly services: readonly string[];
}

/** Each place once, in the order of the services. Pure. */
export function writtenCommands(specs: readonly ServiceConfig[]): readonly WrittenCommand[] {
  const found = new Map<string, { readonly command: EnvCommand; readonly services: string[] }>();
  for (const { name, envFrom } of specs)
    for (const command of envFrom?.commands ?? []) {
      const key = JSON.stringify(command.path);
      const one = found.get(key) ?? { command, services: [] };
      found.set(key, one);
      one.services.push(name);
    }
  return [...found.values()];
}

/** `name (supervisor.yaml:3:5)`, one for each. */
export async function placedNames(
  commands: readonly EnvCommand[],
  locate: Locate,
  cwd: string,
): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const command of commands) {
    const [found] = await locate([{ severity: 'warning', message: '', path: command.path }]);
    texts.push(`${printable(nameOf(command))}${placeText(found, cwd)}`);
  }
  return texts;
}

function placeText(found: Diagnostic | undefined, cwd: string): string {
  const place = found?.place;
  return place === undefined ? '' : ` (${shortPath(place.file, cwd)}:${place.line}:${place.column})`;
}

/** What `check` says of them; nothing if there are none. */
export async function commandsText(
  specs: readonly ServiceConfig[],
  locate: Locate,
  cwd: string,
): Promise<string> {
  const written = writtenCommands(specs);
  if (written.length === 0) return '';
  const names = await placedNames(
    written.map(({ command }) => command),
    locate,
    cwd,
  );
  const lines = written.map(
    ({ command, services }, at) =>
      `  ${names[at]}: for ${services.join(', ')}, within ${formatDuration(command.withinMs)}`,
  );
  return ['\nenv_from, run before the start and not by "check"', ...lines, ''].join('\n');
}
