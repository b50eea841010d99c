/**
 * Commands that print variables: one, or a list of them.
 */
import type { EnvCommand } from '../env-from-types.ts';
import { isMap } from '../yaml/document-value.ts';
import { list } from './collection.ts';
import { plainCommand } from './command.ts';
import { field, isWritten, object } from './object.ts';
import { duration } from './scalar.ts';
import { pathOf, report, reportMismatch, subjectAt, type Type, then } from './type.ts';

const envCommandObject = object({
  command: field(
    plainCommand,
    'It prints lines KEY=VALUE: a list is executed as it is, a text by /bin/sh -c.',
  ),
  within: field(duration(1), 'It is killed when it takes longer, and nothing is started.', '10s'),
});

const WANTED = 'a map with a command, or a list of such maps';
const HINT = 'Write it as { command: [op, inject, -i, dev.env] }';

const written: typeof envCommandObject = {
  ...envCommandObject,
  read: (value, at) =>
    isMap(value) ? envCommandObject.read(value, at) : reportMismatch(at, WANTED, value, HINT),
};

const envCommand: Type<EnvCommand> = then(written, ({ command, within }, at, value) => {
  if (!isWritten(value, 'command'))
    return report(at, `${subjectAt(at)} has no "command"`, 'Write what prints the variables as "command"');
  if (!command) return undefined;
  const path = pathOf(at);
  const withinMs = within ?? envCommandObject.fields.within.initial!;
  return { command, cwd: at.scope.folderOf(path), withinMs, path };
});

export const envCommands = list(envCommand, WANTED, { oneToo: true });
