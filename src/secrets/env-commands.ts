/**
 * The variables that commands print for the services of a run.
 *
 * Each command is run once for all that name it: before any of them is started, and again when the configuration is read again.
 * What one printed stays until then, so that a restart needs none. If one of them fails, nothing of what the others printed is taken.
 */
import { type Problem, problemAt } from '../config/diagnostics/problem.ts';
import type { EnvCommand } from '../config/env-from-types.ts';
import type { ServiceConfig } from '../config/types.ts';
import { type AskPorts, askCommand } from './ask-command.ts';
import type { Secrets } from './secrets.ts';

type Variables = ReadonlyMap<string, string>;
type EnvFrom = NonNullable<ServiceConfig['envFrom']>;

interface Known {
  readonly variables: Variables;
  /** How often they were others than before. */
  readonly revision: number;
}

export class EnvCommands {
  readonly #ports: AskPorts;
  readonly #secrets: Secrets;
  readonly #known = new Map<string, Known>();
  /** By what a definition says of them, which all replicas share. */
  readonly #printed = new WeakMap<EnvFrom, Variables>();
  readonly #closed = new AbortController();
  #before: Promise<unknown> = Promise.resolve();

  constructor(ports: AskPorts, secrets: Secrets) {
    this.#ports = ports;
    this.#secrets = secrets;
  }

  /**
   * Gets the variables of these services, `anew` even where they are known; everything that stands against it, with its place.
   * Undefined: it was cut. One after the other: what several ask for at once is run once.
   */
  get(specs: readonly ServiceConfig[], anew = false): Promise<readonly Problem[] | undefined> {
    const got = this.#before.then(() => this.#get(specs, anew));
    this.#before = got.catch(() => undefined);
    return got;
  }

  async #get(specs: readonly ServiceConfig[], anew: boolean): Promise<readonly Problem[] | undefined> {
    const wanted = new Map<string, { readonly command: EnvCommand; withinMs: number }>();
    for (const command of specs.flatMap(({ envFrom }) => envFrom?.commands ?? [])) {
      const key = keyOf(command);
      if (!anew && this.#known.has(key)) continue;
      const one = wanted.get(key);
      if (one === undefined) wanted.set(key, { command, withinMs: command.withinMs });
      else one.withinMs = Math.max(one.withinMs, command.withinMs);
    }
    const answers = await Promise.all(
      [...wanted].map(async ([key, { command, withinMs }]) => {
        const printed = await askCommand(this.#ports, command, withinMs, this.#closed.signal);
        return { key, command, printed };
      }),
    );
    const problems: Problem[] = [];
    const got: [string, Variables][] = [];
    for (const { key, command, printed } of answers) {
      if (printed.kind === 'cut') return undefined;
      if (printed.kind === 'variables') got.push([key, printed.variables]);
      else problems.push(problemAt(command.path, printed.message, printed.hint));
    }
    if (problems.length > 0) return problems;
    for (const [key, variables] of got) this.#learn(key, variables);
    for (const { envFrom } of specs) {
      const printed = envFrom && this.#allOf(envFrom);
      if (printed !== undefined) this.#printed.set(envFrom!, printed);
    }
    return [];
  }

  /** Undefined: nothing was got for it, though it needs it. */
  readonly printedFor = ({ envFrom }: ServiceConfig): Variables | undefined =>
    envFrom === undefined ? NONE : (this.#printed.get(envFrom) ?? this.#allOf(envFrom));

  /** Which command each of them is of. */
  sourcesFor({ envFrom }: ServiceConfig): ReadonlyMap<string, EnvCommand> {
    const all = envFrom?.commands ?? [];
    return new Map(
      all.flatMap((command) => {
        const { variables } = this.#known.get(keyOf(command)) ?? { variables: NONE };
        return [...variables.keys()].map((name) => [name, command] as const);
      }),
    );
  }

  /** The same definition, told apart from the one that it was before something else was printed. */
  revised(spec: ServiceConfig): ServiceConfig {
    const { envFrom } = spec;
    if (envFrom === undefined) return spec;
    const revisions = envFrom.commands.map((command) => this.#known.get(keyOf(command))?.revision ?? 0);
    const revision = revisions.reduce((sum, one) => sum + one, 0);
    if (revision === 0) return spec;
    const revised = { ...envFrom, revision };
    const printed = this.#printed.get(envFrom);
    if (printed !== undefined) this.#printed.set(revised, printed);
    return { ...spec, envFrom: revised };
  }

  /** What runs is cut, and no other is run. */
  close(): void {
    this.#closed.abort();
  }

  #learn(key: string, variables: Variables): void {
    const before = this.#known.get(key);
    const isSame = before === undefined || areSame(before.variables, variables);
    this.#known.set(key, { variables, revision: (before?.revision ?? 0) + (isSame ? 0 : 1) });
    this.#secrets.add(variables);
  }

  /** As it was printed last. */
  #allOf({ commands }: EnvFrom): Variables | undefined {
    const known = commands.map((command) => this.#known.get(keyOf(command)));
    if (known.includes(undefined)) return undefined;
    return new Map(known.flatMap((one) => [...(one?.variables ?? [])]));
  }
}

const NONE: Variables = new Map();

/** What is run, wherever it stands. */
function keyOf({ command, cwd }: EnvCommand): string {
  return JSON.stringify([command, cwd]);
}

function areSame(one: Variables, other: Variables): boolean {
  return one.size === other.size && [...one].every(([name, value]) => other.get(name) === value);
}
