/**
 * `orderly check`: says what `up` would do, and what is doubtful about it, without starting anything.
 */
import { formatDuration } from '../events/format-duration.ts';
import { type BudgetDescription, describeBudget } from '../graph/describe-budget.ts';
import { graphWarnings } from '../graph/graph-warnings.ts';
import type { Budget, Plan } from '../graph/plan-run.ts';
import { runningStates } from '../graph/running-states.ts';
import { planShutdown } from '../graph/shutdown-budget.ts';
import { report, verdict } from './check-report.ts';
import { complainAll, loadProject, type ProjectOptions } from './load-project.ts';
import { machineWarnings } from './machine-warnings.ts';
import { findNativeNeeds } from './native-needs.ts';
import { portWarnings } from './port-warnings.ts';
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
  const interrupt = plan.interrupt === plan.budget ? undefined : describe(plan, plan.interrupt);
  world.print(report(project, shutdown, interrupt));
  const specs = graph.services.map(graph.spec);
  const impossible = await findNativeNeeds(world, specs);
  const portProblems = await Promise.all(specs.map((spec) => portWarnings(world, spec)));
  const problems = [
    ...impossible,
    ...graphWarnings(graph),
    ...shutdown.warnings,
    ...(interrupt?.warnings ?? []),
    ...specs.flatMap((spec) => machineWarnings(world, spec)),
    ...portProblems.flat(),
  ];
  complainAll(world, await project.locate(problems));
  if (impossible.length > 0) return { status: 2 };
  world.print(`\n${verdict(project.warnings.length + problems.length)}\n`);
  return { status: 0 };
}

function describe({ graph, limits }: Plan, { budgetMs, reserveCleanups }: Budget): BudgetDescription {
  const plans = runningStates(graph).map((running) =>
    planShutdown(graph, limits, budgetMs, { reserveCleanups, running }),
  );
  return describeBudget(plans, formatDuration);
}
