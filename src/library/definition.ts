/**
 * What a program says of a service: a function of its own, or a process. Types, and the one function that makes one.
 *
 * The keys are those of `supervisor.yaml` in camel case, with the same defaults, and durations are written as there:
 * `250ms`, `2s`, `1m30s`. What is wrong with them is said by `supervise`, all at once, before anything is started.
 */
import type { CheckContext, CleanupContext, RunContext, ServiceReference } from '../tasks/run-context.ts';
import type { Reported } from '../tasks/service-book.ts';

/** `250ms`, `2s`, `1m30s`, `1h`. */
export type Duration = string;

/** How one service depends on another; see `depends_on` of `supervisor.yaml`. */
export interface EdgeOptions {
  readonly condition?: 'started' | 'ready' | 'completed' | 'exited';
  readonly optional?: boolean;
  readonly timeout?: Duration;
  readonly onLoss?: 'keep' | 'restart' | 'stop';
  readonly after?: Duration;
}

/** Definitions or names; or a map, where an edge is to be more than the default. */
export type DependsOn = readonly ServiceReference<unknown>[] | Readonly<Record<string, EdgeOptions>>;

export interface RestartOptions {
  readonly policy?: 'no' | 'on-failure' | 'always';
  readonly max?: number;
  readonly window?: Duration;
  readonly delay?: Duration;
  readonly factor?: number;
  readonly maxDelay?: Duration;
  readonly jitter?: number;
  readonly resetAfter?: Duration;
}

export type OnTripOption = 'restart' | 'shutdown' | 'report';

export interface CheckTiming {
  readonly interval?: Duration;
  readonly timeout?: Duration;
  readonly failures?: number;
  readonly successes?: number;
  readonly onFailure?: OnTripOption;
}

/** One step of a clean-up: a function, or several at the same time; each step has its own limit, 5 s by default. */
export type CleanupStep<V> =
  | ((context: CleanupContext<V>) => unknown)
  | { readonly run: (context: CleanupContext<V>) => unknown; readonly timeout?: Duration }
  | {
      readonly parallel: readonly ((context: CleanupContext<V>) => unknown)[];
      readonly timeout?: Duration;
    };

interface Common {
  /** Letters, digits, `_` and `-`. */
  readonly name: string;
  /** `task`: it ends, and is ready when it has; `service` by default. */
  readonly type?: 'service' | 'task';
  readonly dependsOn?: DependsOn;
  readonly restart?: RestartOptions['policy'] | RestartOptions;
  readonly onFailure?: 'shutdown' | 'isolate' | 'ignore';
}

/** A service that is a function of this program. */
export interface TaskOptions<V = Reported> extends Common {
  /**
   * Lives as long as the service does: calls `started` when it is ready, and returns when `shutdown` aborts. What it
   * throws is its failure.
   */
  readonly run: (context: RunContext<V>) => unknown;
  /** How long it may take to call `started`; 60 s by default. */
  readonly ready?: { readonly within: Duration };
  /** Healthy is a check that returns anything but false; it fails by throwing, too. */
  readonly health?: CheckTiming & { readonly check: (context: CheckContext<V>) => unknown };
  /** How long it may be silent once it is ready; `heartbeat()` breaks the silence. */
  readonly watchdog?: Duration | { readonly within: Duration; readonly onFailure?: OnTripOption };
  /** `grace`: how long it has from the request until its scope is cancelled; 10 s by default. */
  readonly stop?: { readonly grace?: Duration };
  /** In order, each whatever became of those before it, after every instance. */
  readonly cleanup?: CleanupStep<V> | readonly CleanupStep<V>[];
}

/** What a readiness or health condition of a process is, as in `supervisor.yaml`: `{ tcp: 5432, within: '10s' }`. */
export type ConditionOptions = Readonly<Record<string, unknown>>;

/** A service that is a process: every key of `supervisor.yaml` but `log.file`, `profiles` and `labels`. */
export interface ProcessOptions extends Common {
  readonly command: string | readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | number | boolean | null>>;
  readonly envFile?: string | readonly string[];
  readonly envInherit?: boolean | readonly string[];
  readonly user?: string | number;
  readonly group?: string | number;
  readonly umask?: string;
  readonly nice?: number;
  readonly limits?: Readonly<Record<string, unknown>>;
  readonly ready?: ConditionOptions;
  readonly health?: ConditionOptions;
  readonly watchdog?: Duration | Readonly<Record<string, unknown>>;
  readonly restart?:
    | RestartOptions['policy']
    | (RestartOptions & { readonly successCodes?: readonly number[] });
  readonly stop?: {
    readonly signal?: string;
    readonly grace?: Duration;
    readonly command?: string | readonly string[];
    readonly target?: 'group' | 'main';
  };
  readonly cleanup?: readonly (
    | string
    | readonly string[]
    | { readonly run: string | readonly string[]; readonly timeout?: Duration }
  )[];
}

/** A service of a program, made by `defineService`; `V` is what it reports. */
export interface ServiceDefinition<V = Reported> {
  readonly name: string;
  /** As they were given; what it reports is of no account here. */
  readonly options: TaskOptions | ProcessOptions;
  /** A type only: it is never there. */
  readonly reports?: V;
}

/** Defines a service that is a function of this program. Nothing runs before `supervise` is given it. */
export function defineService<V extends Reported = Reported>(options: TaskOptions<V>): ServiceDefinition<V>;
/** Defines a service that is a process; it reports texts. */
export function defineService(options: ProcessOptions): ServiceDefinition<Readonly<Record<string, string>>>;
export function defineService<V extends Reported>(
  options: TaskOptions<V> | ProcessOptions,
): ServiceDefinition<V> {
  const { name } = options;
  if ('run' in options === 'command' in options) {
    throw new TypeError(`Cannot define "${name}": give it either "run", a function, or "command", a program`);
  }
  return Object.freeze({ name, options: Object.freeze({ ...options }) as unknown as TaskOptions });
}
