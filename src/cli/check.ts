/**
 * `orderly check`: says what `up` would do, and what is doubtful about it, without starting anything.
 */
import type { Problem } from '../config/problem.ts';
import { formatDuration } from '../events/format-duration.ts';
import { type BudgetDescription, describeBudget } from '../graph/describe-budget.ts';
import { graphWarnings } from '../graph/graph-warnings.ts';
import { type Budget, type Plan, shortensGraces } from '../graph/plan-run.ts';
import { runningStates } from '../graph/running-states.ts';
import { planShutdown } from '../graph/shutdown-budget.ts';
import { fileClashes } from '../preflight/file-clashes.ts';
import { preflight } from '../preflight/preflight.ts';
import { folderWarnings, machineWarnings, portWarnings } from '../preflight/start-warnings.ts';
import { report, verdict } from './check-report.ts';
import { complainAll, loadProject, type ProjectOptions } from './load-project.ts';
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
  const interrupt = shortensGraces(plan, plan.interrupt) ? describe(plan, plan.interrupt) : undefined;
  world.print(`${report(project, shutdown, interrupt)}\nsurroundings\n  ${world.surroundings.text}\n`);
  const specs = graph.services.map(graph.spec);
  const portProblems: Problem[][] = [];
  // One after the other: thousands at once are more files than may be open.
  for (const spec of specs) portProblems.push(await portWarnings(world, spec));
  const before = await preflight(world, specs);
  const clashes = await fileClashes(world, { specs, read: project.files, record: undefined });
  const { refusal } = before;
  const refused = [...before.problems, ...clashes.problems];
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
    ...closed.flat(),
    ...portProblems.flat(),
  ];
  complainAll(world, await project.locate(problems));
  world.print(`\n${verdict(project.warnings.length + problems.length - refused.length, refused.length)}\n`);
  return { status: refused.length === 0 ? 0 : 2 };
}

function describe({ graph, limits }: Plan, { budgetMs, atMostMs }: Budget): BudgetDescription {
  const plans = runningStates(graph, limits).map((running) =>
    planShutdown(graph, limits, budgetMs, { atMostMs, running }),
  );
  return describeBudget(plans, formatDuration);
}
