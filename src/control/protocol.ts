/**
 * What is said over the control socket: HTTP with JSON, and streams of one JSON value a line. Types only.
 *
 * Names are those of events: words with underscores, milliseconds with `_ms`, on the scale of the run.
 */

import type { OrderlyEvent, Survivor, WaitingFor } from '../events/event.ts';
import type { Values } from '../events/fact-shape.ts';
import type { PlannedChange, RequestLine } from '../events/request-fact.ts';
import type { ServiceState } from '../events/state-table.ts';

/** Where the paths begin. */
export const API = '/v1';

/** The run that answers. Every answer bears its name. */
export interface RunAnswer {
  readonly run: string;
  readonly name: string;
  readonly pid: number;
  readonly version: string;
  /** The first configuration file. */
  readonly file: string;
  /** ISO 8601. */
  readonly since: string;
  /** It stays in the background. */
  readonly is_detached: boolean;
  /** Now, on the scale of `ms`. */
  readonly now_ms: number;
  /** Of the last event. */
  readonly seq: number;
  readonly generation: number;
  /** Where clients come in besides its socket; missing: nowhere. */
  readonly listen?: ApiPortAnswer;
  /** Why it goes down, a clause; missing: it doesn't. */
  readonly shutdown?: string;
}

/** A port, as `up --listen` opens it. */
export interface ApiPortAnswer {
  readonly url: string;
  /** The file with the token that clients must know there. */
  readonly token_file: string;
}

/** What is wanted of a service, and who asked for that. */
export interface WantedAnswer {
  readonly want: 'up' | 'down';
  readonly wish: number;
  /** It has not had what it is wanted for, nor failed for good. */
  readonly open: boolean;
  readonly since_ms: number;
  readonly by: string;
  /** Missing: the start of the run. */
  readonly request?: string;
  readonly reason?: string;
  readonly along?: readonly string[];
}

export interface ServiceAnswer {
  readonly service: string;
  readonly state: ServiceState;
  readonly since_ms: number;
  readonly attempt: number;
  readonly wanted: WantedAnswer;
  /** Restarts after failures: since the last wish, and in this run. */
  readonly restarts: { readonly since_wish: number; readonly all: number };
  /** Where it was asked for: of what of it runs. */
  readonly usage?: UsageAnswer;
  readonly labels?: Readonly<Record<string, string>>;
  /** The service that it is a replica of. */
  readonly replica_of?: string;
  readonly pid?: number;
  /** By what it is known to be ready. */
  readonly evidence?: string;
  readonly values?: Values;
  /** Why it isn't healthy. */
  readonly unhealthy?: string;
  readonly waiting_for?: readonly WaitingFor[];
  /** When it will be killed, or started again. */
  readonly until_ms?: number;
  /** Why it is where it is, a clause. */
  readonly why?: string;
}

/** What the processes of an instance use, and where they listen. */
export interface UsageAnswer {
  readonly processes: number;
  /** Since the instance was started; it never falls. */
  readonly cpu_seconds: number;
  /** Of one processor, on the average since then. */
  readonly cpu_percent: number;
  /** What they share counts for each. */
  readonly resident_bytes: number;
  readonly listens: readonly ListenAnswer[];
  /** It may listen elsewhere too: not all of its processes show what they hold. */
  readonly hidden?: true;
}

export type ListenAnswer =
  | { readonly protocol: 'tcp' | 'udp'; readonly address: string; readonly port: number }
  /** As it was bound; abstract ones begin with `@`. */
  | { readonly protocol: 'unix'; readonly path: string };

export interface ServicesAnswer {
  readonly run: string;
  readonly now_ms: number;
  readonly seq: number;
  readonly services: readonly ServiceAnswer[];
}

/** What a request was answered: it is being done, or it would be. */
export interface AcceptedAnswer {
  readonly run: string;
  readonly request: string;
  readonly kind: 'accepted';
  /** Of the last event, when it was planned. */
  readonly seq: number;
  readonly plan: readonly PlannedChange[];
  readonly worst_ms: number;
  readonly replaces: readonly string[];
}

/** The first line of a lease's stream. */
export interface LeaseAnswer extends AcceptedAnswer {
  readonly lease: string;
}

/** A line of a lease's stream: what was answered, and how the start ended. */
export type LeaseLine = LeaseAnswer | SettledAnswer;

export interface RefusedAnswer {
  readonly run: string;
  readonly request: string;
  readonly kind: 'refused';
  readonly code: string;
  readonly why: string;
  /** 1: it can't be done now; 2: it was wrong. */
  readonly status: 1 | 2;
}

/** How it ended. */
export interface SettledAnswer {
  readonly run: string;
  readonly request: string;
  readonly kind: 'settled';
  readonly outcome: string;
  readonly services: readonly RequestLine[];
  readonly why?: string;
  readonly by?: string;
  readonly status: 0 | 1 | 2 | 3;
}

/** It is not settled yet. */
export interface OpenAnswer {
  readonly run: string;
  readonly request: string;
  readonly kind: 'open';
}

/** What came of a request, or that it is not settled yet. */
export type RequestAnswer = SettledAnswer | OpenAnswer;

/** Everything goes down: it is being done. */
export interface DownAnswer {
  readonly run: string;
}

export interface ErrorAnswer {
  readonly run: string;
  readonly error: { readonly code: string; readonly message: string };
}

/** A line that a service wrote. */
export interface LogAnswer {
  readonly service: string;
  readonly attempt: number;
  readonly stream: 'stdout' | 'stderr';
  readonly time: string;
  readonly ms: number;
  readonly text: string;
  /** The line goes on in the next one of this stream. */
  readonly partial?: true;
}

/** So many lines, or events, are missing here: they went out faster than they were read. */
export interface DroppedAnswer {
  readonly dropped: number;
}

/** A line of the stream of events. */
export type EventLine = OrderlyEvent | DroppedAnswer;

/** A line of the stream of what services wrote. */
export type LogLine = LogAnswer | DroppedAnswer;

/** The end of a run, as whoever asked for it is told. */
export interface FinishedAnswer {
  readonly status: number;
  readonly cause: string;
  readonly survivors: readonly Survivor[];
}

/** Why a service is where it is. */
export interface WhyAnswer {
  readonly run: string;
  readonly service: string;
  readonly generation: number;
  readonly at_seq: number;
  readonly wanted: WantedAnswer;
  readonly state: ServiceAnswer;
  /** From the service to the root of it. */
  readonly chain: readonly WhyLink[];
  readonly next: WhyNext;
  /** What would help; none: nothing is needed. */
  readonly commands: readonly { readonly argv: readonly string[]; readonly why: string }[];
  /** What a person is shown. */
  readonly text: string;
}

/** One thing that led to what comes before it. */
export interface WhyLink {
  readonly text: string;
  readonly service?: string;
  readonly kind: 'state' | 'request' | 'shutdown' | 'exit' | 'health' | 'note' | 'output' | 'missing';
  /** Of the event that tells it. */
  readonly ms: number;
  readonly seq: number;
}

/** What comes next. */
export interface WhyNext {
  readonly text: string;
  /** Of an armed timer. */
  readonly at_ms?: number;
  /** The condition, where there is none. */
  readonly when?: string;
  /** What follows after that. */
  readonly afterwards?: string;
}
