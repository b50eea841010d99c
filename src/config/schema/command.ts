/**
 * Commands, and clean-ups, which are commands with a limit.
 */

import type { PlainCommand } from '../hook-types.ts';
import { refusedValues, scriptOf } from '../shell/values.ts';
import { ownLanguageFrom } from '../shell/words.ts';
import type { Cleanup, Command, Template } from '../types.ts';
import { referenceText } from '../variables/template.ts';
import { isMap } from '../yaml/document-value.ts';
import { list } from './collection.ts';
import { field, isWritten, object, orShort } from './object.ts';
import { duration } from './scalar.ts';
import { label, template, warnOfUnread } from './text.ts';
import {
  type At,
  innerSubjectAt,
  inside,
  named,
  report,
  reportMismatch,
  subjectAt,
  type Type,
  then,
} from './type.ts';

const WANTED = 'a list (executed as it is) or a text (for /bin/sh -c)';

const argument = template('a text', true);
const argumentList = list(argument, 'a list');

/** A list is executed as it is, a text is a script for the shell. */
export const command = named<Command>('command', () => ({
  read(value, at) {
    if (Array.isArray(value)) return readArgv(value, at);
    if (typeof value !== 'string') return reportMismatch(at, WANTED, value);
    const script = argument.read(value, at);
    if (script === undefined || !mayHoldItsValues(script, at)) return undefined;
    return isBlank(script) ? reportEmpty(at) : { kind: 'shell', script };
  },
  json: () => ({ anyOf: [{ type: 'string' }, { ...argumentList.json(), minItems: 1 }] }),
}));

function readArgv(value: readonly unknown[], at: At): Command | undefined {
  const argv = argumentList.read(value, at);
  const [program] = argv ?? [];
  if (argv === undefined || argv.length < value.length) return undefined;
  const shell = scriptOf(argv);
  for (const [index, written] of value.slice(0, ownLanguageFrom(value)).entries())
    if (typeof written === 'string') warnOfUnread(written, inside(at, index));
  if (shell !== undefined && !mayHoldItsValues(shell.script, inside(at, shell.index))) return undefined;
  return program === undefined || isBlank(program) ? reportEmpty(at) : { kind: 'exec', argv };
}

const plainWord = label();
const plainWords = list(plainWord, 'a list');

/** The same where no value of a service is to be had. */
export const plainCommand: Type<PlainCommand> = {
  read(value, at) {
    if (Array.isArray(value)) {
      const argv = plainWords.read(value, at);
      if (argv === undefined || argv.length < value.length) return undefined;
      return isBlank(argv[0] ?? '') ? reportEmpty(at) : { kind: 'exec', argv };
    }
    if (typeof value !== 'string') return reportMismatch(at, WANTED, value);
    const script = plainWord.read(value, at);
    if (script === undefined) return undefined;
    return isBlank(script) ? reportEmpty(at) : { kind: 'shell', script };
  },
  json: command.json,
};

/** Whether every value stands where the shell sees no more in it than a value; what doesn't is reported. */
function mayHoldItsValues(script: Template, at: At): boolean {
  const refused = refusedValues(script);
  for (const { reference, why, hint } of refused) {
    report(at, `Cannot use "${referenceText(reference)}" in ${innerSubjectAt(at)}: ${why}`, hint);
  }
  return refused.length === 0;
}

function isBlank(text: Template): boolean {
  return typeof text === 'string' && text.trim() === '';
}

function reportEmpty(at: At): undefined {
  return report(at, `${subjectAt(at)} cannot be empty`, 'Name the program to execute');
}

const cleanupObject = object({
  run: field(command, 'The command.'),
  timeout: field(duration(1), 'It is killed when it takes longer.', '5s'),
});

const cleanupItem: Type<Cleanup> = then(
  orShort(cleanupObject, command, (run) => ({ run })),
  ({ run, timeout }, at, written) => {
    if (isMap(written) && !isWritten(written, 'run')) {
      return report(at, `${subjectAt(at)} has no "run"`, 'Write the command as "run"');
    }
    if (!run) return undefined;
    return timeout === undefined || timeout === null
      ? { run, timeoutMs: cleanupObject.fields.timeout.initial!, untimed: true }
      : { run, timeoutMs: timeout };
  },
);

const WHOLE_COMMAND =
  'Write a command that is a list in a list of its own: [[rm, -f, x]], or as a text: ["rm -f x"]';

/** One or several; a list is always a list of commands: `cleanup: [rm, -f, x]` would be three of them for the shell. */
function severalOf<Item>(item: Type<Item>): Type<readonly Item[]> {
  return then(list(item, 'a list of commands', { oneToo: true }), (commands, at, written) => {
    const isArgv =
      Array.isArray(written) && written.some((one) => typeof one === 'string' && one.startsWith('-'));
    if (!isArgv) return commands;
    return report(
      at,
      `${subjectAt(at)} must be a list of commands, but looks like the words of one`,
      WHOLE_COMMAND,
    );
  });
}

export const cleanup: Type<readonly Cleanup[]> = severalOf(cleanupItem);

export const commands: Type<readonly Command[]> = severalOf(command);
