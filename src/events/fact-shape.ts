/**
 * What many facts are made of. Types only.
 */
export interface Of<Type extends string> {
  readonly type: Type;
}
export interface OfService<Type extends string> extends Of<Type> {
  readonly service: string;
  /** The instance's number, from 1; 0 before the first one. */
  readonly attempt: number;
}

/** What a service waits for before it starts, and what it does when that is lost, as configured; in milliseconds. */
export interface Dependency {
  readonly service: string;
  readonly condition: 'started' | 'ready' | 'completed' | 'exited';
  readonly optional?: true;
  readonly on_loss?: 'restart' | 'stop';
  readonly after_ms?: number;
  /** How long it is waited for; missing: without a limit. */
  readonly timeout_ms?: number;
  /** Of an edge to a replica: the service that it is of, and how many of its replicas are needed. */
  readonly replica_of?: string;
  readonly needs?: 'all' | 'any';
}

/** What a service's definition says of how it is started again and stopped: what became of it can be judged by that. */
export interface ToldDefinition {
  readonly type: 'service' | 'task';
  /** How long it has to become ready; missing: without a limit. */
  readonly within_ms?: number;
  readonly restart: {
    readonly policy: 'no' | 'on-failure' | 'always';
    /** 0: without a limit. */
    readonly max: number;
    readonly window_ms: number;
    readonly reset_after_ms: number;
    readonly delay_ms: number;
    readonly max_delay_ms: number;
    readonly factor: number;
    readonly jitter: number;
    readonly success_codes: readonly number[];
  };
  readonly on_failure: 'shutdown' | 'isolate' | 'ignore';
  /** Missing: nothing follows its end. */
  readonly on_end?: 'shutdown';
  readonly grace_ms: number;
  /** The limit of each. */
  readonly cleanup_ms: readonly number[];
  /** Missing: it has none. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly replica_of?: string;
}

/**
 * Why an instance is asked to end. `trip`: a monitor of its own; `isolate`: what it needs failed for good; `not-ready`: its readiness
 * can't hold any more, or not in time.
 */
export interface StopCause {
  readonly kind:
    | 'request'
    | 'restart'
    | 'lease'
    | 'reload'
    | 'rollback'
    | 'scale'
    | 'shutdown'
    | 'loss'
    | 'isolate'
    | 'trip'
    | 'not-ready';
  /** What was asked for. */
  readonly request?: string;
  /** What was lost, or has failed. */
  readonly service?: string;
}

/**
 * What a service reported with `started(values)`: texts by name. The names are its own: `toString` and `__proto__` are
 * names like others, and nothing is there that it didn't report.
 */
export type Values = Readonly<Record<string, string>>;

/** Undefined: it was not reported. */
export function reportedValue(values: Values, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** How a child of ours ended. */
export type ChildExit =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string };

/** How a function of this program ended that stood in the place of a process. */
export type CallExit =
  | { readonly kind: 'call'; readonly outcome: 'returned' | 'cancelled' }
  /** `error` is its name and message. */
  | { readonly kind: 'call'; readonly outcome: 'threw'; readonly error: string };

/** How a main process, or what stands for one, ended; `unknown`: it was no child of ours, and left no word. */
export type Exit = ChildExit | CallExit | { readonly kind: 'unknown' };

/** Of a process that has ended, and of all that it had waited for (getrusage(2)). */
export interface ExitUsage {
  readonly cpuMs: number;
  /** The most that one of them has held. */
  readonly peakBytes: number;
}
