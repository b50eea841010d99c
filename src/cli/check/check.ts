/**
 * `orderly check`: says what `up` would do, and what is doubtful about it, without starting anything.
 */
import { type Diagnostic, diagnosticAt } from '../../config/diagnostics/diagnostic.ts';
import { jsonText } from '../../events/printable.ts';
import { shortensGraces } from '../../graph/plan-run.ts';
import { commandsText } from '../env/commands.ts';
import { annotate, complainAll, loadProject, type ProjectOptions } from '../load-project.ts';
import { type Ending, UsageError, type World } from '../world.ts';
import { type CheckDocument, diagnosticDocument, type PlanDocument, planDocument } from './document.ts';
import { describeShutdown, examine } from './examine.ts';
import { filesText, report, verdict } from './report.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface CheckOptions extends ProjectOptions {
  readonly output?: 'text' | 'json';
}

export function check(world: World, names: readonly string[], options: CheckOptions): Promise<Ending> {
  return options.output === 'json' ? tellPrograms(world, names, options) : tellPeople(world, names, options);
}

async function tellPeople(world: World, names: readonly string[], options: ProjectOptions): Promise<Ending> {
  const project = await loadProject(world, options, names);
  if (project === undefined) return { status: 2 };
  const { plan, graph } = project;
  const asked = await commandsText(graph.services.map(graph.spec), project.locate, world.cwd);
  const shutdown = describeShutdown(plan, plan.budget);
  const interrupt = shortensGraces(plan, plan.interrupt) ? describeShutdown(plan, plan.interrupt) : undefined;
  world.print(
    `${report(project, shutdown, interrupt)}${filesText(project, world.cwd)}${asked}\nsurroundings\n  ${world.surroundings.text}\n`,
  );
  const found = await examine(world, project, shutdown);
  complainAll(world, found);
  const errors = found.filter(isError).length;
  world.print(`\n${verdict(project.warnings.length + found.length - errors, errors)}\n`);
  return { status: errors === 0 ? 0 : 2 };
}

/** One document, whatever is wrong. To stderr goes only what a workflow of GitHub reads. */
async function tellPrograms(
  world: World,
  names: readonly string[],
  options: ProjectOptions,
): Promise<Ending> {
  const variables = new Map<string, string>();
  let told: readonly Diagnostic[] = [];
  const tell = (diagnostics: readonly Diagnostic[]): undefined => {
    told = [...told, ...diagnostics];
  };
  const noteVariable = (name: string, value: string): void => void variables.set(name, value);
  const project = await loadProject(world, options, names, { tell, noteVariable }).catch((error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    return tell(error.message.split('\n').map((line) => diagnosticAt(undefined, line, undefined)));
  });
  let plan: PlanDocument | undefined;
  if (project !== undefined) {
    const shutdown = describeShutdown(project.plan, project.plan.budget);
    tell(await examine(world, project, shutdown));
    plan = planDocument(project, shutdown, world.surroundings);
  }
  const known = new Set(project && [project.config.name, ...project.config.services.map(({ name }) => name)]);
  const safe = withoutSecrets(told, { variables, inherited: world.env, known });
  for (const diagnostic of safe) annotate(world, diagnostic);
  const status = safe.some(isError) ? 2 : 0;
  const document: CheckDocument = { status, diagnostics: safe.map(diagnosticDocument), ...plan };
  const isPrinted = world.print(`${jsonText(document, 2)}\n`) === undefined;
  return { status: isPrinted || status > 0 ? status : 1 };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}
