/**
 * Reads a record piece by piece, as it comes from a file or a pipe: whole lines become a timeline, and what can't be
 * read is a sentence with its line. It keeps no text but the line it is in.
 */

import type { OrderlyEvent } from '../../../events/event.ts';
import { printable } from '../../../events/printable.ts';
import type { Timeline } from '../timeline.ts';
import { TimelineBuilder } from './timeline-builder.ts';

export type ReadRecord =
  /** `cutAt`: the number of the last line, if that was cut off in the middle. */
  | { readonly kind: 'read'; readonly timeline: Timeline; readonly cutAt: number | undefined }
  /** `line` counts from 1; `why` is a clause. */
  | { readonly kind: 'bad'; readonly line: number; readonly why: string };

export class RecordReader {
  readonly #decoder = new TextDecoder();
  readonly #builder = new TimelineBuilder();
  #rest = '';
  #line = 0;
  #bad: { readonly line: number; readonly why: string; readonly isText: boolean } | undefined;

  /** Takes the next bytes. False: there is no need for more, since something is wrong. */
  push(chunk: Uint8Array): boolean {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#take(line);
    return this.#bad === undefined;
  }

  end(): ReadRecord {
    const rest = this.#rest + this.#decoder.decode();
    const wasWhole = this.#bad === undefined;
    if (rest !== '') this.#take(rest);
    // The last line was being written when the run, or the copy of its record, was cut off.
    const isCut = wasWhole && this.#bad?.isText === true;
    if (this.#bad !== undefined && !(isCut && this.#builder.begun)) return { kind: 'bad', ...this.#bad };
    if (!this.#builder.begun) return { kind: 'bad', line: Math.max(1, this.#line), why: 'there is no event' };
    return { kind: 'read', timeline: this.#builder.finish(), cutAt: isCut ? this.#line : undefined };
  }

  #take(line: string): void {
    this.#line += 1;
    if (this.#bad !== undefined) return;
    const parsed = parseLine(line);
    if (parsed.kind === 'passed') return;
    const trouble = parsed.kind === 'bad' ? parsed : this.#add(parsed.event);
    if (trouble !== undefined) this.#bad = { line: this.#line, ...trouble };
  }

  #add(event: Parameters<TimelineBuilder['add']>[0]): { why: string; isText: boolean } | undefined {
    const why = this.#builder.add(event);
    return why === undefined ? undefined : { why, isText: false };
  }
}

// One line of a record as an event, checked just enough to be drawn, and its texts made printable. Pure.
//
// Unknown types and unknown fields are let pass: the record may come from a newer version. Lines of output are passed
// over before they are parsed, since a run's JSON output may be nothing but them.

type ParsedLine =
  | { readonly kind: 'event'; readonly event: OrderlyEvent }
  /** Of no use here. */
  | { readonly kind: 'passed' }
  /** `why`: a clause. `isText`: it isn't even JSON, as a line that was cut is not. */
  | { readonly kind: 'bad'; readonly why: string; readonly isText: boolean };

type Shape = Readonly<Record<string, 'string' | 'number' | 'object' | 'list' | 'names'>>;

const OF_SERVICE: Shape = { service: 'string', attempt: 'number' };

/** The fields without which an event can't be drawn. */
const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['run.started', { name: 'string', services: 'names' }],
  ['graph.changed', { added: 'names', dependencies: 'object' }],
  ['run.finished', { status: 'number', cause: 'string' }],
  ['shutdown.requested', { cause: 'object' }],
  ['shutdown.escalated', { level: 'number' }],
  ['service.pending', { ...OF_SERVICE, waiting_for: 'list' }],
  ['service.before', { ...OF_SERVICE, run: 'string' }],
  ['service.starting', OF_SERVICE],
  ['service.ready', { ...OF_SERVICE, evidence: 'string' }],
  ['service.unhealthy', { ...OF_SERVICE, detail: 'string' }],
  ['service.healthy', OF_SERVICE],
  ['service.exited', OF_SERVICE],
  ['service.backoff', { ...OF_SERVICE, cause: 'string' }],
  ['service.stopping', { ...OF_SERVICE, reason: 'string' }],
  ['service.killed', { ...OF_SERVICE, reason: 'string' }],
  ['service.cleaning', OF_SERVICE],
  ['service.cleanup', { ...OF_SERVICE, run: 'string' }],
  ['service.stopped', OF_SERVICE],
  ['service.completed', OF_SERVICE],
  ['service.failed', { ...OF_SERVICE, cause: 'string' }],
  ['service.skipped', { ...OF_SERVICE, because: 'string' }],
]);

const LOG_LINE = /^\{"seq":\d+,"time":"[^"]*","ms":[\d.]+,"type":"log"/;

export function parseLine(line: string): ParsedLine {
  if (LOG_LINE.test(line) || line.trim() === '') return { kind: 'passed' };
  let read: unknown;
  try {
    read = JSON.parse(line, (_key, value) => (typeof value === 'string' ? printable(value) : value));
  } catch {
    return { kind: 'bad', why: 'it is not JSON', isText: true };
  }
  const event = read as Readonly<Record<string, unknown>>;
  if (!fits(event, 'object')) return bad('it is no event');
  if (!fits(event.type, 'string')) return bad('it has no "type"');
  if (!fits(event.seq, 'number')) return bad('it has no "seq"');
  if (!fits(event.ms, 'number') || (event.ms as number) < 0) return bad('it has no "ms"');
  const shape = SHAPES.get(event.type as string);
  if (shape === undefined) return { kind: 'passed' };
  const lacking = Object.entries(shape).find(([key, kind]) => !fits(event[key], kind));
  if (lacking !== undefined) return bad(`"${event.type}" has no proper "${lacking[0]}"`);
  return { kind: 'event', event: read as OrderlyEvent };
}

function bad(why: string): ParsedLine {
  return { kind: 'bad', why, isText: false };
}

function fits(value: unknown, kind: Shape[string]): boolean {
  if (kind === 'number') return typeof value === 'number' && Number.isFinite(value);
  if (kind === 'list') return Array.isArray(value);
  if (kind === 'names') return Array.isArray(value) && value.every((name) => typeof name === 'string');
  if (kind === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === 'string';
}
