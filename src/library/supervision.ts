/**
 * A graph that runs, as its program holds it: the promise of its report, with means to look at it and to end it.
 *
 * It knows whether somebody has looked at how it ends, so that leaving a block tells of a failure exactly if nobody else
 * was told.
 */
import { ScopeEndedError, shield, wait } from '../concurrency/index.ts';
import { messageOf } from '../concurrency/kernel/errors/thrown.ts';
import type { Command, Ticket } from '../engine/requests/command.ts';
import { isInside } from '../tasks/place.ts';
import type { ServiceReference, ValuesOf } from '../tasks/run-context.ts';
import type { Definitions } from './definitions.ts';
import { ConfigurationError, type Supervisable } from './program-graph.ts';
import type { GraphStatus, SupervisionReport } from './report.ts';
import type { RunParts } from './run-graph.ts';

/**
 * A graph that runs: a promise of its report, with means to look at it and to end it. Somebody must await it, as every
 * promise: a failure that nobody hears of is an unhandled rejection, unless `ready` told it or the graph was told to go down.
 *
 * At the end of a block with `await using` it goes down and is awaited, cancelled or not; what it failed of is thrown there
 * unless somebody has awaited the promise, was told by `ready`, or had called `down`.
 */
export interface Supervision extends Promise<SupervisionReport>, AsyncDisposable {
  /**
   * Resolves when every service is ready, or over. If it goes down before that it rejects, when it is over, with the error
   * of the run, or one that tells the cause. It may be left alone.
   */
  readonly ready: Promise<void>;
  /** As of the last event, with what its services say that they are doing: a picture, which doesn't change. */
  readonly status: GraphStatus;
  /** What a service has reported, by its definition or its name: the very object, also when the graph has ended. */
  readonly values: ValuesOf;
  /**
   * Asks all of it to go down, and resolves when it has, also if something failed: that is told by the promise itself. Called
   * again, it waits for the same end. Cancelled, it stops waiting; the graph goes down all the same. Called by one of its
   * own services, it resolves at once: that service is part of what it would wait for.
   */
  down(reason?: string): Promise<void>;
  /**
   * Starts services that are at rest, with what they need, and what had been stopped along with them; what waits to be restarted
   * is started now. Resolves when they are ready (a task: when it has completed), or with why they can't be. What runs already
   * stays as it is.
   */
  start(services: Asked, options?: StartRequest): Promise<RequestResult>;
  /**
   * Stops services, and first what can't be without them. They stay down until somebody starts them, or something that needs
   * them; the graph stays open for that. Resolves when all of them are at rest, clean-ups included.
   */
  stop(services: Asked, options?: StopRequest): Promise<RequestResult>;
  /** Without services all of it goes down, as by `down`: a text with a blank in it is no name, but the reason. */
  stop(reason?: `${string} ${string}`): Promise<void>;
  /**
   * Gives each of the services a new instance, when its old one is gone; what is at rest is started. Those that depend on it keep
   * running, unless their `onLoss` says otherwise. Resolves when all that ended for it are ready again.
   */
  restart(services: Asked, options?: RestartRequest): Promise<RequestResult>;
  /** Adds a service to the graph, and starts it when what it depends on is ready. If it can't be, it is taken out again. */
  add(service: Supervisable): Promise<RequestResult>;
  /** Stops services and takes them out of the graph; refused as long as others depend on them. */
  remove(services: Asked): Promise<RequestResult>;
  /**
   * Makes these all that the graph consists of. What is not among them goes, what is new starts; what is different is replaced
   * by a new instance where that is needed, and takes over the rest while it runs; what is the same is left alone. What somebody
   * stopped stays stopped. When the first of what it began fails, everything goes back to what was there before.
   */
  reload(services: readonly Supervisable[], options?: ReloadRequest): Promise<RequestResult>;
}

/** Which services are meant: definitions or names, in which `*` stands for any characters. */
export type Asked = ServiceReference<unknown> | readonly ServiceReference<unknown>[];

/** How services are started. */
export interface StartRequest {
  /** Them alone: they wait for what they need until that is there. */
  readonly noDeps?: boolean | undefined;
}

/** How services are stopped. */
export interface StopRequest {
  /** Them alone: to what depends on them it is a loss. */
  readonly noDeps?: boolean | undefined;
  /** They are killed when their turn comes, not asked. */
  readonly now?: boolean | undefined;
}

/** How services are restarted. */
export interface RestartRequest {
  /** What can't be without them is restarted too. */
  readonly withDependents?: boolean | undefined;
  /** Nobody else takes notice. */
  readonly noDeps?: boolean | undefined;
  /** What is at rest is left alone. */
  readonly ifUp?: boolean | undefined;
}

/** How a graph is changed. */
export interface ReloadRequest {
  /** What fails leads back to what was there before; true by default. */
  readonly rollback?: boolean | undefined;
}

/**
 * What came of a request: `reached`; `unchanged`, it was so already; `failed`, for `why`; `replaced` by another request;
 * `abandoned`, since everything goes down; or `refused`, with nothing changed.
 */
export interface RequestResult {
  readonly outcome: 'reached' | 'unchanged' | 'failed' | 'replaced' | 'abandoned' | 'refused';
  /** A clause; undefined: it went well. */
  readonly why?: string | undefined;
  /** Of each service that it touched; `troubles`: what was not clean about its end. */
  readonly services: readonly {
    readonly service: string;
    readonly outcome: string;
    readonly why?: string | undefined;
    readonly troubles?: readonly string[] | undefined;
  }[];
}

export interface SupervisionParts {
  readonly run: RunParts;
  readonly values: ValuesOf;
  /** Resolves when it has ended, however. */
  readonly over: Promise<void>;
}

export class RunningGraph extends Promise<SupervisionReport> implements Supervision {
  readonly values: ValuesOf;
  readonly #parts: SupervisionParts;
  #isHeard = false;

  constructor(ended: Promise<SupervisionReport>, parts: SupervisionParts) {
    super((resolve, reject) => void ended.then(resolve, reject));
    this.values = parts.values;
    this.#parts = parts;
  }

  /** What is made from it is a promise like any other. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise that knows whether somebody has looked at it
  override then<A = SupervisionReport, B = never>(
    onReport?: ((report: SupervisionReport) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#isHeard = true;
    return super.then(onReport, onError);
  }

  get ready(): Promise<void> {
    const { ready } = this.#parts.run.readiness;
    ready.catch(() => this.#hear());
    return ready;
  }

  get status(): GraphStatus {
    return this.#parts.run.report.graphStatus;
  }

  down(reason?: string): Promise<void> {
    this.#hear();
    return this.#down(reason) ? this.#patiently(this.#parts.over) : Promise.resolve();
  }

  start(services: Asked, options: StartRequest = {}): Promise<RequestResult> {
    return this.#request({ kind: 'start', names: namesOf(services), ...options });
  }

  stop(services: Asked, options?: StopRequest): Promise<RequestResult>;
  stop(reason?: `${string} ${string}`): Promise<void>;
  stop(
    services?: Asked,
    { noDeps = false, now = false }: StopRequest = {},
  ): Promise<RequestResult> | Promise<void> {
    if (services === undefined) return this.down();
    if (typeof services === 'string' && services.includes(' ')) return this.down(services);
    const command = { kind: 'stop', names: namesOf(services), noDeps } as const;
    return this.#request(now ? { ...command, graceMs: 0 } : command);
  }

  restart(services: Asked, options: RestartRequest = {}): Promise<RequestResult> {
    return this.#request({ kind: 'restart', names: namesOf(services), ...options });
  }

  async add(service: Supervisable): Promise<RequestResult> {
    return this.#withDefinitions(async (definitions) => {
      const { name } = service;
      if (definitions.graph.services.includes(name))
        return { outcome: 'refused', why: `there is a service "${name}" already`, services: [] };
      const { plan } = await definitions.read(definitions.withGiven([service]));
      return { kind: 'add', names: [service.name], service: plan.graph.spec(service.name) };
    });
  }

  remove(services: Asked): Promise<RequestResult> {
    return this.#request({ kind: 'remove', names: namesOf(services) });
  }

  async reload(
    services: readonly Supervisable[],
    { rollback = true }: ReloadRequest = {},
  ): Promise<RequestResult> {
    return this.#withDefinitions(async (definitions) => {
      const { plan } = await definitions.read(services);
      return { kind: 'reload', names: [], plan, noRollback: !rollback };
    });
  }

  /** What is wrong with definitions is answered: nothing has changed. */
  async #withDefinitions(
    make: (definitions: Definitions) => Promise<Command | RequestResult>,
  ): Promise<RequestResult> {
    const { definitions } = this.#parts.run;
    if (definitions === undefined) return NOT_YET;
    try {
      const command = await this.#patiently(make(definitions));
      return 'outcome' in command ? command : await this.#request(command);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return { outcome: 'refused', why: error.message, services: [] };
    }
  }

  #request(command: Command): Promise<RequestResult> {
    const { run, over } = this.#parts;
    const settled = new Promise<RequestResult>((resolve) => {
      const onTicket = (ticket: Ticket): void => void ticket.settled.then(resolve);
      run.requests.tryPut({ kind: 'command', command, onTicket });
      void over.then(() => resolve(ENDED));
    });
    return this.#patiently(settled);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const isHeard = this.#isHeard;
    this.#hear();
    if (!this.#down()) return;
    await shield(() => this.#parts.over);
    if (!isHeard) await this;
  }

  /** Asks it to go down; false if the caller must not wait for that. */
  #down(reason?: string): boolean {
    const { ask, book } = this.#parts.run;
    ask({ kind: 'down', ...(reason !== undefined && { reason: messageOf(reason) }) });
    return !isInside(book);
  }

  /** What has outlived the service that it was begun in may wait all the same: there is no scope left to obey. */
  async #patiently<T>(settling: Promise<T>): Promise<T> {
    try {
      return await wait(settling);
    } catch (error) {
      if (!(error instanceof ScopeEndedError)) throw error;
      return settling;
    }
  }

  /** Somebody knows how it ends, or doesn't want to: no failure of it is an unhandled rejection. */
  #hear(): void {
    this.then(undefined, () => undefined);
  }
}

const NOT_YET: RequestResult = { outcome: 'refused', why: 'the graph does not run yet', services: [] };
const ENDED: RequestResult = { outcome: 'refused', why: 'the graph has ended', services: [] };

function namesOf(services: Asked): readonly string[] {
  const all = Array.isArray(services) ? (services as readonly ServiceReference<unknown>[]) : [services];
  return all.map((one) => (typeof one === 'string' ? one : (one as { readonly name: string }).name));
}
