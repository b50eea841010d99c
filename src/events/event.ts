/**
 * The one stream that tells everything: terminal, JSON, record and status are made from it.
 *
 * Types only. Events are facts; what emits them guarantees `seq` without gaps and `ms` that never falls.
 */
import type { Dependency, Of, OfService, StopCause, ToldDefinition, Values } from './fact-shape.ts';
import type { FailureFacts, FailureKind, FailureReport } from './failure.ts';
import type { RequestFact } from './request-fact.ts';

/**
 * Why everything goes down. `collapse`: a service failed for good, or a monitor of it says so; `ended`: one has ended by itself that was to
 * take everything with it (`on_end: shutdown`); `down`: somebody asked for it, in a program by `stop`, a signal of abortion or
 * cancellation; `done`: nothing is left to run; `output-closed`: nobody reads stdout any more. `parent-gone` is of the command line.
 */
export type ShutdownCause =
  | { readonly kind: 'signal'; readonly signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP' }
  | { readonly kind: 'collapse'; readonly service: string; readonly why: string }
  | { readonly kind: 'ended'; readonly service: string }
  | { readonly kind: 'down'; readonly reason?: string }
  | { readonly kind: 'parent-gone' }
  | { readonly kind: 'output-closed' }
  | { readonly kind: 'done' };

/** What outlived the shutdown: a process, or a function of this program that did not end when it was cancelled. */
export interface Survivor {
  /** Empty: of which service it is can't be told. */
  readonly service: string;
  /** Of a function: that of this program. */
  readonly pid: number;
  /** Of a function: words that say so. */
  readonly command: string;
  /** Why it could not even be asked to end, a clause fit after "it may not be signalled: ". */
  readonly why?: string;
}

/** What a service still waits for while pending. */
export interface WaitingFor {
  readonly service: string;
  /** What that one has to be first: `ready`, say. */
  readonly condition: string;
  /** Where that one is: in which state, or what keeps it down. */
  readonly why: string;
  /** The request that keeps it down. */
  readonly stopped_by?: string;
}

interface Blame {
  /** The service whose failure brought this about; missing: none. */
  readonly due_to?: string;
}

interface OfWish {
  /** The setting of what was wanted of it that this is the end of, as `service.wanted` counts. */
  readonly wish?: number;
}

/**
 * What happened, without number and time. What ends in `_ms` is in milliseconds. `wish`, `generation`, `definitions`, `cause` of a stop and
 * `grace_ms` are missing only in records of versions that didn't tell them.
 */
export type Fact =
  | (Of<'run.started'> & {
      readonly name: string;
      readonly services: readonly string[];
      /** Of each service that has any. */
      readonly dependencies: Readonly<Record<string, readonly Dependency[]>>;
      readonly definitions?: Readonly<Record<string, ToldDefinition>>;
      /** Of the graph; `graph.changed` counts on. */
      readonly generation?: 1;
      /** Nobody who started it waits for it. */
      readonly detached?: true;
      /** Those that start by themselves, the others are stopped; missing: all do. */
      readonly selection?: readonly string[];
      readonly pid: number;
    })
  | (Of<'run.finished'> & {
      readonly status: number;
      readonly cause: string;
      readonly survivors: readonly Survivor[];
      /** What the run failed of: status 1, and 3. */
      readonly failure?: FailureReport;
      /** Whose ends decided the status; missing: those of all. */
      readonly success?: 'first' | 'last' | readonly string[];
    })
  | (OfService<'service.pending'> & { readonly waiting_for: readonly WaitingFor[] })
  /** A command that runs before its instance has been spawned. */
  | (OfService<'service.before'> & { readonly run: string; readonly pid: number | undefined })
  | (OfService<'service.starting'> & {
      readonly pid: number | undefined;
      /** The setting of what is wanted of it that it runs for, as `service.wanted` counts; 1 is that of the start. */
      readonly wish?: number;
      /** Of the graph by which it is defined. */
      readonly generation?: number;
    })
  | (OfService<'service.ready'> & {
      readonly after_ms: number;
      /** By what it is known, a clause. */
      readonly evidence: string;
      readonly values: Values;
    })
  /**
   * It is not ready yet, and for that reason: told while it starts, a second after its launch at the earliest, when the reason is
   * another one than was told last, and once a second at most.
   */
  | (OfService<'service.unready'> & {
      /** What its condition lacked when it was last looked at, a clause: what was asked, and what came back. */
      readonly detail: string;
    })
  /** A check after it was ready has failed so many times in a row that it counts, or its watchdog tripped. */
  | (OfService<'service.unhealthy'> & {
      /** Checks failed in a row; 1 for a watchdog. */
      readonly failures: number;
      /** Why, a clause: what was asked, and what came back. */
      readonly detail: string;
    })
  /** It is as it should be again; follows `service.unhealthy` of the same instance. */
  | OfService<'service.healthy'>
  | (OfService<'service.exited'> & {
      readonly code?: number;
      readonly signal?: string;
      /** Of a function of this program, in place of code and signal. */
      readonly outcome?: 'returned' | 'threw' | 'cancelled';
      readonly error?: string;
      /** It had been asked to stop. */
      readonly asked: boolean;
      /** Processor time of it and of all that it has waited for; missing: the helper alone tells it. */
      readonly cpu_ms?: number;
      /** The most memory (RSS) that it, or one of those, has held; likewise. */
      readonly peak_bytes?: number;
    })
  | (OfService<'service.backoff'> & {
      readonly delay_ms: number;
      readonly failures: number;
      /** Of the failure; missing: it was told by a version that didn't say. */
      readonly kind?: FailureKind;
      /** Restarts in a row, or within the window if they are more, this one included, and the limit; missing: none. */
      readonly restarts?: { readonly used: number; readonly max: number };
      readonly cause: string;
    })
  | (OfService<'service.stopping'> & {
      readonly reason: string;
      readonly cause?: StopCause;
      /** When it will be killed, on the scale of `ms`. */
      readonly deadline_ms: number;
      /** What it is given until then. */
      readonly grace_ms?: number;
    })
  | (OfService<'service.killed'> & {
      readonly reason: string;
      /** What would have to be raised to give it more time; missing: nothing would have helped. */
      readonly settings?: readonly string[];
    })
  | (OfService<'service.cleaning'> & { readonly count: number })
  | (OfService<'service.cleanup'> & {
      readonly run: string;
      readonly code: number | undefined;
      readonly took_ms: number;
      readonly timed_out: boolean;
      /** Why it could not be run, or was cut. */
      readonly error?: string;
    })
  | (OfService<'service.stopped'> &
      Blame &
      OfWish & {
        /** For good: it doesn't come back when what it lost does. */
        readonly spent?: true;
      })
  | (OfService<'service.completed'> &
      OfWish & {
        /** It ended by itself though these need it: a service should run for as long as they do. */
        readonly needed_by?: readonly string[];
        /** What would start it again, or let it run on, a clause. */
        readonly advice?: string;
      })
  /** Its command ended with success, and left processes behind, which are stopped now. */
  | (OfService<'service.background'> & {
      readonly left: readonly { readonly pid: number; readonly command: string }[];
      /** What to write instead, a clause. */
      readonly advice: string;
    })
  | (OfService<'service.failed'> &
      Blame &
      FailureFacts &
      OfWish & {
        /** A person began what failed: nobody else falls with it. */
        readonly contained?: true;
        readonly cause: string;
        readonly advice: string;
        /** The last lines that its last instance wrote. */
        readonly output: readonly string[];
      })
  | (OfService<'service.skipped'> & Blame & OfWish & { readonly because: string })
  | (Of<'shutdown.requested'> & {
      readonly cause: ShutdownCause;
      readonly budget_ms: number | undefined;
      /** The most that each service is given of its grace: somebody waits at a terminal. Missing: all of it. */
      readonly grace_ms?: number;
    })
  | (Of<'shutdown.escalated'> & { readonly level: 2 | 3 })
  | RequestFact
  | (OfService<'service.note'> & { readonly text: string })
  /** Something about the run as a whole that a person should know. */
  | (Of<'run.note'> & { readonly text: string })
  | (Of<'output.dropped'> & {
      readonly lines: number;
      /** Which output of the supervisor its reader couldn't follow; missing: stdout, unless it is a file. */
      readonly stream?: StreamName;
      /** The log file that they are missing in, and the service that it belongs to. */
      readonly file?: string;
      readonly service?: string;
      /** Why, in the system's words; missing: the reader is too slow. */
      readonly cause?: string;
    })
  | (OfService<'log'> & {
      readonly stream: StreamName;
      readonly text: string;
      /** The line was too long for one event and goes on in the next one of this stream. */
      readonly partial?: true;
    });

/** What a line was written to. */
export type StreamName = 'stdout' | 'stderr';

/** The number of an event, and its time. */
export interface Stamp {
  /** Counts from 1 without gaps. */
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Monotonic milliseconds since the start of the run. */
  readonly ms: number;
}

/** A fact with its number and its time: a line of the JSON that `orderly up` writes. Plain data. */
export type OrderlyEvent = Stamp & Fact;

/** Takes every event, in order, at once; must not throw and must not wait. */
export type EventSink = (event: OrderlyEvent) => void;

/**
 * Takes the raw output of services; `chunk` is undefined at the end of a stream. `command`: it is not of the instance but
 * of a command run for it, whose lines must not be mixed with its own. Must not wait, and must not keep the chunk.
 */
export type LogSink = (
  service: string,
  attempt: number,
  stream: StreamName,
  chunk: Buffer | undefined,
  command?: boolean,
) => void;

/** The same of one process. */
export type OutputSink = (stream: StreamName, chunk: Buffer | undefined) => void;

/** What asks a service how it is: until it is ready, or from then on. */
export type ProbeKind = 'readiness' | 'health';

/** `error`: it could not be asked, which says nothing about the service. */
export type ProbeResult = 'success' | 'failure' | 'error';

/**
 * Takes every attempt that came to its end, with how long it took; must not throw and must not wait. No event tells of
 * them.
 */
export type ProbeSink = (service: string, probe: ProbeKind, result: ProbeResult, tookMs: number) => void;
