/**
 * What a program says of a service: a function of its own, or a process. Types, and the one function that makes one.
 *
 * The keys are those of `supervisor.yaml` in camel case, with the same defaults, and durations are written as there:
 * `250ms`, `2s`, `1m30s`. What is wrong with them is said by `supervise`, all at once, before anything is started.
 */
import type { OnTrip } from '../config/types.ts';
import type { CheckContext, CleanupContext, RunContext, ServiceReference } from '../tasks/run-context.ts';
import type { Reported } from '../tasks/service-book.ts';

/** A number with its unit: `250ms`, `2s`, `1m30s`, `1h`. */
export type Duration = string;

/** How one service depends on another; an entry of `depends_on` in `supervisor.yaml`. */
export interface EdgeOptions {
  /**
   * What it waits for before it starts: spawned, ready, ended with success, or ended however. By default `ready`, and
   * `completed` where that is a task.
   */
  readonly condition?: 'started' | 'ready' | 'completed' | 'exited' | undefined;
  /** Wait while it is coming, but go on without it; false by default. */
  readonly optional?: boolean | undefined;
  /** How long to wait for it, before this has failed; no limit by default. */
  readonly timeout?: Duration | undefined;
  /** When it is lost later: run on (the default), stop and start again when it is back, or stop for good. */
  readonly onLoss?: 'keep' | 'restart' | 'stop' | undefined;
  /** How long it may be away before `onLoss` follows; 0 s by default. */
  readonly after?: Duration | undefined;
}

/** Definitions or names; or a map from names, where an edge is to be more than the default. */
export type DependsOn = readonly ServiceReference<unknown>[] | Readonly<Record<string, EdgeOptions>>;

/** When a service that ended without being asked is started again; one restart too many, and it has failed for good. */
export interface RestartOptions {
  /** `on-failure` by default. */
  readonly policy?: 'no' | 'on-failure' | 'always' | undefined;
  /** Restarts allowed within the window; 0: any number. 5 by default. */
  readonly max?: number | undefined;
  /** 60 s by default. */
  readonly window?: Duration | undefined;
  /** The pause before the first restart; 100 ms by default. */
  readonly delay?: Duration | undefined;
  /** How many times longer the pause is after each further failure; 2 by default. */
  readonly factor?: number | undefined;
  /** The longest pause; 30 s by default. */
  readonly maxDelay?: Duration | undefined;
  /** Share of the pause that is random, 0 to 1; 0.1 by default. */
  readonly jitter?: number | undefined;
  /** Ready for this long, the next failure is the first again; 30 s by default. */
  readonly resetAfter?: Duration | undefined;
}

/** When a health check is made, and what follows when it fails too often. */
export interface CheckTiming {
  /** From one check to the next; 10 s by default. */
  readonly interval?: Duration | undefined;
  /** Of one check, which then has failed; 1 s by default. */
  readonly timeout?: Duration | undefined;
  /** How many must fail in a row until it is unhealthy; 3 by default. */
  readonly failures?: number | undefined;
  /** How many must succeed in a row until it is healthy again; 1 by default. */
  readonly successes?: number | undefined;
  /** `restart` by default. */
  readonly onFailure?: OnTrip | undefined;
}

/**
 * One step of a clean-up: a function, or several at the same time, each whatever becomes of the others. Each step has its
 * own limit, 5 s by default.
 */
export type CleanupStep<V> =
  | ((context: CleanupContext<V>) => unknown)
  | { readonly run: (context: CleanupContext<V>) => unknown; readonly timeout?: Duration | undefined }
  | {
      readonly parallel: readonly ((context: CleanupContext<V>) => unknown)[];
      readonly timeout?: Duration | undefined;
    };

/** What functions and processes have in common. */
interface Common<D extends DependsOn, N extends string> {
  /** Letters, digits, `_` and `-`; no two services of a graph have the same. */
  readonly name: N;
  /** `service`, the default: it lives until it is asked to stop. `task`: it ends by itself, and is ready when it has. */
  readonly type?: 'service' | 'task' | undefined;
  /** What it waits for before it starts; it stops before those do. */
  readonly dependsOn?: D | undefined;
  /** `on-failure` by default; a task is not restarted unless this says so. */
  readonly restart?: RestartOptions['policy'] | RestartOptions | undefined;
  /**
   * When it has failed for good: everything goes down (`shutdown`, the default), what depends on it does, directly or
   * through others (`isolate`), or nothing.
   */
  readonly onFailure?: 'shutdown' | 'isolate' | 'ignore' | undefined;
  /** When it has ended by itself for good, with success too: nothing follows (`ignore`, the default), or everything goes down. */
  readonly onEnd?: 'ignore' | 'shutdown' | undefined;
}

/** A service that is a function of this program. */
export interface TaskOptions<V = Reported, D extends DependsOn = DependsOn, N extends string = string>
  extends Common<D, N> {
  /** What it reports, as a type: nobody looks at its value. To be given where `V` is not, such as `{} as { port: number }`. */
  readonly reports?: V | undefined;
  /**
   * Lives as long as the service does: calls `started` when it is ready, and returns when `shutdown` aborts. What it
   * throws is its failure. It is cancelled when its grace is over, and by nothing else.
   */
  run(context: RunContext<V, D>): unknown;
  /** How long it may take to call `started`, before it has failed; 60 s by default. */
  readonly ready?: { readonly within?: Duration | undefined } | undefined;
  /**
   * Asks again and again whether it is well, from when it is ready until it is asked to stop. A check that returns false or
   * throws has failed, and so has one that is cancelled at its timeout.
   */
  readonly health?: (CheckTiming & { readonly check: (context: CheckContext<V>) => unknown }) | undefined;
  /** How long it may be silent once it is ready, before it is stopped and has failed; `heartbeat()` breaks the silence. */
  readonly watchdog?:
    | Duration
    | { readonly within: Duration; readonly onFailure?: OnTrip | undefined }
    | undefined;
  /** `grace`: how long it has from the request until its scope is cancelled; 10 s by default. */
  readonly stop?: { readonly grace?: Duration | undefined } | undefined;
  /** After every instance, however it ended: in order, each step whatever became of those before it. */
  readonly cleanup?: CleanupStep<V> | readonly CleanupStep<V>[] | undefined;
}

/** A readiness or health condition of a process, as in `supervisor.yaml`: `{ tcp: 5432, within: '10s' }`. */
export type ConditionOptions = Readonly<Record<string, unknown>>;

/** A service that is a process: the keys that a service has in `supervisor.yaml`, but `log`, `profiles` and `labels`. */
export interface ProcessOptions<N extends string = string> extends Common<DependsOn, N> {
  /** A list is executed as it is, a text by `/bin/sh -c`. */
  readonly command: string | readonly string[];
  /** Before every instance: in order, each once the last one has ended; the first that fails is its failure. */
  readonly before?: readonly (string | readonly string[])[] | undefined;
  /** By default the working directory of the program. */
  readonly cwd?: string | undefined;
  /** Over the inherited environment; a null takes a variable away, undefined leaves it alone. */
  readonly env?: Readonly<Record<string, string | number | boolean | null | undefined>> | undefined;
  readonly envFile?: string | readonly string[] | undefined;
  /** Whether the environment of the program is inherited, or which names of it; true by default. */
  readonly envInherit?: boolean | readonly string[] | undefined;
  readonly user?: string | number | undefined;
  readonly group?: string | number | undefined;
  /** Three octal digits: `'027'`. */
  readonly umask?: string | undefined;
  readonly nice?: number | undefined;
  /** By the names of setrlimit, in its units: `{ nofile: 1024 }`. */
  readonly limits?: Readonly<Record<string, unknown>> | undefined;
  /** By default it is ready when it has been spawned. */
  readonly ready?: ConditionOptions | undefined;
  /** A condition with the keys of `CheckTiming` beside it. */
  readonly health?: ConditionOptions | undefined;
  readonly watchdog?: Duration | Readonly<Record<string, unknown>> | undefined;
  readonly restart?:
    | RestartOptions['policy']
    | (RestartOptions & { readonly successCodes?: readonly number[] | undefined })
    | undefined;
  readonly stop?:
    | {
        /** SIGTERM by default. */
        readonly signal?: string | undefined;
        /** How long it has from the request until it is killed, with all its processes; 10 s by default. */
        readonly grace?: Duration | undefined;
        /** Runs instead of the signal. */
        readonly command?: string | readonly string[] | undefined;
        /** What the signal goes to: its process group, the default, or its main process. */
        readonly target?: 'group' | 'main' | undefined;
      }
    | undefined;
  /** After every instance: in order, each command whatever became of those before it, 5 s at most by default. */
  readonly cleanup?:
    | readonly (
        | string
        | readonly string[]
        | { readonly run: string | readonly string[]; readonly timeout?: Duration | undefined }
      )[]
    | undefined;
}

/** A service of a program, made by `defineService`; `V` is what it reports, `N` its name. */
export interface ServiceDefinition<V = Reported, N extends string = string> {
  readonly name: N;
  /** As they were given; what it reports is of no account here. */
  readonly options: TaskOptions | ProcessOptions;
  /** A type only: it is never there. */
  readonly reports?: V | undefined;
}

/**
 * Defines a service: a function of this program, `run`, or a process, `command`. Nothing runs before `supervise` is given
 * it, and what is wrong with it is told there, but that it has both or neither: that throws a `TypeError`.
 *
 * What it reports by `started` is a type that no compiler finds in its body: say it by `reports`, `{} as { port: number }`,
 * or as the type argument. Those that depend on it get it by `values`, which is refused for a service that is not in
 * `dependsOn`; with the type argument the compiler knows those by what they report alone. A process reports texts.
 */
export function defineService<
  const N extends string,
  const D extends DependsOn = readonly [],
  V extends Reported = Reported,
>(options: TaskOptions<V, D, N>): ServiceDefinition<V, N>;
/** Defines a service that is a function; `V` is what it reports. */
export function defineService<V extends Reported>(options: TaskOptions<V>): ServiceDefinition<V>;
/** Defines a service that is a process; it reports texts. */
export function defineService<const N extends string>(
  options: ProcessOptions<N>,
): ServiceDefinition<Readonly<Record<string, string>>, N>;
export function defineService({ ...options }: TaskOptions | ProcessOptions): ServiceDefinition {
  const { name } = options;
  if (isFunction(options) === isProcess(options)) {
    throw new TypeError(`Cannot define "${name}": give it either "run", a function, or "command", a program`);
  }
  return Object.freeze({ name, options: Object.freeze(options) });
}

/** What is undefined is as good as not there. */
export function isFunction(options: TaskOptions | ProcessOptions): options is TaskOptions {
  return 'run' in options && options.run !== undefined;
}

function isProcess(options: TaskOptions | ProcessOptions): options is ProcessOptions {
  return 'command' in options && options.command !== undefined;
}
