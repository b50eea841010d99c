/**
 * What somebody can ask of a graph that runs, and what is answered. Types only.
 */
import type { ServiceConfig } from '../../config/types.ts';
import type { Plan } from '../../graph/plan-run.ts';
import type { DifferenceClass } from './difference.ts';

interface Named<Kind extends string> {
  readonly kind: Kind;
  /** Names of services; `*` and `?` stand for any characters and any one. */
  readonly names: readonly string[];
  /** `key` or `key=value`: only what has all of these labels is meant; without names, of all services. */
  readonly labels?: readonly string[] | undefined;
}

export type Command =
  /** With what they need, unless `noDeps`. */
  | (Named<'start'> & {
      readonly noDeps?: boolean | undefined;
      /** The client that holds what was not wanted up: it is stopped when that client releases it. */
      readonly lease?: string | undefined;
      /** That client runs a command which needs them: in a shutdown it goes first. */
      readonly forCommand?: boolean | undefined;
    })
  /** That client has left: what it alone holds is stopped. No names: it holds them. */
  | (Named<'release'> & { readonly lease: string })
  /** With what needs them, unless `noDeps`; `graceMs` in place of their own, 0 for a kill at once. */
  | (Named<'stop'> & { readonly noDeps?: boolean | undefined; readonly graceMs?: number | undefined })
  | (Named<'restart'> & {
      /** What needs them too, and is not at rest. */
      readonly withDependents?: boolean | undefined;
      /** What reacts to losses takes no notice. */
      readonly noDeps?: boolean | undefined;
      /** What is at rest is left alone. */
      readonly ifUp?: boolean | undefined;
      /** Of replicas that are meant by the name of their service: how many are replaced at the same time; 1 by default. */
      readonly parallel?: number | undefined;
      /** How long one has to be ready until the next is replaced, in milliseconds; 0 by default. */
      readonly settleMs?: number | undefined;
    })
  | (Named<'signal'> & { readonly signal: NodeJS.Signals; readonly whom?: 'main' | 'group' | 'tree' })
  /** For all of them, or `any`. */
  | (Named<'wait'> & {
      readonly until: 'ready' | 'completed' | 'stopped' | 'healthy';
      readonly any?: boolean | undefined;
    })
  | GraphCommand;

/** Changes the graph itself; without `noRollback` a failure leads back to what was in force before. */
export type GraphCommand = {
  /** No names: what they are of is in the plan. */
  readonly names: readonly string[];
  readonly noRollback?: boolean | undefined;
} /** What is added and not `selected` rests until somebody asks for it; left out: all are. */ & (
  | { readonly kind: 'reload'; readonly plan: Plan; readonly selected?: ReadonlySet<string> | undefined }
  /** One more; its dependencies must be there. */
  | { readonly kind: 'add'; readonly service: ServiceConfig }
  /** These fewer; nothing that stays may depend on them. */
  | { readonly kind: 'remove' }
  /** That many replicas of each; what fails of them stays. */
  | { readonly kind: 'scale'; readonly replicas: number }
);

export function isGraphCommand(command: Command): command is GraphCommand {
  return GRAPH_COMMANDS.has(command.kind);
}

const GRAPH_COMMANDS: ReadonlySet<Command['kind']> = new Set(['reload', 'add', 'remove', 'scale']);

export interface RequestOptions {
  /** The same again is the same request. */
  readonly id?: string | undefined;
  /** Answers what would be done, and does nothing. */
  readonly dryRun?: boolean | undefined;
  /** The number of an event: refused if anything was planned or moved since. */
  readonly expect?: number | undefined;
  /** Refused if it would replace another one. */
  readonly failIfBusy?: boolean | undefined;
  /** Who asks, as it calls itself; printable. */
  readonly client?: string | undefined;
}

/** What was asked for besides names, as a record tells it. */
export function describeOptions(command: Command): Readonly<Record<string, string | number | boolean>> {
  const told: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(command)) {
    if (name === 'kind' || !PLAIN.has(typeof value)) continue;
    told[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] = value as string | number | boolean;
  }
  return told;
}

const PLAIN: ReadonlySet<string> = new Set(['string', 'number', 'boolean']);

/**
 * What is done with one service. `start` and `restart` are new wishes; `lift` takes back a stop, and no more. Of a change of
 * the graph: `add`, `remove`; `redefine`, its next instance has the new definition, or all of it has at the switch;
 * `retire`, what began with a reload goes, and doesn't come again; `follow`, it gives way and comes back by its edges.
 */
export interface Change {
  readonly service: string;
  readonly change:
    | 'start'
    | 'lift'
    | 'stop'
    | 'restart'
    | 'signal'
    | 'add'
    | 'remove'
    | 'redefine'
    | 'retire'
    | 'follow';
  /** It is in the request's own list. */
  readonly isNamed: boolean;
  /** Of a stop: the named ones that it goes along with; of what follows: what it gives way to. */
  readonly along?: readonly string[];
  /** What is different in its definition, and what that needs. */
  readonly keys?: readonly string[];
  readonly class?: DifferenceClass;
  /** Of what is added: it may be that one under another name. */
  readonly likely?: string;
}

export type RefusalCode =
  | 'unknown-service'
  | 'shutting-down'
  | 'changed'
  | 'busy'
  | 'not-running'
  | 'cannot-start'
  /** The graph would not be sound. */
  | 'invalid';

export type Answer =
  | {
      readonly kind: 'accepted';
      /** Of the last event, when it was planned. */
      readonly seq: number;
      readonly plan: readonly Change[];
      /** The longest that what stops for it may take, in milliseconds. */
      readonly worstMs: number;
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
