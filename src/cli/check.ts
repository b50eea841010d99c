/**
 * `orderly check`: says what `up` would do, and what is doubtful about it, without starting anything.
 */
import { shortPath } from '../config/diagnostics/diagnostic.ts';
import type { Problem } from '../config/diagnostics/problem.ts';
import { formatDuration } from '../events/format-duration.ts';
import { printable } from '../events/printable.ts';
import { type BudgetDescription, describeBudget } from '../graph/describe-budget.ts';
import { estimateStart, type StartEstimate } from '../graph/estimate-start.ts';
import { startWaves, stopWaves } from '../graph/graph.ts';
import { graphWarnings, runningStates } from '../graph/graph-warnings.ts';
import { type Budget, type Plan, shortensGraces } from '../graph/plan-run.ts';
import { planShutdown } from '../graph/shutdown-budget.ts';
import { fileClashes } from '../preflight/file-clashes.ts';
import { preflight } from '../preflight/preflight.ts';
import {
  envCommandWarnings,
  folderWarnings,
  hookWarnings,
  machineWarnings,
  portWarnings,
} from '../preflight/start-warnings.ts';
import { unwritableFiles } from '../preflight/unwritable-files.ts';
import { commandsText, writtenCommands } from './env/commands.ts';
import { complainAll, loadProject, type Project, type ProjectOptions } from './load-project.ts';
import type { Ending, World } from './world.ts';

export async function check(
  world: World,
  names: readonly string[],
  options: ProjectOptions,
): Promise<Ending> {
  const project = await loadProject(world, options, names);
  if (project === undefined) return { status: 2 };
  const { plan, graph } = project;
  const specs = graph.services.map(graph.spec);
  const asked = await commandsText(specs, project.locate, world.cwd);
  const shutdown = describe(plan, plan.budget);
  const interrupt = shortensGraces(plan, plan.interrupt) ? describe(plan, plan.interrupt) : undefined;
  world.print(
    `${report(project, shutdown, interrupt)}${filesText(project, world.cwd)}${asked}\nsurroundings\n  ${world.surroundings.text}\n`,
  );
  const portProblems: Problem[][] = [];
  // One after the other: thousands at once are more files than may be open.
  for (const spec of specs) portProblems.push(await portWarnings(world, spec));
  const before = await preflight(world, specs);
  const clashes = await fileClashes(world, { specs, read: project.files, record: undefined });
  const unwritable = await unwritableFiles(world, specs, undefined);
  const { refusal } = before;
  const refused = [...before.problems, ...clashes.problems, ...unwritable.problems];
  const closed: (readonly Problem[])[] = [];
  for (const spec of specs) closed.push(await folderWarnings(world, before, spec));
  const problems: Problem[] = [
    ...refused,
    ...(refusal === undefined
      ? []
      : [{ severity: 'warning' as const, message: refusal, path: ['services'], atKey: true }]),
    ...graphWarnings(graph),
    ...shutdown.warnings,
    ...specs.flatMap((spec) => machineWarnings(world, spec)),
    ...hookWarnings(world, plan.beside.on, project.config.dir),
    ...specs.flatMap(({ name, on = {} }) => hookWarnings(world, on, project.config.dir, name)),
    ...envCommandWarnings(
      world,
      writtenCommands(specs).map(({ command }) => command),
    ),
    ...closed.flat(),
    ...portProblems.flat(),
  ];
  // What is not started needs nothing.
  const later = [...project.missing.values()].flat().map((one) => ({ ...one, severity: 'warning' as const }));
  complainAll(world, [...later, ...(await project.locate(problems))]);
  const doubtful = project.warnings.length + later.length + problems.length - refused.length;
  world.print(`\n${verdict(doubtful, refused.length)}\n`);
  return { status: refused.length === 0 ? 0 : 2 };
}

function describe({ graph, limits }: Plan, { budgetMs, atMostMs }: Budget): BudgetDescription {
  const plans = runningStates(graph, limits).map((running) =>
    planShutdown(graph, limits, budgetMs, { atMostMs, running }),
  );
  return describeBudget(plans, formatDuration);
}

/**
 * What is printed: in which order a project starts and stops, and how long that takes at worst. `interrupt` is
 * undefined if nobody has less time after Ctrl-C. Ends with a line end. Pure.
 */
export function report(
  { config, graph, plan }: Project,
  shutdown: BudgetDescription,
  interrupt: BudgetDescription | undefined,
): string {
  const when = interrupt === undefined ? 'on any signal' : 'on a signal';
  return [
    `${printable(config.name)}: ${count(graph.services.length, 'service')}`,
    '',
    'start',
    ...waveLines(startWaves(graph)),
    `  at worst ${startText(estimateStart(graph))}`,
    '',
    'stop',
    ...waveLines(stopWaves(graph)),
    ...budgetLines(`${when}, ${plan.budget.setting} ${formatDuration(plan.budget.budgetMs)}`, shutdown),
    ...(interrupt === undefined ? [] : interruptLines(plan, interrupt)),
    '',
  ].join('\n');
}

/** Of which files it is made, in the order in which they were read; nothing if there is only one. */
function filesText({ config: { files } }: Project, cwd: string): string {
  if (files.length < 2) return '';
  return ['\nfiles', ...files.map((file) => `  ${printable(shortPath(file, cwd))}`), ''].join('\n');
}

/** The last line: how many errors and warnings there were, or that there were none. */
export function verdict(warnings: number, errors = 0): string {
  const told = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  return told.length === 0 ? 'nothing wrong' : told.join(', ');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function waveLines(waves: readonly (readonly string[])[]): string[] {
  return waves.map((wave, index) => `  ${index + 1}. ${wave.join(', ')}`);
}

function startText({ worstMs, limitedMs, chain, unlimited }: StartEstimate): string {
  if (worstMs !== undefined) return `${formatDuration(worstMs)}${chainText(chain)}`;
  return `${formatDuration(limitedMs)}${chainText(chain)}, and as long as ${unlimited.join(', ')} may take: no limit is set`;
}

function budgetLines(title: string, { worstCaseMs, chain, scaled }: BudgetDescription): string[] {
  const unless = scaled.length === 0 ? '' : ' if nothing were scaled';
  return [
    `  ${title}: at worst ${formatDuration(worstCaseMs)}${unless}${chainText(chain)}`,
    ...scaled.map(
      ({ service, graceMs, guaranteedMs }) =>
        `    ${service} is guaranteed ${formatDuration(guaranteedMs)} of its grace of ${formatDuration(graceMs)}`,
    ),
  ];
}

/** Its graces are what is left of them then. */
function interruptLines({ interrupt: { atMostMs = 0 } }: Plan, described: BudgetDescription): string[] {
  const title = `on Ctrl-C, at most shutdown.interrupt_grace ${formatDuration(atMostMs)} for each`;
  return budgetLines(title, described);
}

function chainText(chain: readonly string[]): string {
  return chain.length === 0 ? '' : ` (${chain.join(' -> ')})`;
}
