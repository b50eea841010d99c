/**
 * The command line as completion needs it: which commands there are, and what each takes. Data, made of the declarations themselves.
 */
import type { Argument, Command, Option } from 'commander';

/**
 * What stands in a place: names or labels of services, scripts of a package, a file, a command of the system, one of these words, or
 * what nobody knows.
 */
export type Takes = 'services' | 'labels' | 'scripts' | 'files' | 'commands' | 'anything' | readonly string[];

export interface DescribedOption {
  /** As they are typed: `-f`, `--file`. */
  readonly flags: readonly string[];
  readonly about: string;
  /** Undefined: it takes no value. */
  readonly takes: Takes | undefined;
}

export interface DescribedCommand {
  readonly name: string;
  readonly about: string;
  readonly options: readonly DescribedOption[];
  readonly takes: Takes;
}

export interface DescribedProgram {
  /** What may stand before the command. */
  readonly options: readonly DescribedOption[];
  readonly commands: readonly DescribedCommand[];
}

/** What is hidden from the help is left out. `topics`: what help is for, beside commands. */
export function describeProgram(program: Command, topics: readonly string[]): DescribedProgram {
  const help = program.createHelp();
  const optionsOf = (command: Command): readonly DescribedOption[] =>
    help.visibleOptions(command).map(describeOption);
  const commands = help.visibleCommands(program);
  const named = [...commands.map((command) => command.name()), ...topics];
  return {
    options: optionsOf(program),
    commands: commands.map((command) => ({
      name: command.name(),
      about: command.description(),
      options: optionsOf(command),
      takes: command.name() === 'help' ? named : argumentTakes(command.registeredArguments[0]),
    })),
  };
}

function describeOption(option: Option): DescribedOption {
  const { short, long, description, flags, argChoices } = option;
  const [, value] = /<([^>]+)>/.exec(flags) ?? [];
  return {
    flags: [short, long].flatMap((flag) => flag ?? []),
    about: description,
    takes: value === undefined ? undefined : (argChoices ?? BY_VALUE.get(value) ?? 'anything'),
  };
}

const BY_VALUE: ReadonlyMap<string, Takes> = new Map([
  ['file', 'files'],
  ['label', 'labels'],
  ['service', 'services'],
  ['services', 'services'],
]);

function argumentTakes(argument: Argument | undefined): Takes {
  if (argument === undefined) return 'anything';
  const name = argument.name();
  if (argument.argChoices !== undefined) return argument.argChoices;
  if (name.startsWith('service')) return 'services';
  if (name === 'command') return 'scripts';
  return name === 'record' ? 'files' : 'anything';
}

/** Of all commands that take the same: `[["ps", "logs"], 'services']`. */
export function byTakes({ commands }: DescribedProgram): readonly (readonly [readonly string[], Takes])[] {
  const groups = new Map<string, { readonly names: string[]; readonly takes: Takes }>();
  for (const { name, takes } of commands) {
    const key = JSON.stringify(takes);
    const group = groups.get(key) ?? { names: [], takes };
    groups.set(key, group);
    group.names.push(name);
  }
  return [...groups.values()].map(({ names, takes }) => [names, takes]);
}

/** The flags before the command that are followed by a value. */
export function valueFlags({ options }: DescribedProgram): readonly string[] {
  return options.filter(({ takes }) => takes !== undefined).flatMap(({ flags }) => flags);
}
