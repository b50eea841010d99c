/**
 * `orderly check`: says what `up` would do, and what is doubtful about it, without starting anything.
 */
import type { Problem } from '../config/problem.ts';
import type { ServiceConfig } from '../config/types.ts';
import { formatDuration } from '../events/format-duration.ts';
import { type BudgetDescription, describeBudget } from '../graph/describe-budget.ts';
import { estimateStart, type StartEstimate } from '../graph/estimate-start.ts';
import { graphWarnings } from '../graph/graph-warnings.ts';
import { startWaves, stopWaves } from '../graph/plan.ts';
import type { Budget, Plan } from '../graph/plan-run.ts';
import { planShutdown } from '../graph/shutdown-budget.ts';
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
  const shutdown = describe(plan, plan.budget);
  const interrupt = describe(plan, plan.interrupt);
  world.print(report(project, shutdown, interrupt));
  const problems = [
    ...graphWarnings(graph),
    ...shutdown.warnings,
    ...interrupt.warnings,
    ...graph.services.map(graph.spec).flatMap((spec) => machineWarnings(world, spec)),
  ];
  complainAll(world, await project.locate(problems));
  return { status: 0 };
}

/** The scaled graces are those of a run in which every task has ended: a task takes no time then. */
function describe({ graph, limits }: Plan, { budgetMs, reserveCleanups }: Budget): BudgetDescription {
  const lasting = new Set(graph.services.filter((name) => graph.spec(name).type === 'service'));
  const whole = describeBudget(planShutdown(graph, limits, budgetMs, { reserveCleanups }));
  const { scaled } = describeBudget(
    planShutdown(graph, limits, budgetMs, { reserveCleanups, running: lasting }),
  );
  return { ...whole, scaled };
}

function report(
  { config, graph, plan }: Project,
  shutdown: BudgetDescription,
  interrupt: BudgetDescription,
): string {
  const count = graph.services.length;
  return [
    `${config.name}: ${count} ${count === 1 ? 'service' : 'services'}, nothing wrong`,
    '',
    'start',
    ...waveLines(startWaves(graph)),
    `  at worst ${startText(estimateStart(graph))}`,
    '',
    'stop',
    ...waveLines(stopWaves(graph)),
    ...budgetLines(`on a signal, ${plan.budget.setting}`, shutdown),
    ...budgetLines(`on Ctrl-C, ${plan.interrupt.setting}`, interrupt),
    '',
  ].join('\n');
}

function waveLines(waves: readonly (readonly string[])[]): string[] {
  return waves.map((wave, index) => `  ${index + 1}. ${wave.join(', ')}`);
}

function startText({ worstMs, limitedMs, chain, unlimited }: StartEstimate): string {
  const of = chain.length === 0 ? '' : ` (${chain.join(' -> ')})`;
  if (worstMs !== undefined) return `${formatDuration(worstMs)}${of}`;
  return `${formatDuration(limitedMs)}${of}, and as long as ${unlimited.join(', ')} may take: no limit is set`;
}

function budgetLines(title: string, { budgetMs, worstCaseMs, chain, scaled }: BudgetDescription): string[] {
  return [
    `  ${title} ${formatDuration(budgetMs)}: at worst ${formatDuration(worstCaseMs)} if nothing were scaled (${chain.join(' -> ')})`,
    ...scaled.map(
      ({ service, graceMs, guaranteedMs }) =>
        `    ${service} is guaranteed ${formatDuration(guaranteedMs)} of its grace of ${formatDuration(graceMs)}`,
    ),
  ];
}

/** A program or a folder that isn't there. What waits for reported values can't be known yet. */
function machineWarnings(world: World, spec: ServiceConfig): Problem[] {
  const first = spec.command.kind === 'exec' ? spec.command.argv[0] : undefined;
  if (first !== undefined && typeof first !== 'string') return [];
  const own = spec.env.PATH;
  const searchPath = typeof own === 'string' ? own : world.env.PATH;
  return world.findTrouble({ program: first, cwd: spec.cwd, searchPath }).map(({ key, message }) => ({
    severity: 'warning',
    path: ['services', spec.name, key],
    message: `"${spec.name}" can't be started here: ${message}`,
  }));
}
