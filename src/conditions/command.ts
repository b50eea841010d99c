/**
 * Fills a configured command and shows it in a sentence. Pure.
 */
import type { Command, Template } from '../config/types.ts';
import type { ReadyCommand } from '../process/ports.ts';

const SHOWN_CHARACTERS = 80;

export function fillCommand(command: Command, fill: (template: Template) => string): ReadyCommand {
  switch (command.kind) {
    case 'exec':
      return { kind: 'exec', argv: command.argv.map(fill) };
    case 'shell':
      return { kind: 'shell', script: fill(command.script) };
    case 'call':
      // The very object: by it the function is known.
      return command;
  }
}

/** On one line and of bounded length; for people, not for a shell. */
export function displayCommand(command: ReadyCommand): string {
  const text = writtenCommand(command).trim().replace(/\s+/g, ' ');
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}

function writtenCommand(command: ReadyCommand): string {
  if (command.kind === 'exec') return command.argv.join(' ');
  return command.kind === 'shell' ? command.script : command.name;
}
