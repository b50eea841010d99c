/**
 * What the commands are called: as somebody said, or by what they are. Pure.
 */
import { SERVICE_NAME } from '../../config/schema/edge.ts';
import type { Expanded } from './expand-commands.ts';

export interface Naming {
  /** One for each command, all different. */
  readonly names: readonly string[];
  /** Sentences. */
  readonly problems: readonly string[];
}

/** `given`: for each word of the command line; one that is empty is made. */
export function nameCommands(commands: readonly Expanded[], given: readonly string[], words: number): Naming {
  const problems: string[] = [];
  if (given.length > words)
    problems.push(
      `--names has ${given.length} names for ${count(words, 'command')}: give one for each, separated by commas`,
    );
  const wanted = commands.map((one) => {
    const name = given[one.word] ?? '';
    if (name === '') return undefined;
    return one.match === undefined ? name : fitting(`${name}${one.match}`);
  });
  const taken = new Set<string>();
  for (const name of wanted) {
    if (name === undefined) continue;
    if (!SERVICE_NAME.pattern.test(name))
      problems.push(`The name ${JSON.stringify(name)} of --names must be ${SERVICE_NAME.wanted}`);
    else if (taken.has(name))
      problems.push(
        `Two commands are called ${JSON.stringify(name)}: give each a name of its own with --names`,
      );
    taken.add(name);
  }
  const made = makeNames(
    commands.filter((_, index) => wanted[index] === undefined),
    commands,
    taken,
  );
  return { names: commands.map((one, index) => wanted[index] ?? made.get(one)!), problems };
}

/** By the first of these that is nobody else's: its script in short, its script, and that with its number. */
function makeNames(
  unnamed: readonly Expanded[],
  all: readonly Expanded[],
  taken: ReadonlySet<string>,
): ReadonlyMap<Expanded, string> {
  const candidates = unnamed.map((one) => {
    const { command, script, match } = one;
    const whole = fitting(script ?? firstWord(command));
    const short = match === undefined || match === '' ? whole : fitting(match);
    return { one, names: [short, whole, `${whole}-${all.indexOf(one)}`] };
  });
  const names = new Map<Expanded, string>();
  const used = new Set(taken);
  const isShared = (name: string, step: number) =>
    used.has(name) || candidates.filter((other) => other.names[step] === name).length > 1;
  for (const { one, names: own } of candidates) {
    const step = own.findIndex((name, index) => !isShared(name, index));
    let name = own[step] ?? own.at(-1)!;
    while (used.has(name)) name = `${name}_`;
    names.set(one, name);
    used.add(name);
  }
  return names;
}

/** Without what is set for it, and without its folder. */
function firstWord(command: string): string {
  const words = command.trim().split(/\s+/);
  const first = words.find((word) => !/^\w+=/.test(word)) ?? words[0]!;
  return (
    first
      .replace(/["']/g, '')
      .split('/')
      .findLast((part) => part !== '') ?? first
  );
}

/** With "-" where a character can't be in a name. */
function fitting(text: string): string {
  const { pattern } = SERVICE_NAME;
  const kept = [...text].map((letter) => (pattern.test(`a${letter}`) ? letter : '-')).join('');
  const name = kept.replace(/-+/g, '-').replace(/-$/, '');
  for (let start = 0; start < name.length; start++)
    if (pattern.test(name.slice(start))) return name.slice(start);
  return 'command';
}

function count(number: number, what: string): string {
  return number === 1 ? `one ${what}` : `${number} ${what}s`;
}
