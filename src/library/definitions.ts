/**
 * What a run of a program knows of the definitions that it was given, at its start and later: the graph in force, the functions
 * that it speaks of, as whom processes run. Nothing is ever forgotten that an instance may still need.
 */
import type { Problem } from '../config/diagnostics/problem.ts';
import type { Config, ServiceConfig } from '../config/types.ts';
import type { Graph } from '../graph/graph.ts';
import { type Plan, planRun } from '../graph/plan-run.ts';
import type { Rights } from '../process/rights-ports.ts';
import { tellSurroundings } from '../process/surroundings/tell-surroundings.ts';
import type { ShortCall } from '../tasks/call-commands.ts';
import type { ServiceBook } from '../tasks/service-book.ts';
import type { ServiceRun } from '../tasks/task-instance.ts';
import type { TaskOptions } from './definition.ts';
import type { Calls } from './function-entry.ts';
import { ConfigurationError, type ProgramGraph, programGraph, type Supervisable } from './program-graph.ts';
import type { ServiceSystem } from './service-system.ts';
import type { SuperviseOptions } from './supervise-options.ts';
import type { ProgramSurroundings } from './surroundings.ts';

export interface DefinitionsOptions {
  readonly world: ProgramSurroundings;
  readonly options: SuperviseOptions;
  readonly book: ServiceBook;
  /** Every name that there ever was. */
  readonly names: Set<string>;
  /** What processes need of the system; asked for when there are any. */
  readonly openSystem: () => Promise<ServiceSystem>;
}

export class Definitions {
  readonly runs = new WeakMap<object, ServiceRun>();
  readonly calls = new WeakMap<object, ShortCall>();
  readonly #options: DefinitionsOptions;
  readonly #rights = new WeakMap<ServiceConfig, Rights>();
  readonly #known = new WeakMap<TaskOptions, Calls>();
  readonly #given = new Map<string, Supervisable>();
  #plan: Plan | undefined;

  constructor(options: DefinitionsOptions) {
    this.#options = options;
  }

  /** In force; call it after the first were read. */
  get graph(): Graph {
    if (this.#plan === undefined) throw new Error('nothing was read');
    return this.#plan.graph;
  }

  rightsOf(spec: ServiceConfig): Rights | undefined {
    return this.#rights.get(spec);
  }

  /** Another plan is in force. */
  use(plan: Plan): void {
    this.#plan = plan;
  }

  /** With these in place of those of their names. */
  withGiven(more: readonly Supervisable[]): readonly Supervisable[] {
    const given = new Map(this.#given);
    const inForce = new Set(this.graph.services);
    for (const name of given.keys()) if (!inForce.has(name)) given.delete(name);
    for (const one of more) given.set(one.name, one);
    return [...given.values()];
  }

  /** Rejects with a `ConfigurationError` for what can't be, here or anywhere; then nothing has changed. */
  async read(services: readonly Supervisable[]): Promise<{ readonly plan: Plan; readonly config: Config }> {
    const { world, options, book, names } = this.#options;
    const { name, budget, interruptGrace } = options;
    const program = programGraph(services, {
      ...world,
      name,
      budget,
      interruptGrace,
      book,
      known: this.#known,
    });
    if ('problems' in program) throw new ConfigurationError(program.problems);
    await this.#lookAhead(program.graph);
    for (const one of services) {
      names.add(one.name);
      this.#given.set(one.name, one);
    }
    for (const [call, run] of program.graph.runs) this.runs.set(call, run);
    for (const [call, short] of program.graph.calls) this.calls.set(call, short);
    const { config, graph } = program.graph;
    const { budgetMs: autoBudgetMs } = tellSurroundings({
      isInit: world.pid === 1,
      env: world.env,
      exists: world.exists,
    });
    const plan = planRun(config, graph, { autoBudgetMs, budgetMs: undefined });
    this.#plan ??= plan;
    return { plan, config };
  }

  /** Throws for what this machine can't do. */
  async #lookAhead({ config, hasProcesses }: ProgramGraph): Promise<void> {
    if (!hasProcesses) return;
    const { preflight: machine } = await this.#options.openSystem();
    if (machine === undefined) return;
    const { preflight } = await import('../preflight/preflight.ts');
    const processes = config.services.filter(({ command }) => command.kind !== 'call');
    const { rightsOf, problems, refusal } = await preflight(machine, processes);
    const refused: readonly Problem[] =
      refusal === undefined ? [] : [{ severity: 'error', path: [], message: refusal }];
    if (problems.length + refused.length > 0) throw new ConfigurationError([...problems, ...refused]);
    for (const spec of processes) {
      const rights = rightsOf(spec.name);
      if (rights !== undefined) this.#rights.set(spec, rights);
    }
  }
}
