/**
 * Fills a configured command and shows it in a sentence. Pure.
 */
import { parameterize, scriptOf } from '../../config/shell/values.ts';
import type { Command, Template } from '../../config/types.ts';
import type { ReadyCommand } from '../../process/ports.ts';
import type { Fill } from '../probe/probe.ts';

const SHOWN_CHARACTERS = 80;

/**
 * Values in a text for the shell are given to it as parameters: it never reads them as code. `fill` throws for a value
 * that isn't there, or that can't stand where it does.
 */
export function fillCommand(command: Command, fill: Fill): ReadyCommand {
  switch (command.kind) {
    case 'exec':
      return fillArgv(command.argv, fill);
    case 'shell': {
      const { script, parameters } = parameterize(command.script, fill);
      return parameters === undefined
        ? { kind: 'shell', script }
        : { kind: 'shell', script, parameters, shown: fill(command.script) };
    }
    case 'external':
      return command;
    case 'call':
      // The very object: by it the function is known.
      return command;
  }
}

/** `[sh, -c, …]` holds a text for the shell too. */
function fillArgv(argv: readonly Template[], fill: Fill): ReadyCommand {
  const shell = scriptOf(argv);
  if (shell === undefined) return { kind: 'exec', argv: argv.map((text) => fill(text)) };
  const { script, parameters } = parameterize(shell.script, fill);
  return {
    kind: 'exec',
    argv: argv.map((text, index) => (index === shell.index ? script : fill(text))),
    parameters: parameters ?? {},
    shown: argv.map((text) => fill(text)).join(' '),
  };
}

/** On one line and of bounded length; for people, not for a shell. */
export function displayCommand(command: ReadyCommand): string {
  const text = writtenCommand(command).trim().replace(/\s+/g, ' ');
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}

function writtenCommand(command: ReadyCommand): string {
  if (command.kind === 'call') return command.name;
  if (command.kind === 'external') return 'external';
  if (command.shown !== undefined) return command.shown;
  return command.kind === 'exec' ? command.argv.join(' ') : command.script;
}
