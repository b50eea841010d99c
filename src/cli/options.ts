/**
 * The options that several commands have, and what may be their values.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../config/duration.ts';

export const FILE = ['-f, --file <file>', 'configuration (repeatable, later files override)'] as const;

/** The options that choose what it is about; they may stand before the command too. */
export function project(command: Command): Command {
  return command
    .option(...FILE, collect)
    .option('--profile <name>', 'also start the services of this profile (repeatable)', collect);
}

/** The options of every command that runs what is in files. */
export function supervising(command: Command): Command {
  return runningServices(project(command));
}

/** The options of every command that runs services. */
export function runningServices(command: Command): Command {
  return command
    .addOption(budget())
    .option('--project <name>', 'the name by which it never runs twice at once (default: its file)')
    .option('--no-control', 'let no client look at it or ask anything of it')
    .option('--ready-fd <n>', 'write a line to this descriptor, and close it, when all is ready', descriptor)
    .option('--max-starting <n>', 'how many services may be starting at once', wholeNumber)
    .addOption(outputFormat())
    .option('--only <services>', 'print only the lines of these services, separated by commas', commaList)
    .option('-t, --timestamps', 'begin each printed line with the time')
    .option('--no-color', 'paint nothing')
    .option('--record <file>', 'write all events as JSON lines')
    .option('--no-keep', 'keep no record of it for "orderly timeline" alone')
    .option('--backpressure', 'let services wait for the reader of their output, in place of dropping lines');
}

export function outputFormat(): Option {
  return new Option('--output <format>', 'what is printed').choices(['text', 'json']).default('text');
}

export function budget(): Option {
  return new Option('--budget <duration>', 'how long a shutdown may take, for any signal').argParser(
    duration,
  );
}

export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

export function commaList(value: string): string[] {
  return value.split(',').filter((name) => name !== '');
}

export function duration(value: string): number {
  const ms = parseDuration(value);
  if (ms === undefined) throw new InvalidArgumentError('Write a duration such as 500ms, 3s or 1m30s.');
  return ms;
}

export function columns(value: string): number {
  const wanted = Number(value);
  if (!Number.isInteger(wanted) || wanted < 40 || wanted > 1000) {
    throw new InvalidArgumentError('Write a number of columns from 40 to 1000.');
  }
  return wanted;
}

export function descriptor(value: string): number {
  if (!/^[1-9]\d{0,3}$/.test(value) || value === '1' || value === '2')
    throw new InvalidArgumentError('Write the number of an open descriptor, from 3 on.');
  return Number(value);
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('Write a whole number from 1 on.');
  return Number(value);
}
