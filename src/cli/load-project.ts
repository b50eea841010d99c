/**
 * From options to a plan: loads the configuration, chooses the services, builds the graph. Everything that is wrong
 * is said at once, with its place; then there is no project.
 */
import { annotation } from '../config/diagnostics/annotation.ts';
import { closest } from '../config/diagnostics/closest.ts';
import { type Diagnostic, formatDiagnostic } from '../config/diagnostics/diagnostic.ts';
import type { Problem } from '../config/diagnostics/problem.ts';
import { readConfig } from '../config/load-config.ts';
import type { Config, ServiceConfig } from '../config/types.ts';
import type { NoteVariable } from '../config/variables/environment.ts';
import { chooseServices, matches } from '../engine/requests/match-names.ts';
import { dependencyProblems } from '../graph/dependency-problems.ts';
import { buildGraph, type Graph } from '../graph/graph.ts';
import { type Plan, type PlanOptions, planRun } from '../graph/plan-run.ts';
import { isMeant, selectServices } from '../graph/select.ts';
import type { LoggedService } from '../output/terminal/text-log.ts';
import { filesRead } from '../preflight/file-clashes.ts';
import { remembering, withForeignFiles } from './foreign-files.ts';
import { UsageError, type World } from './world.ts';

export interface ProjectOptions {
  readonly file?: readonly string[];
  readonly profile?: readonly string[];
  /** Milliseconds; for any signal. */
  readonly budget?: number;
}

export interface Project {
  readonly config: Config;
  readonly graph: Graph;
  /** Those of the graph that start by themselves; left out: all. */
  readonly selected?: ReadonlySet<string>;
  readonly plan: Plan;
  /** What it was read from; absolute. */
  readonly files: readonly string[];
  /** Of services that do not start by themselves: what they need and is not there. */
  readonly missing: ReadonlyMap<string, readonly Diagnostic[]>;
  /** What was said when it was loaded. */
  readonly warnings: readonly Diagnostic[];
  /** Finds the places of problems, by reading the files again. */
  readonly locate: (problems: readonly Problem[]) => Promise<readonly Diagnostic[]>;
}

/** Takes what there is to tell of loading. */
export interface Listener {
  readonly tell: (diagnostics: readonly Diagnostic[]) => undefined;
  readonly noteVariable?: NoteVariable;
}

export interface ChosenProject extends Project {
  /** The same with everything that is in the files, of which what was chosen starts by itself. */
  readonly whole: () => Project;
}

export async function loadProject(
  world: World,
  options: ProjectOptions,
  names: readonly string[] | ((config: Config) => readonly string[]),
  { tell, noteVariable }: Listener = { tell: (diagnostics) => complainAll(world, diagnostics) },
): Promise<ChosenProject | undefined> {
  const { cwd, env } = world;
  const named = options.file ?? [];
  const { readFile, texts } = remembering(world.readFile);
  const loaded = await readConfig({ files: named, cwd, env, readFile, noteVariable });
  if (!loaded.ok) {
    const more = await loaded.locate(dependencyProblems(loaded.dependencies, closest));
    const all = [...loaded.diagnostics, ...more].sort(byPlace);
    return tell(await withForeignFiles(all, named, cwd, texts));
  }
  const { config, locate } = loaded;
  const choice = {
    names: typeof names === 'function' ? names(config) : names,
    profiles: options.profile ?? [],
  };
  const whole = buildGraph(config, closest);
  if (!whole.ok) {
    const missing = config.services
      .filter((spec) => isMeant(spec, choice))
      .flatMap(({ name }) => loaded.missing.get(name) ?? []);
    return tell([...(await locate(whole.problems)), ...missing].sort(byPlace));
  }
  const chosen = selectServices(whole.graph, choice, closest);
  if (!chosen.ok) throw new UsageError(...chosen.problems.map(sentence));
  const missing = chosen.graph.services.flatMap((name) => loaded.missing.get(name) ?? []);
  if (missing.length > 0) return tell(missing.sort(byPlace));
  tell(loaded.warnings);
  const { graph } = chosen;
  const plan = planRun(config, graph, planOptions(world, options));
  const files = filesRead(texts.keys(), config.files, config.dir);
  const { warnings } = loaded;
  const project = { config, graph, plan, locate, files, warnings, missing: loaded.missing };
  return {
    ...project,
    whole() {
      if (graph.services.length === whole.graph.services.length) return project;
      return {
        ...project,
        graph: whole.graph,
        plan: planRun(config, whole.graph, planOptions(world, options)),
        selected: new Set(graph.services),
      };
    },
  };
}

/** Those that start by themselves. */
export function selectedSpecs({ graph, selected }: Project): readonly ServiceConfig[] {
  const all = graph.services.map(graph.spec);
  return selected === undefined ? all : all.filter(({ name }) => selected.has(name));
}

/** The same, as their output is shown; with `only`, whatever can come to be shown. */
export function shownServices(project: Project, only?: readonly string[]): readonly LoggedService[] {
  return asShown(only === undefined ? selectedSpecs(project) : project.config.services, only);
}

/** `only`: names and patterns of those whose lines are printed; missing: all. */
export function asShown(
  specs: readonly ServiceConfig[],
  only: readonly string[] | undefined,
): readonly LoggedService[] {
  const isMeant = (name: string) => only === undefined || only.some((one) => matches(one, name));
  return specs.map(({ name, log }) => ({
    name,
    prefix: log.prefix,
    color: log.color,
    print: log.print !== false && isMeant(name),
  }));
}

/** Throws a `UsageError` for what means no service. */
export function requireKnown({ services }: Config, only: readonly string[] | undefined): void {
  if (only === undefined) return;
  if (only.length === 0) throw new UsageError('--only names no service');
  const chosen = chooseServices({ names: only }, services, closest);
  if ('why' in chosen) throw new UsageError(`--only: ${chosen.why}`);
}

/** Within a file from top to bottom; files stay in the order in which they were named. */
function byPlace({ place: a }: Diagnostic, { place: b }: Diagnostic): number {
  if (a === undefined || b === undefined || a.file !== b.file) return 0;
  return a.line - b.line || a.column - b.column;
}

/** What is wrong with the choice has no place in a file. */
function sentence({ message, hint }: Problem): string {
  return hint === undefined ? message : `${message}. ${hint}`;
}

/** Writes them to stderr, each with its place. */
export function complainAll(world: World, diagnostics: readonly Diagnostic[]): undefined {
  for (const diagnostic of diagnostics) {
    world.complain(formatDiagnostic(diagnostic, world.cwd));
    annotate(world, diagnostic);
  }
}

/** The same for a workflow of GitHub, which shows it beside its line; nothing anywhere else. */
export function annotate({ env, complain }: World, diagnostic: Diagnostic): void {
  if (env.GITHUB_ACTIONS === 'true') complain(annotation(diagnostic, env.GITHUB_WORKSPACE));
}

export function planOptions({ surroundings }: World, { budget }: ProjectOptions): PlanOptions {
  return { autoBudgetMs: surroundings.budgetMs, budgetMs: budget };
}
