/**
 * What `orderly check` finds out about a project that could be loaded: how long its shutdowns take, and everything that is wrong or
 * doubtful about it on this machine. Nothing is started.
 */
import type { Diagnostic } from '../../config/diagnostics/diagnostic.ts';
import type { Problem } from '../../config/diagnostics/problem.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { type BudgetDescription, describeBudget } from '../../graph/describe-budget.ts';
import { graphWarnings, runningStates } from '../../graph/graph-warnings.ts';
import type { Budget, Plan } from '../../graph/plan-run.ts';
import { planShutdown } from '../../graph/shutdown-budget.ts';
import { fileClashes } from '../../preflight/file-clashes.ts';
import { preflight } from '../../preflight/preflight.ts';
import {
  envCommandWarnings,
  folderWarnings,
  hookWarnings,
  machineWarnings,
  portWarnings,
} from '../../preflight/start-warnings.ts';
import { unwritableFiles } from '../../preflight/unwritable-files.ts';
import { writtenCommands } from '../env/commands.ts';
import type { Project } from '../load-project.ts';
import type { World } from '../world.ts';

/** The shutdowns of one budget, whatever runs when they begin. Pure. */
export function describeShutdown({ graph, limits }: Plan, { budgetMs, atMostMs }: Budget): BudgetDescription {
  const plans = runningStates(graph, limits).map((running) =>
    planShutdown(graph, limits, budgetMs, { atMostMs, running }),
  );
  return describeBudget(plans, formatDuration);
}

/** In the order in which it is told; what was said when the project was loaded is not among it. */
export async function examine(
  world: World,
  project: Project,
  shutdown: BudgetDescription,
): Promise<readonly Diagnostic[]> {
  const { plan, graph } = project;
  const specs = graph.services.map(graph.spec);
  const portProblems: Problem[][] = [];
  // One after the other: thousands at once are more files than may be open.
  for (const spec of specs) portProblems.push(await portWarnings(world, spec));
  const before = await preflight(world, specs);
  const clashes = await fileClashes(world, { specs, read: project.files, record: undefined });
  const unwritable = await unwritableFiles(world, specs, undefined);
  const { refusal } = before;
  const closed: (readonly Problem[])[] = [];
  for (const spec of specs) closed.push(await folderWarnings(world, before, spec));
  const problems: Problem[] = [
    ...[...before.problems, ...clashes.problems, ...unwritable.problems],
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
  return [...later, ...(await project.locate(problems))];
}
