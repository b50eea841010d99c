/**
 * What somebody can ask of a graph that runs, and what is answered. Types only.
 */

interface Named<Kind extends string> {
  readonly kind: Kind;
  /** Names of services; `*` and `?` stand for any characters and any one. */
  readonly names: readonly string[];
}

export type Command =
  /** With what they need, unless `noDeps`. */
  | (Named<'start'> & { readonly noDeps?: boolean | undefined })
  /** With what needs them, unless `noDeps`; `graceMs` in place of their own, 0 for a kill at once. */
  | (Named<'stop'> & { readonly noDeps?: boolean | undefined; readonly graceMs?: number | undefined })
  | (Named<'restart'> & {
      /** What needs them too, and is not at rest. */
      readonly withDependents?: boolean | undefined;
      /** What reacts to losses takes no notice. */
      readonly noDeps?: boolean | undefined;
      /** What is at rest is left alone. */
      readonly ifUp?: boolean | undefined;
    })
  | (Named<'signal'> & { readonly signal: NodeJS.Signals; readonly whom?: 'main' | 'group' | 'tree' })
  /** For all of them, or `any`. */
  | (Named<'wait'> & {
      readonly until: 'ready' | 'completed' | 'stopped' | 'healthy';
      readonly any?: boolean | undefined;
    });

export interface RequestOptions {
  /** The same again is the same request. */
  readonly id?: string | undefined;
  /** Answers what would be done, and does nothing. */
  readonly dryRun?: boolean | undefined;
  /** The number of an event: refused if anything was planned or moved since. */
  readonly expect?: number | undefined;
  /** Refused if it would replace another one. */
  readonly failIfBusy?: boolean | undefined;
}

/** What is done with one service. `start` and `restart` are new wishes; `lift` takes back a stop, and no more. */
export interface Change {
  readonly service: string;
  readonly change: 'start' | 'lift' | 'stop' | 'restart' | 'signal';
  /** It is in the request's own list. */
  readonly isNamed: boolean;
  /** Of a stop: the named ones that it goes along with. */
  readonly along?: readonly string[];
}

export type RefusalCode =
  | 'unknown-service'
  | 'shutting-down'
  | 'changed'
  | 'busy'
  | 'not-running'
  | 'cannot-start';

export type Answer =
  | {
      readonly kind: 'accepted';
      /** Of the last event, when it was planned. */
      readonly seq: number;
      readonly plan: readonly Change[];
      /** The requests whose work it undoes. */
      readonly replaces: readonly string[];
    }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly why: string };

export interface ServiceLine {
  readonly service: string;
  readonly outcome: 'reached' | 'failed' | 'replaced' | 'abandoned' | 'unfinished';
  readonly why?: string;
  /** What was not clean about it: killed, or a clean-up failed. */
  readonly troubles?: readonly string[];
}

/** How a request ended, once. */
export interface Settlement {
  readonly outcome: 'reached' | 'unchanged' | 'failed' | 'replaced' | 'abandoned' | 'refused';
  readonly services: readonly ServiceLine[];
  /** A clause; undefined: it went well. */
  readonly why?: string;
  /** The request that took its place. */
  readonly by?: string;
  /** 0: reached; 1: not; 2: refused; 3: reached, but not cleanly. */
  readonly status: 0 | 1 | 2 | 3;
}

/** A request as whoever made it holds it. */
export interface Ticket {
  readonly id: string;
  readonly answer: Answer;
  /** Settles once. Never rejects. */
  readonly settled: Promise<Settlement>;
}
