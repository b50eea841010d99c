/**
 * The validated configuration: every default filled in, durations in milliseconds, paths absolute, frozen.
 *
 * Plain data. It is made by `load-config.ts`; everything after it only reads.
 */
import type { EnvFrom } from './env-from-types.ts';
import type { Hooks } from './hook-types.ts';
import type { RightsConfig } from './rights-types.ts';

export type { Limit, LimitName, RightsConfig } from './rights-types.ts';

/** A piece of a template that is filled in when an instance starts: a value another service reported. */
export interface ValueReference {
  readonly service: string;
  readonly value: string;
}

/** A text whose environment variables are already filled in; the parts are there if it waits for reported values. */
export type Template = string | readonly (string | ValueReference)[];

/** A function of this very program, by its name; whoever made the configuration knows which one it stands for. */
export interface Call {
  readonly kind: 'call';
  readonly name: string;
}

/** What to execute: a list as it is, or a script for `/bin/sh -c`. In a configuration made by a program also a call. */
export type Command =
  | { readonly kind: 'exec'; readonly argv: readonly Template[] }
  | { readonly kind: 'shell'; readonly script: Template }
  /** Nothing: somebody else runs it. */
  | { readonly kind: 'external' }
  | Call;

/** When a condition is tried, and how long; in milliseconds. */
export interface ConditionTiming {
  /** Deadline of the whole condition, from the spawn; undefined: none. */
  readonly withinMs: number | undefined;
  /** Limit of one attempt. */
  readonly timeoutMs: number;
  /** Pause between attempts; undefined: 20 ms at first, growing to 500 ms. */
  readonly intervalMs: number | undefined;
  /** How many attempts must succeed in a row. */
  readonly successes: number;
}

/** The statuses of HTTP that count, or `any` answer; undefined: 200 to 399. */
type WantedStatus = number | readonly number[] | 'any' | undefined;

/** What has to hold; the delay is in milliseconds. */
export type ConditionKind =
  | {
      readonly kind: 'tcp';
      readonly host: string;
      /** Tried where nobody of the service accepts at the first one. */
      readonly orHost?: string;
      readonly port: Template;
      readonly owner: 'service' | 'any';
    }
  | {
      readonly kind: 'http';
      readonly url: Template;
      readonly status: WantedStatus;
      /** The certificate may be any. */
      readonly insecure?: true;
      readonly headers: Readonly<Record<string, Template>>;
      readonly owner: 'service' | 'any';
    }
  | { readonly kind: 'exec'; readonly command: Command }
  | { readonly kind: 'call'; readonly command: Call }
  | { readonly kind: 'log'; readonly pattern: string; readonly ignoreCase?: true }
  | { readonly kind: 'file'; readonly path: Template }
  | { readonly kind: 'unix'; readonly path: Template; readonly owner: 'service' | 'any' }
  | { readonly kind: 'notify'; readonly protocol: 'fd' | 'node' | 'systemd' | 'call' }
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] };

/** A readiness or health condition. */
export type Condition = ConditionKind & ConditionTiming;

/** What a service waits for: spawned, ready, ended with success, or ended however. */
export type EdgeCondition = 'started' | 'ready' | 'completed' | 'exited';

/** One entry of `depends_on`; the timeout is in milliseconds. */
export interface Edge {
  readonly service: string;
  readonly condition: EdgeCondition;
  /** Wait for it while it is coming, but go on without it. */
  readonly optional: boolean;
  /** How long the dependent waits for this edge, from the moment it could be waited for; undefined: no limit. */
  readonly timeoutMs: number | undefined;
  /** What the dependent does when it is lost; undefined: nothing. */
  readonly onLoss?: OnLoss;
  /** To a service with replicas: whether it needs all of them, the default, or any one. */
  readonly needs?: 'all' | 'any';
  /** To one of the replicas: which service they are of. */
  readonly group?: EdgeGroup;
}

/** The edges to the replicas of one service, which are judged together. */
export interface EdgeGroup {
  readonly name: string;
  readonly needs: 'all' | 'any';
}

/** Whether a service that has lost a dependency is started again, once that is back, or stays down; in milliseconds. */
export interface OnLoss {
  readonly act: 'restart' | 'stop';
  /** How long the dependency may be away first. */
  readonly afterMs: number;
}

/** What follows when a monitor has tripped: the service fails, the whole program goes down, or it is only told. */
export type OnTrip = 'restart' | 'shutdown' | 'report';

/** A check that is repeated from the moment a service is ready until it stops; times in milliseconds. */
export interface HealthConfig {
  /** Its `withinMs`, `intervalMs` and `successes` mean nothing here. */
  readonly condition: Condition;
  readonly intervalMs: number;
  /** Limit of one check. */
  readonly timeoutMs: number;
  /** Checks that must fail in a row until it is unhealthy. */
  readonly failures: number;
  /** Checks that must succeed in a row until it is healthy again. */
  readonly successes: number;
  readonly onFailure: OnTrip;
}

/** How long a service that is ready may be silent, in milliseconds. */
export interface WatchdogConfig {
  readonly withinMs: number;
  /** What breaks the silence: heartbeats over that channel, or any line of output. */
  readonly source: 'fd' | 'node' | 'systemd' | 'call' | 'log';
  readonly onFailure: OnTrip;
}

/** When a service is started again, and after which delay; times in milliseconds. */
export interface RestartPolicy {
  readonly policy: 'no' | 'on-failure' | 'always';
  /** Restarts allowed in a row, and within the window whatever lay between; 0 is no limit. */
  readonly max: number;
  readonly windowMs: number;
  /** Before the first restart; each further one waits `factor` times as long, `maxDelayMs` at most. */
  readonly delayMs: number;
  readonly factor: number;
  readonly maxDelayMs: number;
  /** Share of the delay that is random, 0 to 1. */
  readonly jitter: number;
  /** Being ready this long ends a row: the next failure is the first one again. */
  readonly resetAfterMs: number;
  /** Exit codes that are no failure. */
  readonly successCodes: readonly number[];
}

/** How a service is asked to stop; the grace is in milliseconds. */
export interface StopPolicy {
  readonly signal: NodeJS.Signals;
  /** From the request until it is killed, with all its processes. */
  readonly graceMs: number;
  /** Runs instead of the signal. */
  readonly command: Command | undefined;
  /** What the signal goes to: the process group, or the main process alone. */
  readonly target: 'group' | 'main';
}

/** One command that runs after each instance, for so many milliseconds at most. */
export interface Cleanup {
  readonly run: Command;
  readonly timeoutMs: number;
  /** The timeout is the default one: nobody has said how long it may take, so little of a budget is put aside for it. */
  readonly untimed?: true;
}

/** When it has failed for good: everything goes down, what needs it goes down, or nothing does. */
export type OnFailure = 'shutdown' | 'isolate' | 'ignore';

/** A file that a service's lines are written to. */
export interface LogFile {
  /** Absolute. */
  readonly path: string;
  /** Larger than this it is rotated; Infinity: never. */
  readonly maxBytes: number;
  /** How many rotated files are kept; 0: the file is emptied. */
  readonly keep: number;
  /** The service writes to it itself. */
  readonly direct: boolean;
}

/** What becomes of the lines that a service writes. */
export interface LogConfig {
  /** Its lines bear its name where they are printed. */
  readonly prefix: boolean;
  /** How that name is painted, by words of `schema/color.ts`; undefined: the next colour in turn. */
  readonly color?: string;
  /** They are not printed as text; missing: they are. */
  readonly print?: false;
  readonly file?: LogFile;
}

/** One service of a configuration, every default filled in: `supervise` takes it as it is. */
export interface ServiceConfig {
  readonly name: string;
  readonly type: 'service' | 'task';
  readonly command: Command;
  /** Run before each instance, one after the other; undefined: none are. */
  readonly before?: readonly Command[];
  /** Absolute. */
  readonly cwd: string;
  /** Global `env`, then `env_file`s, then the service's own, later over earlier; not the inherited environment. */
  readonly env: Readonly<Record<string, Template>>;
  /** Which variables of the supervisor's environment are inherited: all, or the names listed. */
  readonly envInherit: true | readonly string[];
  /** Names taken out of the inherited environment (`env: { NAME: null }`); undefined: none. */
  readonly envUnset?: readonly string[];
  /** Undefined: no command prints variables for it. The library runs none. */
  readonly envFrom?: EnvFrom;
  /** Its standard input stays open, and nothing comes; undefined: it is at its end from the start. */
  readonly stdin?: 'open';
  /** Its standard streams are a terminal of its own; undefined: they aren't. */
  readonly terminal?: true;
  /** Undefined: nothing is asked for. */
  readonly rights?: RightsConfig;
  readonly dependsOn: readonly Edge[];
  /** Undefined: a service is ready once spawned, a task once it exited with 0. */
  readonly ready: Condition | undefined;
  readonly health?: HealthConfig;
  readonly watchdog?: WatchdogConfig;
  readonly restart: RestartPolicy;
  readonly onFailure: OnFailure;
  /** Everything goes down once it has ended by itself for good; undefined: nothing follows. */
  readonly onEnd?: 'shutdown';
  readonly stop: StopPolicy;
  readonly cleanup: readonly Cleanup[];
  readonly log: LogConfig;
  /** Undefined: there are none. */
  readonly on?: Hooks;
  readonly profiles: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** How many there are of it; undefined: one, without a number. */
  readonly replicas?: number;
  /** The service that this is a replica of. */
  readonly replicaOf?: string;
  /** The services that it needs and that have no replica now. */
  readonly without?: readonly string[];
}

/** How long a shutdown may take, in milliseconds. */
export interface ShutdownConfig {
  /** `auto` is resolved by the plan: 28 s, or less in a container. */
  readonly budgetMs: number | 'auto';
  /** The most that each service is given of its grace after Ctrl-C. */
  readonly interruptGraceMs: number;
}

/** How the processes of services are kept together. */
export interface ProcessConfig {
  /** Whether services are put into cgroups: if possible, never, or else nothing is started. */
  readonly cgroup: 'auto' | 'off' | 'require';
}

/** A whole configuration: every default filled in, durations in milliseconds, paths absolute. */
export interface Config {
  readonly name: string;
  /** The configuration files, absolute; the first one names the project. */
  readonly files: readonly string[];
  /** The folder of the first file. */
  readonly dir: string;
  readonly shutdown: ShutdownConfig;
  readonly process: ProcessConfig;
  /** Of the whole graph. */
  readonly on: Hooks;
  /** What SIGHUP asks for, unless it says that the terminal was closed. */
  readonly onHangup: 'shutdown' | 'reload';
  /** The one that ended first or last by itself must not have failed, or each of these must succeed; undefined: none may fail. */
  readonly success?: 'first' | 'last' | readonly string[];
  /** In the order of the file. */
  readonly services: readonly ServiceConfig[];
}
