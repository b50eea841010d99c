/**
 * From a command line of `orderly all` to the configuration that does the same, or everything that is wrong with it. Pure but
 * for the scripts, which are asked for.
 */
import { constants } from 'node:os';
import { didYouMean } from '../../config/diagnostics/closest.ts';
import { formatDuration, parseDuration } from '../../config/duration.ts';
import { whyNoStyle } from '../../config/schema/color.ts';
import { type Expanded, expandCommands } from './expand-commands.ts';
import { nameCommands } from './name-commands.ts';
import type { AllOptions } from './options.ts';
import type { FoundScripts, Runner } from './scripts.ts';
import type { Plain } from './write-yaml.ts';

export interface AllRequest {
  readonly words: readonly string[];
  /** What stood behind `--`. */
  readonly behind: readonly string[];
  readonly options: AllOptions;
}

export type PlannedAll =
  | { readonly ok: true; readonly config: { readonly [key: string]: Plain | undefined } }
  /** Sentences. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Takes what is read of one option, or notes why it can't be. */
type Complain = (sentence: string) => undefined;

export function planAll(request: AllRequest, scriptsOf: (runner: Runner) => FoundScripts): PlannedAll {
  const { behind, options } = request;
  const problems: string[] = [];
  const complain: Complain = (sentence) => void problems.push(sentence);
  const passes = options.passthroughArguments === true;
  const words = passes ? request.words : [...request.words, ...behind];
  if (words.length === 0)
    complain('Name the commands to run, each as one word: orderly all "npm:dev-*" "php artisan serve"');
  const expanded = expandCommands(words, scriptsOf, passes ? behind : undefined);
  for (const problem of expanded.problems) complain(problem);
  const isWhole = problems.length === 0;
  const { commands } = expanded;
  const prefix = prefixOf(options, complain);
  const named = namesOf(commands, options, words.length);
  // What is missing may be what would have had the name.
  if (isWhole) for (const problem of named.problems) complain(problem);
  const names = prefix === 'index' ? commands.map((_, index) => String(index)) : named.names;
  const indexOf = isWhole ? selector(named.names, complain) : () => undefined;
  const success = successOf(options, names, indexOf, complain);
  const hidden = hiddenOf(options, indexOf);
  const colors = colorsOf(options, complain);
  const defaults = {
    stdin: 'open',
    restart: restartOf(options, complain),
    on_failure: options.killOthers || options.killOthersOnFail ? 'shutdown' : 'isolate',
    on_end: options.killOthers ? 'shutdown' : undefined,
    stop: stopOf(options, complain),
    log: prefix === 'none' ? { prefix: false } : undefined,
  };
  if (problems.length > 0) return { ok: false, problems };
  const services = commands.map(({ command }, index): [string, Plain] => {
    const color = colors[index] ?? colors.at(-1);
    const log = { color: color === 'auto' ? undefined : color, print: hidden.has(index) ? false : undefined };
    return [names[index]!, { command, log: isEmpty(log) ? undefined : log }];
  });
  return { ok: true, config: { success, defaults, services: Object.fromEntries(services) } };
}

function isEmpty(map: object): boolean {
  return Object.values(map).every((value) => value === undefined);
}

function namesOf(
  commands: readonly Expanded[],
  { names = '', nameSeparator = ',' }: AllOptions,
  words: number,
) {
  const given = names === '' ? [] : names.split(nameSeparator).map((name) => name.trim());
  return nameCommands(commands, given, words);
}

function prefixOf(
  { prefix = 'name', raw }: AllOptions,
  complain: Complain,
): 'name' | 'index' | 'none' | undefined {
  if (raw) return 'none';
  if (prefix === 'name' || prefix === 'index' || prefix === 'none') return prefix;
  return complain(
    `Cannot print ${JSON.stringify(prefix)} before each line: --prefix is name, index or none; -t begins each line with the time, and --record FILE tells pids`,
  );
}

/** Which command is meant, by its name or by its number from 0. */
function selector(
  names: readonly string[],
  complain: Complain,
): (text: string, option: string) => number | undefined {
  return (text, option) => {
    const index = names.indexOf(text);
    if (index !== -1) return index;
    if (/^\d+$/.test(text) && Number(text) < names.length) return Number(text);
    const remedy = didYouMean(text, names) ?? `They are ${names.join(', ')}`;
    return complain(`${option} names ${JSON.stringify(text)}, which is none of the commands. ${remedy}`);
  };
}

type IndexOf = (text: string, option: string) => number | undefined;

function successOf(
  { success = 'all' }: AllOptions,
  names: readonly string[],
  indexOf: IndexOf,
  complain: Complain,
): Plain | undefined {
  if (success === 'all') return undefined;
  if (success === 'first' || success === 'last') return success;
  const [, isNot, who] = /^(!?)command-(.+)$/.exec(success) ?? [];
  if (who === undefined)
    return complain(
      `--success cannot be ${JSON.stringify(success)}: write all, first, last, command-NAME or !command-NAME`,
    );
  const index = indexOf(who, '--success');
  if (index === undefined) return undefined;
  if (isNot === '') return [names[index]!];
  const others = names.filter((_, other) => other !== index);
  return others.length > 0
    ? others
    : complain(`--success ${success} leaves no command that could decide: there is only that one`);
}

function hiddenOf({ hide = '' }: AllOptions, indexOf: IndexOf): ReadonlySet<number> {
  const wanted = hide.split(',').filter((one) => one !== '');
  return new Set(wanted.flatMap((one) => indexOf(one, '--hide') ?? []));
}

/** One for each command; the last one repeats. */
function colorsOf({ prefixColors = '' }: AllOptions, complain: Complain): readonly string[] {
  const colors = prefixColors.split(',').filter((one) => one !== '');
  for (const color of colors) {
    const why = color === 'auto' ? undefined : whyNoStyle(color);
    if (why !== undefined) complain(`--prefix-colors cannot have ${JSON.stringify(color)}: ${why}`);
  }
  return colors;
}

/** So long that all restarts of a run are within it: they are counted over the whole of it. */
const WHOLE_RUN = '10000h';

function restartOf({ restartTries = '0', restartAfter }: AllOptions, complain: Complain): Plain {
  const tries = /^-?\d{1,9}$/.test(restartTries) ? Number(restartTries) : undefined;
  if (tries === undefined)
    complain(`--restart-tries cannot be ${JSON.stringify(restartTries)}: write a whole number; -1 is always`);
  const isExponential = restartAfter === 'exponential';
  const after = isExponential ? 0 : durationOf(restartAfter ?? '0', '--restart-after', complain, EXPONENTIAL);
  if (tries === undefined || after === undefined || tries === 0) return 'no';
  return {
    policy: 'on-failure',
    max: Math.max(0, tries),
    window: tries > 0 ? WHOLE_RUN : undefined,
    ...(isExponential ? { delay: '1s', factor: 2 } : fixed(after)),
    jitter: 0,
  };
}

const EXPONENTIAL = ', or exponential';

function fixed(ms: number) {
  const delay = formatDuration(ms);
  return { delay, factor: 1, max_delay: delay };
}

const SIGNALS: readonly string[] = Object.keys(constants.signals);

function stopOf({ killSignal, killTimeout }: AllOptions, complain: Complain): Plain | undefined {
  if (killSignal === undefined && killTimeout === undefined) return undefined;
  const signal = killSignal && (killSignal.startsWith('SIG') ? killSignal : `SIG${killSignal}`);
  if (signal !== undefined && !SIGNALS.includes(signal)) {
    const remedy = didYouMean(signal, SIGNALS) ?? 'Write one such as SIGTERM or SIGINT';
    complain(
      `--kill-signal cannot be ${JSON.stringify(killSignal)}: this system has no such signal. ${remedy}`,
    );
  }
  const grace = killTimeout === undefined ? undefined : durationOf(killTimeout, '--kill-timeout', complain);
  return { signal, grace: grace === undefined ? undefined : formatDuration(grace) };
}

/** A number alone counts milliseconds there. */
function durationOf(text: string, option: string, complain: Complain, or = ''): number | undefined {
  const ms = /^\d+$/.test(text) ? Number(text) : parseDuration(text);
  if (ms !== undefined && Number.isSafeInteger(ms)) return ms;
  return complain(
    `${option} cannot be ${JSON.stringify(text)}: write a duration such as 500ms or 3s, or milliseconds${or}`,
  );
}
