/**
 * Decides which services take part in a run: the ones named with what they need, or, with no name given, all that
 * no profile holds back.
 *
 * - A service without profiles is enabled; one with profiles is enabled when one of them is chosen (`*` is all).
 * - Naming a service chooses it, whatever its profiles. What a chosen service needs is chosen too.
 * - An optional dependency isn't needed: it comes along if it is enabled (as compose does with `required: false`),
 *   but no profile is switched on for it. If it doesn't take part, its edge is dropped: nothing waits for it.
 */
import type { Problem } from '../config/diagnostics/problem.ts';
import type { ServiceConfig } from '../config/types.ts';
import type { Suggest } from './dependency-problems.ts';
import { type Graph, type GraphResult, graphOf } from './graph.ts';

export interface Choice {
  /** Services named by the user; none: every enabled one. */
  readonly names: readonly string[];
  readonly profiles: readonly string[];
}

/** The graph of what takes part, in the order of the file, or what is wrong with the choice. */
export function selectServices(graph: Graph, choice: Choice, suggest?: Suggest): GraphResult {
  const problems = choiceProblems(graph, choice, suggest);
  if (problems.length > 0) return { ok: false, problems };

  const enabled = (name: string) => isEnabled(graph.spec(name), choice.profiles);
  const chosen = new Set(graph.services.filter((name) => isMeant(graph.spec(name), choice)));
  for (const name of chosen) {
    // A set gives its iterator what is added meanwhile.
    for (const { service, optional } of graph.dependencies(name)) {
      if (!optional || enabled(service)) chosen.add(service);
    }
  }
  if (chosen.size === 0 && graph.services.length > 0) return { ok: false, problems: [nothingChosen(graph)] };

  const specs = graph.services.filter((name) => chosen.has(name)).map((name) => graph.spec(name));
  return { ok: true, graph: graphOf(specs.map((spec) => withoutAbsent(spec, chosen))) };
}

/** Whether it is started for its own sake, and not only because another needs it. */
export function isMeant(spec: ServiceConfig, { names, profiles }: Choice): boolean {
  return names.length > 0 ? names.includes(spec.name) : isEnabled(spec, profiles);
}

function isEnabled(spec: ServiceConfig, profiles: readonly string[]): boolean {
  return (
    spec.profiles.length === 0 ||
    profiles.some((profile) => profile === '*' || spec.profiles.includes(profile))
  );
}

function withoutAbsent(spec: ServiceConfig, chosen: ReadonlySet<string>): ServiceConfig {
  const dependsOn = spec.dependsOn.filter((edge) => chosen.has(edge.service));
  return dependsOn.length === spec.dependsOn.length ? spec : { ...spec, dependsOn };
}

function choiceProblems(graph: Graph, choice: Choice, suggest: Suggest | undefined): readonly Problem[] {
  const profiles = allProfiles(graph);
  return [
    ...choice.names
      .filter((name) => !graph.services.includes(name))
      .map((name) =>
        unknown(`Cannot start "${name}": there is no service of that name`, name, graph.services),
      ),
    ...choice.profiles
      .filter((profile) => profile !== '*' && !profiles.includes(profile))
      .map((name) => unknown(`Cannot choose the profile "${name}": no service has it`, name, profiles)),
  ];

  function unknown(message: string, word: string, candidates: readonly string[]): Problem {
    const near = suggest?.(word, candidates);
    const hint = near === undefined ? listOf(candidates) : `Did you mean "${near}"?`;
    return { severity: 'error', message, path: [], ...(hint !== undefined && { hint }) };
  }
}

function nothingChosen(graph: Graph): Problem {
  return {
    severity: 'error',
    message: 'Nothing to start: every service belongs to a profile, and none is chosen',
    path: [],
    hint: `Choose one with --profile: ${quoted(allProfiles(graph))}.`,
  };
}

function allProfiles(graph: Graph): readonly string[] {
  return [...new Set(graph.services.flatMap((name) => graph.spec(name).profiles))];
}

function listOf(candidates: readonly string[]): string | undefined {
  return candidates.length === 0 ? undefined : `Known are ${quoted(candidates)}.`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
