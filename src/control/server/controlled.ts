/**
 * A run as the control socket has it, and what it makes of a question. Types, and how answers are put.
 */
import type { Command, RequestOptions, Ticket } from '../../engine/requests/command.ts';
import type { Picture } from '../picture/picture.ts';
import type { EventHistory } from './event-history.ts';
import type { LogHistory } from './log-history.ts';
import type { JsonStream } from './stream.ts';

/** What asks for the end of a run. */
export interface DownRequest {
  /** What is still there is killed, as by a second signal. */
  readonly now: boolean;
  /** In place of the budget of the configuration. */
  readonly budgetMs: number | undefined;
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
  readonly picture: Picture;
  readonly events: EventHistory;
  readonly logs: LogHistory;
  /** Milliseconds on the scale of the events. */
  readonly nowMs: () => number;
  /** Of this system, by their names. */
  readonly signals: ReadonlySet<string>;
  /** Those that were accepted, the oldest of very many left out. */
  readonly tickets: ReadonlyMap<string, Ticket>;
  /** The name that is nearest to one that nobody has. */
  suggest(name: string, names: readonly string[]): string | undefined;
  /** In the order of the calls. Never rejects. */
  submit(command: Command, options: RequestOptions): Promise<Ticket>;
  /** What the files say now, as a command; or everything that is wrong with them, a sentence each. */
  readAgain(noRollback: boolean): Promise<Command | { readonly problems: readonly string[] }>;
  down(request: DownRequest): void;
}

/** What can be sent at once: a value, or a text. */
export type WholeReply =
  | { readonly kind: 'json'; readonly status: number; readonly body: object }
  | { readonly kind: 'text'; readonly status: number; readonly type: string; readonly text: string };

/** What a route makes: that, or a stream that it feeds as long as it likes. */
export type Reply =
  | WholeReply
  | { readonly kind: 'stream'; readonly feed: (stream: JsonStream) => void | Promise<void> };

export interface Asked {
  /** By the names in the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed; undefined: there was none. */
  readonly body: unknown;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

export function text(status: number, body: string, type = 'text/plain'): WholeReply {
  return { kind: 'text', status, type, text: body };
}

export function json(status: number, body: object): WholeReply {
  return { kind: 'json', status, body };
}

export function unknownService({ run, picture, suggest }: Controlled, name: string): WholeReply {
  const near = suggest(name, picture.names);
  const hint = near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
  return problem(run, 404, 'unknown-service', `there is no service ${JSON.stringify(name)}${hint}`);
}

export function problem(run: string, status: number, code: string, message: string): WholeReply {
  return json(status, { run, error: { code, message } });
}
