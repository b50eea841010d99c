/**
 * The variables of a run that commands print, and everything that keeps their values from being told.
 *
 * What runs the commands is loaded with the first.
 */
import { formatDiagnostic } from '../../config/diagnostics/diagnostic.ts';
import type { EnvCommand } from '../../config/env-from-types.ts';
import type { ServiceConfig } from '../../config/types.ts';
import { withServices } from '../../graph/plan-run.ts';
import type { EnvCommands } from '../../secrets/env-commands.ts';
import { Secrets } from '../../secrets/secrets.ts';
import { looksSecret } from '../env/mask.ts';
import type { Project } from '../load-project.ts';
import type { System, World } from '../world.ts';

interface SecretsOf {
  readonly system: () => Promise<System>;
  /** Takes a sentence. */
  readonly tell: (text: string) => void;
}

/** What commands have left behind is gone by then, or stays. */
const KILL_MS = 250;

export function secretsOfProject({ config }: Pick<Project, 'config'>): Secrets {
  return new Secrets({
    looksSecret,
    known: new Set([config.name, ...config.services.map(({ name }) => name)]),
  });
}

export class RunSecrets {
  readonly #world: World;
  readonly #secrets: Secrets;
  readonly #of: SecretsOf;
  #loading: Promise<EnvCommands> | undefined;
  #loaded: EnvCommands | undefined;
  #isClosed = false;

  constructor(world: World, secrets: Secrets, of: SecretsOf) {
    this.#world = world;
    this.#secrets = secrets;
    this.#of = of;
  }

  /**
   * Gets what commands print for these services of a project, `anew` even where it is known; everything that stands against it, a
   * text each. Undefined: it was cut.
   */
  async get(
    { locate }: Pick<Project, 'locate'>,
    specs: readonly ServiceConfig[],
    anew = false,
  ): Promise<readonly string[] | undefined> {
    if (this.#isClosed) return undefined;
    if (specs.every(({ envFrom }) => envFrom === undefined)) return [];
    this.#loading ??= this.#load();
    const problems = await (await this.#loading).get(specs, anew);
    if (problems === undefined) return undefined;
    return (await locate(problems)).map((one) => formatDiagnostic(one, this.#world.cwd));
  }

  /** The project as it is to come into force: what is printed otherwise than before is a change of a definition. */
  revised(project: Project): Project {
    const { definitions } = project.plan;
    const revised = definitions.map((spec) => this.#loaded?.revised(spec) ?? spec);
    if (revised.every((spec, at) => spec === definitions[at])) return project;
    const plan = withServices(project.plan, revised);
    return { ...project, plan, graph: plan.graph };
  }

  readonly printedFor = (spec: ServiceConfig): ReadonlyMap<string, string> | undefined =>
    this.#loaded?.printedFor(spec);

  /** Which command each of them is of. */
  sourcesFor(spec: ServiceConfig): ReadonlyMap<string, EnvCommand> {
    return this.#loaded?.sourcesFor(spec) ?? new Map();
  }

  /** What runs is cut, and no other is run. */
  cut(): void {
    this.#isClosed = true;
    this.#loaded?.close();
  }

  /** The same; and what they have left behind is ended. Never rejects. */
  async close(): Promise<void> {
    this.cut();
    if (this.#loading === undefined) return;
    await this.#loading;
    await (await this.#of.system()).endHooks(KILL_MS);
  }

  async #load(): Promise<EnvCommands> {
    const [{ EnvCommands: Commands }, { hookCommands: commands }] = await Promise.all([
      import('../../secrets/env-commands.ts'),
      this.#of.system(),
    ]);
    const { clock, env } = this.#world;
    const tell = (text: string): void => this.#of.tell(this.#secrets.text(text));
    this.#loaded = new Commands({ clock, commands, env, tell }, this.#secrets);
    if (this.#isClosed) this.#loaded.close();
    return this.#loaded;
  }
}
