/**
 * The scripts of a package: those that concurrently, npm-run-all, run-p or run-s start side by side as services, those of turbo as one.
 */
import type { ImportedService, Importer, ServiceKeys, Value } from './imported.ts';
import { createNames } from './names.ts';
import { concurrentlyPlan } from './package-json/concurrently.ts';
import { npmRunAllPlan } from './package-json/npm-run-all.ts';
import type { Plan, Planned } from './package-json/plan.ts';
import { type Scripts, scriptsOf } from './package-json/scripts.ts';
import { importYaml, refused, type Tell } from './read-yaml.ts';
import { literal, shellWords } from './texts.ts';
import { duration } from './values.ts';

export const importPackageJson: Importer = (source) => {
  try {
    JSON.parse(source.text);
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : 'it is nested too deeply';
    return Promise.resolve(refused(`Cannot import "${source.file}": ${why}`, 'It must be JSON'));
  }
  return importYaml(source, (document, tell) => {
    const scripts = scriptsOf(document, source.has ?? (() => false));
    const script = mostWanted(scripts);
    if (script === undefined) return { top: {}, services: [] };
    const path = ['scripts', script];
    const plan = planOf(script, scripts, tell, path) ?? plainPlan(script, scripts);
    for (const { message, hint } of plan.losses) tell(path, message, hint);
    return { top: {}, services: servicesOf(plan) };
  });
};

/** The script that is started by hand: the first of these, if possible one that starts others. */
const WANTED = ['dev', 'start', 'develop', 'serve', 'watch'];

function mostWanted(scripts: Scripts): string | undefined {
  const own = [...scripts.commands]
    .filter(([, command]) => !/\borderlyd?\b/.test(command))
    .map(([name]) => name);
  const starters = own.filter((name) => starterOf(scripts.commands.get(name)!) !== undefined);
  const first = (names: readonly string[]) => WANTED.find((name) => names.includes(name));
  return first(starters) ?? starters[0] ?? first(own);
}

interface Starter {
  readonly program: string;
  readonly words: readonly string[];
  /** What is started before and after it. */
  readonly around: boolean;
}

const STARTER = /^(?:concurrently|conc|npm-run-all2?|run-p|run-s|turbo)$/;
const SEPARATOR = /^(?:&&|\|\||;|\||&)$/;
const BEFORE = /^(?:npx|cross-env|dotenv|--|\w+=\S*|pnpm|yarn|bunx|exec|dlx)$/;

function starterOf(command: string): Starter | undefined {
  const words = shellWords(command) ?? [];
  const at = words.findIndex((word, index) => STARTER.test(word) && isProgram(words, index));
  if (at === -1) return undefined;
  const end = words.findIndex((word, index) => index > at && SEPARATOR.test(word));
  const program = words[at]!.replace(/^conc$/, 'concurrently').replace(/^npm-run-all2$/, 'npm-run-all');
  return { program, words: words.slice(at + 1, end === -1 ? undefined : end), around: at > 0 || end !== -1 };
}

/** Whether the word begins a command, behind what only prepares one. */
function isProgram(words: readonly string[], at: number): boolean {
  const from = words.slice(0, at).findLastIndex((word) => SEPARATOR.test(word)) + 1;
  return words.slice(from, at).every((word) => BEFORE.test(word));
}

/** Undefined: it starts nothing but itself. */
function planOf(script: string, scripts: Scripts, tell: Tell, path: readonly string[]): Plan | undefined {
  const starter = starterOf(scripts.commands.get(script)!);
  if (starter === undefined) return undefined;
  const { program, words, around } = starter;
  if (program === 'turbo') {
    tell(
      path,
      'turbo starts the scripts of all packages itself: it is one service',
      `For one each write command: ${scripts.manager} run dev, and cwd: apps/NAME`,
    );
    return undefined;
  }
  if (around)
    tell(
      path,
      `What "${script}" does around ${program} is left out`,
      'Write it as env, or as a task that others depend on',
    );
  const plan =
    program === 'concurrently' ? concurrentlyPlan(words, scripts) : npmRunAllPlan(program, words, scripts);
  return plan.steps.flat().length === 0 ? undefined : plan;
}

function plainPlan(script: string, { manager }: Scripts): Plan {
  return {
    steps: [[{ name: script, command: `${manager} run ${script}` }]],
    whenOneEnds: 'shutdown-on-failure',
    losses: [],
  };
}

function servicesOf(plan: Plan): readonly ImportedService[] {
  const names = createNames();
  const named = plan.steps.map((step) =>
    step.map((one) => ({ one, name: names.another(one.name.replaceAll(':', '-')) })),
  );
  return named.flatMap((step, index) => {
    const before = named[index - 1]?.map(({ name }) => name);
    const isLast = index === named.length - 1;
    return step.map(({ one, name }) => ({ name, keys: keysOf(one, before, isLast, plan) }));
  });
}

function keysOf(
  { command, cwd }: Planned,
  before: readonly string[] | undefined,
  isLast: boolean,
  { whenOneEnds, restarts, stop }: Plan,
): ServiceKeys {
  return {
    // What the next one waits for is to end.
    ...(!isLast && { type: 'task' }),
    command: literal(command),
    ...(cwd !== undefined && { cwd: literal(cwd) }),
    ...(before && { depends_on: before }),
    restart: restarts === undefined ? 'no' : restartOf(restarts),
    ...(whenOneEnds === 'nothing' && { on_failure: 'isolate' }),
    ...(whenOneEnds === 'shutdown' && isLast && { on_end: 'shutdown' }),
    ...(stop !== undefined && { stop }),
  };
}

function restartOf({ max, delayMs }: NonNullable<Plan['restarts']>): Value {
  const policy = 'on-failure';
  return delayMs === undefined ? { policy, max } : { policy, max, delay: duration(delayMs), factor: 1 };
}
