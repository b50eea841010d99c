/**
 * Streams: events and lines, those that were and those to come, for as long as a client reads.
 */
import type { OrderlyEvent } from '../../events/event.ts';
import { jsonText } from '../../events/printable.ts';
import type { LogAnswer } from '../protocol.ts';
import { type Asked, type Controlled, type Reply, unknownService } from './controlled.ts';

/** A client that is too slow is cut off: of events none may be missing. */
export function eventStream({ events }: Controlled, { query }: Asked): Reply {
  const since = numberOf(query, 'since', 0);
  return {
    kind: 'stream',
    feed(stream) {
      const { events: before, missed } = events.after(since);
      if (missed > 0) stream.write({ dropped: missed });
      for (const event of before) stream.writeText(lineOf(event), 1);
      if (!query.has('follow')) return stream.end();
      const stop = events.listen((event) => {
        if (!stream.writeText(lineOf(event), 1)) stream.cut();
      });
      stream.onClosed(stop);
    },
  };
}

/** Of one event the line is made once, for however many clients. */
const LINES = new WeakMap<OrderlyEvent, string>();

function lineOf(event: OrderlyEvent): string {
  const known = LINES.get(event);
  if (known !== undefined) return known;
  const line = `${jsonText(event)}\n`;
  LINES.set(event, line);
  return line;
}

const TAIL = 100;

/** What a client that is too slow doesn't get is counted, and told when it reads again. */
export function logStream(controlled: Controlled, { query }: Asked): Reply {
  const { picture, logs, nowMs } = controlled;
  const names = query.getAll('name');
  const unknown = names.find((name) => picture.service(name) === undefined);
  if (unknown !== undefined) return unknownService(controlled, unknown);
  const tail = numberOf(query, 'tail', TAIL);
  const sinceMs = numberOf(query, 'since_ms', Infinity);
  const chosen = names.length === 0 ? undefined : new Set(names);
  const grep = query.get('grep') ?? '';
  const fromMs = nowMs() - sinceMs;
  const fits = ({ service, text, ms }: LogAnswer): boolean =>
    (chosen === undefined || chosen.has(service)) && (grep === '' || text.includes(grep)) && ms >= fromMs;
  const isAll = chosen === undefined && grep === '';
  return {
    kind: 'stream',
    feed(stream) {
      const before = logs.lines(chosen).filter(fits);
      stream.writeText(textOf(tail === 0 ? [] : before.slice(-tail)), 0);
      if (!query.has('follow')) return stream.end();
      const stop = logs.listen((lines) => {
        const own = isAll ? lines : lines.filter(fits);
        if (own.length > 0) stream.writeText(sharedText(own, lines), own.length);
      });
      stream.onClosed(stop);
    },
  };
}

/** Of one batch of lines the text is made once, for all clients that want all of it. */
let shared: { readonly of: readonly LogAnswer[]; readonly text: string } | undefined;

function sharedText(own: readonly LogAnswer[], all: readonly LogAnswer[]): string {
  if (own.length !== all.length) return textOf(own);
  if (shared?.of !== all) shared = { of: all, text: textOf(all) };
  return shared.text;
}

function textOf(lines: readonly LogAnswer[]): string {
  return lines.map((line) => `${jsonText(line)}\n`).join('');
}

function numberOf(query: URLSearchParams, name: string, otherwise: number): number {
  const given = query.get(name);
  return given === null ? otherwise : Number(given);
}
