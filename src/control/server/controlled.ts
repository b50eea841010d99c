/**
 * A run as the control socket has it, and what it makes of a question. Types, and how answers are put.
 */
import type { Command, RequestOptions, Settlement, Ticket } from '../../engine/requests/command.ts';
import { type Choice, chooseMembers, type Member } from '../../engine/requests/match-names.ts';
import type { OwnUsage, TreeUsage, UsageWanted } from '../../process/usage-ports.ts';
import type { Picture } from '../picture/picture.ts';
import type { ApiPortAnswer, ErrorAnswer } from '../protocol.ts';
import type { EventHistory } from './event-history.ts';
import type { LogHistory } from './log-history.ts';
import type { Counters } from './metrics/counters.ts';
import type { JsonStream } from './stream.ts';

/** What asks for the end of a run. */
export interface DownRequest {
  /** What is still there is killed, as by a second signal. */
  readonly now: boolean;
  /** In place of the budget of the configuration. */
  readonly budgetMs: number | undefined;
}

/** A request that was accepted. */
export interface KnownTicket {
  readonly settled: Promise<Settlement>;
  /** Undefined: it isn't settled yet. */
  readonly settlement: Settlement | undefined;
}

/** A run as it can be commanded. */
export interface Controlled {
  readonly run: string;
  readonly name: string;
  readonly pid: number;
  readonly version: string;
  readonly file: string;
  readonly since: string;
  readonly isDetached: boolean;
  /** Where clients come in besides its socket; left out, or undefined: nowhere. */
  readonly listen?: () => ApiPortAnswer | undefined;
  readonly picture: Picture;
  readonly counters: Counters;
  readonly events: EventHistory;
  readonly logs: LogHistory;
  /** Milliseconds on the scale of the events. */
  readonly nowMs: () => number;
  /** Of this system, by their names. */
  readonly signals: ReadonlySet<string>;
  /** Those that were accepted, the oldest of very many left out. */
  readonly tickets: ReadonlyMap<string, KnownTicket>;
  /** The description of the API, as text. Rejects if it isn't there. */
  readonly apiDocument: () => Promise<string>;
  /** What this program uses. */
  ownUsage(): Promise<OwnUsage>;
  /** What living instances use, by service. Never rejects. */
  treeUsage(wanted?: UsageWanted): Promise<ReadonlyMap<string, TreeUsage>>;
  /** The name that is nearest to one that nobody has. */
  suggest(name: string, names: readonly string[]): string | undefined;
  /** In the order of the calls. Never rejects. */
  submit(command: Command, options: RequestOptions): Promise<Ticket>;
  /** Makes sure that what was not selected can be started by this; everything that stands against it, a sentence each. */
  admit(choice: Choice): Promise<readonly string[]>;
  /** What the files say now, as a command; or everything that is wrong with them, a sentence each. `isDry`: nothing will come of it. */
  readAgain(noRollback: boolean, isDry: boolean): Promise<Command | { readonly problems: readonly string[] }>;
  /** A name that no lease of this run has had. */
  nextLease(): string;
  down(request: DownRequest): void;
}

/** What can be sent at once: a value, or a text. */
export type WholeReply =
  | {
      readonly kind: 'json';
      readonly status: number;
      readonly body: object;
      /** The methods that are there, where one was asked for that isn't. */
      readonly allow?: readonly string[];
    }
  | { readonly kind: 'text'; readonly status: number; readonly type: string; readonly text: string };

/** What a route makes: that, or a stream that it feeds as long as it likes. */
export type Reply =
  | WholeReply
  | { readonly kind: 'stream'; readonly feed: (stream: JsonStream) => void | Promise<void> };

export interface Asked {
  /** By the names in the path. */
  readonly path: Readonly<Record<string, string>>;
  /** As its route takes it, without the flags that are false. */
  readonly query: URLSearchParams;
  /** Parsed; undefined: there was none. */
  readonly body: unknown;
  /** Who asks, as it calls itself, printable. */
  readonly client: string | undefined;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

export function text(status: number, body: string, type = 'text/plain'): WholeReply {
  return { kind: 'text', status, type, text: body };
}

export function json(status: number, body: object): WholeReply {
  return { kind: 'json', status, body };
}

export function wrongMethod(run: string, path: string, allow: readonly string[]): WholeReply {
  const body = errorAnswer(run, 'wrong-method', `${path} takes ${allow.join(', ')}`);
  return { kind: 'json', status: 405, body, allow };
}

export function unknownService({ run, picture, suggest }: Controlled, name: string): WholeReply {
  const near = suggest(name, picture.names);
  const hint = near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
  return problem(run, 404, 'unknown-service', `there is no service ${JSON.stringify(name)}${hint}`);
}

/** The names of those that a question is about: all, if it names none and no labels; or what to answer if there are none. */
export function chosenServices(
  { run, picture, suggest }: Controlled,
  choice: Choice,
): ReadonlySet<string> | WholeReply {
  const { names, labels = [] } = choice;
  if (names.length + labels.length === 0) return new Set(picture.names);
  const members = picture.names.map((name): Member => {
    const { labels = {}, replica_of: replicaOf } = picture.about(name);
    return { name, labels, replicaOf };
  });
  const chosen = chooseMembers(choice, members, suggest);
  return 'why' in chosen ? problem(run, 404, 'unknown-service', chosen.why) : chosen.found;
}

export function problem(run: string, status: number, code: string, message: string): WholeReply {
  return json(status, errorAnswer(run, code, message));
}

function errorAnswer(run: string, code: string, message: string): ErrorAnswer {
  return { run, error: { code, message } };
}
