/**
 * The configurations of a run: the one that it began with, and those that were read again while it ran. Of each service it knows as
 * whom it runs by the definition that it is started with.
 */
import type { ServiceConfig } from '../config/types.ts';
import type { Command } from '../engine/requests/command.ts';
import type { Rights } from '../process/ports.ts';
import { type CheckedProject, checkProject } from './check-project.ts';
import type { Project } from './load-project.ts';
import { UsageError, type World } from './world.ts';

type RightsOf = (spec: ServiceConfig) => Rights | undefined;

export interface ReadingAgain {
  /** Loads it as at the start; undefined: it is wrong, which was told to that world. Missing: it can't be read again. */
  readonly load: ((world: World) => Promise<Project | undefined>) | undefined;
  readonly record: string | undefined;
  /** Makes ready what a project writes to; what stands against it, a text each. */
  readonly prepare: (project: Project) => Promise<readonly string[]>;
}

export class Configurations {
  readonly #world: World;
  readonly #again: ReadingAgain;
  readonly #rights = new WeakMap<ServiceConfig, RightsOf>();
  #latest: RightsOf;

  constructor(world: World, first: Project, rightsOf: RightsOf, again: ReadingAgain) {
    this.#world = world;
    this.#again = again;
    this.#latest = rightsOf;
    this.#remember(first, rightsOf);
  }

  /** As whom it runs by that definition; undefined: as ourselves. */
  readonly rightsOf: RightsOf = (spec) => (this.#rights.get(spec) ?? this.#latest)(spec);

  /** The files as they are now, as a request; or everything that is wrong with them. Nothing is changed by it. */
  async readAgain(noRollback: boolean): Promise<Command | { readonly problems: readonly string[] }> {
    const { load, record, prepare } = this.#again;
    if (load === undefined) return { problems: ['this run is for one command: it is not read again'] };
    const told: string[] = [];
    const world: World = { ...this.#world, complain: (text) => void told.push(text) };
    try {
      const project = await load(world);
      if (project === undefined) return { problems: told };
      const checked: CheckedProject = await checkProject(world, project, record);
      if (!checked.ok) return { problems: checked.troubles };
      const troubles = await prepare(project);
      if (troubles.length > 0) return { problems: troubles };
      this.#remember(project, checked.rightsOf);
      return { kind: 'reload', names: [], plan: project.plan, noRollback };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return { problems: [error.message] };
    }
  }

  #remember({ graph }: Project, rightsOf: RightsOf): void {
    for (const name of graph.services) this.#rights.set(graph.spec(name), rightsOf);
    this.#latest = rightsOf;
  }
}
