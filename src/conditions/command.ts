/**
 * Fills a configured command and shows it in a sentence. Pure.
 */
import type { Command, Template } from '../config/types.ts';
import type { ReadyCommand } from '../process/ports.ts';

const SHOWN_CHARACTERS = 80;

export function fillCommand(command: Command, fill: (template: Template) => string): ReadyCommand {
  return command.kind === 'exec'
    ? { kind: 'exec', argv: command.argv.map(fill) }
    : { kind: 'shell', script: fill(command.script) };
}

/** On one line and of bounded length; for people, not for a shell. */
export function displayCommand(command: ReadyCommand): string {
  const text = (command.kind === 'exec' ? command.argv.join(' ') : command.script)
    .trim()
    .replace(/\s+/g, ' ');
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}
