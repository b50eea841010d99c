/**
 * The configurations of a run: the one that it began with, and those that were read again while it ran.
 *
 * What is to be started is looked at before: at the start what was selected, later what somebody asks for. Of each service it is known
 * as whom it runs by the definition that it is started with.
 */
import { formatDiagnostic } from '../config/diagnostics/diagnostic.ts';
import type { ServiceConfig } from '../config/types.ts';
import type { Command } from '../engine/requests/command.ts';
import { type Choice, chooseMembers } from '../engine/requests/match-names.ts';
import type { Rights } from '../process/rights-ports.ts';
import type { RunSecrets } from './beside/run-secrets.ts';
import { type CheckedProject, checkProject } from './check-project.ts';
import { type Project, selectedSpecs } from './load-project.ts';
import { UsageError, type World } from './world.ts';

type RightsOf = (spec: ServiceConfig) => Rights | undefined;

export interface ReadingAgain {
  /** Loads it as at the start; undefined: it is wrong, which was told to that world. Missing: it can't be read again. */
  readonly load: ((world: World) => Promise<Project | undefined>) | undefined;
  readonly record: string | undefined;
  /** Makes ready what these services of a project write to; what stands against it, a text each. */
  readonly prepare: (project: Project, specs: readonly ServiceConfig[]) => Promise<readonly string[]>;
  /** Gets what commands print for these, `anew` even where it is known; what stands against it, a text each. Undefined: it was cut. */
  readonly secrets: Pick<RunSecrets, 'get' | 'revised'>;
  /** What they write goes there now. */
  readonly use: (specs: readonly ServiceConfig[]) => void;
}

export class Configurations {
  readonly #world: World;
  readonly #again: ReadingAgain;
  readonly #rights = new WeakMap<ServiceConfig, RightsOf>();
  /** By their names: those that were looked at. */
  readonly #admitted: Set<string>;
  #newest: Project;

  constructor(world: World, first: Project, rightsOf: RightsOf, again: ReadingAgain) {
    this.#world = world;
    this.#again = again;
    this.#newest = first;
    const specs = selectedSpecs(first);
    this.#admitted = new Set(specs.map(({ name }) => name));
    this.#remember(specs, rightsOf);
  }

  /** As whom it runs by that definition; undefined: as ourselves. */
  readonly rightsOf: RightsOf = (spec) => this.#rights.get(spec)?.(spec);

  /** Looks at what was not selected before it can be started by a request for these; everything that stands against that. */
  async admit(choice: Choice): Promise<readonly string[]> {
    const project = this.#newest;
    const specs = this.#notAdmitted(project, choice);
    if (specs.length === 0) return [];
    const { problems } = await this.#look(project, specs, 'more');
    if (problems.length === 0) this.#again.use(project.graph.services.map(project.graph.spec));
    return problems;
  }

  /**
   * The files as they are now, as a request; or everything that is wrong with them. Nothing is changed by it. `isDry`: nothing will come
   * of it either, and no command is run.
   */
  async readAgain(
    noRollback: boolean,
    isDry = false,
  ): Promise<Command | { readonly problems: readonly string[] }> {
    const { load } = this.#again;
    if (load === undefined) return { problems: ['this run is for one command: it is not read again'] };
    const told: string[] = [];
    const world: World = { ...this.#world, complain: (text) => void told.push(text) };
    try {
      const loaded = await load(world);
      if (loaded === undefined) return { problems: told };
      const { graph, selected } = loaded;
      const isStarted = ({ name }: ServiceConfig) =>
        selected?.has(name) !== false || this.#admitted.has(name);
      const specs = graph.services.map(graph.spec).filter(isStarted);
      const { problems, project } = await this.#look(loaded, specs, isDry ? 'dry' : 'again');
      if (problems.length > 0) return { problems };
      if (!isDry) this.#newest = project;
      return { kind: 'reload', names: [], plan: project.plan, noRollback, selected };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return { problems: [error.message] };
    }
  }

  /** What is chosen, and what that needs, as far as it was not looked at yet. */
  #notAdmitted({ graph }: Project, choice: Choice): readonly ServiceConfig[] {
    if (this.#admitted.size === graph.services.length) return [];
    const chosen = chooseMembers(choice, graph.services.map(graph.spec), () => undefined);
    // What is nobody's is refused as a request.
    if ('why' in chosen) return [];
    const meant = new Set(chosen.found);
    // A set gives its iterator what is added meanwhile.
    for (const name of meant) for (const { service } of graph.dependencies(name)) meant.add(service);
    return [...meant].filter((name) => !this.#admitted.has(name)).map(graph.spec);
  }

  /** What stands against these; `project` as it may come into force otherwise. */
  async #look(
    project: Project,
    specs: readonly ServiceConfig[],
    what: 'more' | 'again' | 'dry',
  ): Promise<{ readonly problems: readonly string[]; readonly project: Project }> {
    const { prepare, secrets, record } = this.#again;
    const wrong = (problems: readonly string[]) => ({ problems, project });
    const missing = specs.flatMap(({ name }) => project.missing.get(name) ?? []);
    if (missing.length > 0) return wrong(missing.map((one) => formatDiagnostic(one, this.#world.cwd)));
    const checked: CheckedProject = await checkProject(this.#world, project, specs, record);
    if (!checked.ok) return wrong([...checked.troubles, ...checked.refusals]);
    const troubles = await prepare(project, specs);
    if (troubles.length > 0) return wrong(troubles);
    // Last, since each of these can keep somebody waiting.
    const unprinted = what === 'dry' ? [] : await secrets.get(project, specs, what === 'again');
    if (unprinted === undefined) return wrong(['everything goes down']);
    if (unprinted.length > 0) return wrong(unprinted);
    const names = new Set(specs.map(({ name }) => name));
    const revised = what === 'more' ? project : secrets.revised(project);
    const { graph } = revised;
    this.#remember(graph.services.filter((name) => names.has(name)).map(graph.spec), checked.rightsOf);
    return { problems: [], project: revised };
  }

  #remember(specs: readonly ServiceConfig[], rightsOf: RightsOf): void {
    for (const spec of specs) {
      this.#admitted.add(spec.name);
      this.#rights.set(spec, rightsOf);
    }
  }
}
