/**
 * From the words of the command line to commands for the shell, as concurrently reads them: quotes around a whole word fall,
 * `npm:dev` is `npm run dev`, a `*` stands for every script that fits, `{1}`, `{@}` and `{*}` for arguments behind `--`. Pure.
 */
import { didYouMean } from '../../config/diagnostics/closest.ts';
import { shellWord } from '../shell-word.ts';
import { type FoundScripts, RUNNERS, type Runner } from './scripts.ts';

export interface Expanded {
  readonly command: string;
  /** Which word of the command line it was. */
  readonly word: number;
  /** What it runs of a package, if that is known. */
  readonly script?: string;
  /** What the `*` of its word stood for. */
  readonly match?: string;
}

export interface Expansion {
  readonly commands: readonly Expanded[];
  /** Sentences. */
  readonly problems: readonly string[];
}

/** `passed`: what stands for the placeholders; undefined: they are none. */
export function expandCommands(
  words: readonly string[],
  scriptsOf: (runner: Runner) => FoundScripts,
  passed: readonly string[] | undefined,
): Expansion {
  const commands: Expanded[] = [];
  const problems: string[] = [];
  for (const [word, written] of words.entries()) {
    const expanded = expandWord(withoutQuotes(written), scriptsOf);
    if ('problem' in expanded) problems.push(expanded.problem);
    else for (const one of expanded.commands) commands.push({ ...one, word });
  }
  if (passed === undefined) return { commands, problems };
  const filled = commands.map((one) => ({ ...one, command: fillPlaceholders(one.command, passed) }));
  return { commands: filled, problems };
}

type ExpandedWord = { readonly commands: readonly Omit<Expanded, 'word'>[] } | { readonly problem: string };

const SHORTCUT = /^(npm|pnpm|yarn|bun|node|deno):(\S+)([\s\S]*)$/;
const WRITTEN_OUT = /^(?:(npm|pnpm|yarn|bun) run|(node) --run|(deno) task) ([^\s"']*\*[^\s"']*)([\s\S]*)$/;
const OMISSION = /\(!([^)]+)\)/;

function expandWord(written: string, scriptsOf: (runner: Runner) => FoundScripts): ExpandedWord {
  if (written.trim() === '') return { problem: 'A command is empty: give each as one word, as in "npm:dev"' };
  const short = SHORTCUT.exec(written);
  const long = WRITTEN_OUT.exec(written);
  if (short === null && long === null) return { commands: [{ command: written }] };
  const runner = (short?.[1] ?? long?.[1] ?? long?.[2] ?? long?.[3]) as Runner;
  const script = short?.[2] ?? long?.[4] ?? '';
  const rest = short?.[3] ?? long?.[5] ?? '';
  const about = { written, runner, script, rest };
  if (script.includes('*')) return expandPattern(about, scriptsOf(runner));
  const problem = isElsewhere(about) ? undefined : unknownScript(about, scriptsOf(runner));
  return problem === undefined
    ? { commands: [{ command: `${RUNNERS[runner]} ${script}${rest}`, script }] }
    : { problem };
}

interface ScriptWord {
  readonly written: string;
  readonly runner: Runner;
  readonly script: string;
  readonly rest: string;
}

function expandPattern({ written, runner, script, rest }: ScriptWord, found: FoundScripts): ExpandedWord {
  const cannot = `Cannot run ${JSON.stringify(written)}`;
  if (!found.ok) return { problem: `${cannot}: ${found.why}` };
  let omitted: RegExp | undefined;
  try {
    const omission = OMISSION.exec(script)?.[1];
    omitted = omission === undefined ? undefined : new RegExp(omission);
  } catch (error) {
    return { problem: `${cannot}: what it leaves out is no regular expression: ${(error as Error).message}` };
  }
  const pattern = script.replace(OMISSION, '');
  const star = pattern.indexOf('*');
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  const fits = (name: string): boolean =>
    name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after);
  const names = found.names.filter((name) => fits(name) && omitted?.test(name) !== true);
  if (names.length === 0)
    return { problem: `${cannot}: no script of "${found.file}" fits; ${listed(found.names)}` };
  return {
    commands: names.map((name) => ({
      command: `${RUNNERS[runner]} ${shellWord(name)}${rest}`,
      script: name,
      match: name.slice(before.length, name.length - after.length),
    })),
  };
}

/** An option before `--` may say that it is a script of another package. */
function isElsewhere({ rest }: ScriptWord): boolean {
  return rest
    .split(/\s--(?:\s|$)/, 1)
    .join()
    .split(/\s+/)
    .some((word) => word.startsWith('-'));
}

/** npm runs these without a script of that name. */
const OF_NPM: readonly string[] = ['env', 'start'];

function unknownScript({ written, runner, script }: ScriptWord, found: FoundScripts): string | undefined {
  // These two run programs and files in the same way.
  if (runner === 'yarn' || runner === 'bun') return undefined;
  const cannot = `Cannot run ${JSON.stringify(written)}`;
  if (!found.ok) return `${cannot}: ${found.why}`;
  if (found.names.includes(script) || (runner === 'npm' && OF_NPM.includes(script))) return undefined;
  const remedy = didYouMean(script, found.names) ?? listed(found.names);
  return `${cannot}: "${found.file}" has no script ${JSON.stringify(script)}; ${remedy}`;
}

const MOST_LISTED = 10;

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'it has none';
  const more = names.length > MOST_LISTED ? ', …' : '';
  return `it has ${names.slice(0, MOST_LISTED).join(', ')}${more}`;
}

/** A shell that knows no quotes hands on those around a whole word. */
function withoutQuotes(word: string): string {
  return /^"([^"]+)"$|^'([^']+)'$/.test(word) ? word.slice(1, -1) : word;
}

/** One that is missing is empty; behind a backslash they stand for themselves. */
function fillPlaceholders(command: string, passed: readonly string[]): string {
  return command.replace(/\\?\{([@*]|[1-9]\d*)\}/g, (written, what: string) => {
    if (written.startsWith('\\')) return written.slice(1);
    if (passed.length === 0) return '';
    if (what === '@') return passed.map(shellWord).join(' ');
    if (what === '*') return shellWord(passed.join(' '));
    const one = passed[Number(what) - 1];
    return one === undefined ? '' : shellWord(one);
  });
}
