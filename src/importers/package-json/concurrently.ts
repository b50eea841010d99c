/**
 * The command line of concurrently, as a plan. Pure.
 */
import { duration, durationMs, signalOf } from '../values.ts';
import type { Lost, Plan, Planned } from './plan.ts';
import { matching, type Scripts } from './scripts.ts';

/** What takes a value, by each of its spellings. */
const VALUED = new Map(
  [
    ['names', '-n --names'],
    ['separator', '--name-separator'],
    ['looks', '-p --prefix -c --prefix-colors -l --prefix-length -t --timestamp-format'],
    ['most', '-m --max-processes'],
    ['success', '-s --success'],
    ['hide', '--hide'],
    ['tries', '--restart-tries'],
    ['after', '--restart-after'],
    ['input', '--default-input-target'],
    ['signal', '--kill-signal --ks'],
    ['timeout', '--kill-timeout'],
    ['teardown', '--teardown'],
    ['cwd', '--cwd'],
  ].flatMap(([name = '', spellings = '']) => spellings.split(' ').map((one) => [one, name] as const)),
);
const TRUTHS = new Set(
  (
    '-k --kill-others --kill-others-on-fail -r --raw --no-color -g --group --timings ' +
    '-i --handle-input -P --passthrough-arguments --pad-prefix'
  ).split(' '),
);

export function concurrentlyPlan(words: readonly string[], scripts: Scripts): Plan {
  const values = new Map<string, string>();
  const truths = new Set<string>();
  const commands: string[] = [];
  const losses: Lost[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') {
      if (truths.has('-P') || truths.has('--passthrough-arguments')) break;
      commands.push(...words.slice(at + 1));
      break;
    }
    const [option = '', given] = /^(--[\w-]+)=([\s\S]*)$/.exec(word)?.slice(1) ?? [word];
    if (TRUTHS.has(option)) truths.add(option);
    else if (/^-[a-zA-Z]{2,}$/.test(option) && [...option.slice(1)].every((one) => TRUTHS.has(`-${one}`)))
      for (const one of option.slice(1)) truths.add(`-${one}`);
    else if (VALUED.has(option)) values.set(VALUED.get(option)!, given ?? words[++at] ?? '');
    else if (option.startsWith('-'))
      losses.push({ message: `concurrently's ${option} is left out: it is not known` });
    else commands.push(word);
  }
  const separator = values.get('separator') || ',';
  const names = values.get('names')?.split(separator) ?? [];
  const cwd = values.get('cwd');
  const planned = commands
    .flatMap((command) => expanded(command, scripts))
    .map((one, index): Planned => ({ ...one, name: names[index]?.trim() || one.name, ...(cwd && { cwd }) }));
  return {
    steps: [planned],
    whenOneEnds:
      truths.has('-k') || truths.has('--kill-others')
        ? 'shutdown'
        : truths.has('--kill-others-on-fail')
          ? 'shutdown-on-failure'
          : 'nothing',
    ...restartsOf(values),
    ...stopOf(values),
    losses: [...losses, ...lostOf(values, truths)],
  };
}

function expanded(command: string, scripts: Scripts): readonly Planned[] {
  const [, manager, pattern, rest = ''] =
    /^(npm|pnpm|yarn|bun|node|deno):(\S+)([\s\S]*)$/.exec(command) ?? [];
  const long = /^(npm|pnpm|yarn|bun) run (\S*\*\S*)([\s\S]*)$/.exec(command);
  if (long !== null) return expanded(`${long[1]}:${long[2]}${long[3]}`, scripts);
  if (manager === undefined || pattern === undefined) return [{ name: nameOf(command), command }];
  const without = /^(.*\*.*)\(!(.+)\)$/.exec(pattern);
  const found = matching(scripts, without?.[1] ?? pattern, true).filter(
    (name) => !isExcluded(name, without?.[2]),
  );
  const prefix = pattern.split('*')[0]!;
  const run = manager === 'node' ? 'node --run' : manager === 'deno' ? 'deno task' : `${manager} run`;
  return found.map((name) => ({
    name:
      pattern.includes('*') && name.startsWith(prefix) && name !== prefix ? name.slice(prefix.length) : name,
    command: `${run} ${name}${rest}`,
  }));
}

/** `npm:dev-*(!api|web)` */
function isExcluded(name: string, words: string | undefined): boolean {
  return (words ?? '').split('|').some((word) => word !== '' && name.includes(word));
}

/** Of a command, the program without its folder; behind `npm run`, the script. */
export function nameOf(command: string): string {
  const script = /^(?:npm|pnpm|yarn|bun)(?: run)? ([\w:-]+)/.exec(command)?.[1];
  const words = command.split(/\s+/).filter((word) => !/^\w+=/.test(word));
  const [program = '', next] = words[0] === 'npx' || words[0] === 'cross-env' ? words.slice(1) : words;
  if (script !== undefined) return script;
  const isGeneral = /^(?:node|python[\d.]*|ruby|php|bash|sh|deno|bun|tsx|ts-node|nodemon)$/.test(program);
  const named =
    isGeneral && next !== undefined && /^[\w./-]+$/.test(next) && !next.startsWith('-') ? next : program;
  return (
    named
      .split('/')
      .at(-1)!
      .replace(/\.\w+$/, '') || 'app'
  );
}

function restartsOf(values: ReadonlyMap<string, string>): Pick<Plan, 'restarts'> {
  const tries = Number(values.get('tries') ?? 0);
  if (!Number.isInteger(tries) || tries === 0) return {};
  // "exponential" is what we do unless a delay is given.
  const delayMs = values.has('after') ? durationMs(values.get('after'), 1) : 0;
  return { restarts: { max: Math.max(tries, 0), delayMs } };
}

function stopOf(values: ReadonlyMap<string, string>): Pick<Plan, 'stop'> {
  const signal = signalOf(values.get('signal'));
  const graceMs = durationMs(values.get('timeout'), 1);
  if (signal === undefined && graceMs === undefined) return {};
  return { stop: { ...(signal && { signal }), ...(graceMs !== undefined && { grace: duration(graceMs) }) } };
}

function lostOf(values: ReadonlyMap<string, string>, truths: ReadonlySet<string>): readonly Lost[] {
  const rows: readonly (readonly [boolean, string, string | undefined])[] = [
    [
      values.has('success') && values.get('success') !== 'all',
      'The status says whether anything failed: --success is left out',
      'orderly up --exit-code-from NAME ends with one of them',
    ],
    [
      values.has('most'),
      'Everything starts at once: --max-processes is left out',
      'orderly up --max-starting N, or depends_on',
    ],
    [
      values.has('input') || truths.has('-i') || truths.has('--handle-input'),
      'Nothing that is typed is handed on: --handle-input is left out',
      'orderly run NAME lets you type to one of them',
    ],
    [
      truths.has('-g') || truths.has('--group'),
      'Lines are shown as they come: --group is left out',
      'orderly logs NAME shows those of one',
    ],
    [
      values.has('hide'),
      'All output is shown: --hide is left out',
      'Write log: { print: false } for that one',
    ],
    [values.has('teardown'), '--teardown is left out', 'Write it as cleanup of a service'],
    [
      truths.has('-P') || truths.has('--passthrough-arguments'),
      'Words behind -- are not handed on',
      'Write them into the command',
    ],
  ];
  return rows.flatMap(([isThere, message, hint]) =>
    isThere ? [{ message, ...(hint !== undefined && { hint }) }] : [],
  );
}
