/**
 * Streams: events and lines, those that were and those to come, for as long as a client reads.
 */
import type { OrderlyEvent } from '../../events/event.ts';
import { jsonText } from '../../events/printable.ts';
import type { LogAnswer } from '../protocol.ts';
import { type Asked, type Controlled, problem, type Reply, unknownService } from './controlled.ts';

/** A client that is too slow is cut off: of events none may be missing. */
export function eventStream({ run, events }: Controlled, { query }: Asked): Reply {
  const since = numberOf(query.get('since'), 0);
  if (since === undefined) return problem(run, 400, 'invalid', '"since" must be the number of an event');
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
  const { run, picture, logs, nowMs } = controlled;
  const names = query.getAll('name');
  const unknown = names.find((name) => picture.service(name) === undefined);
  if (unknown !== undefined) return unknownService(controlled, unknown);
  const tail = numberOf(query.get('tail'), TAIL);
  if (tail === undefined) return problem(run, 400, 'invalid', '"tail" must be a number of lines');
  const sinceMs = numberOf(query.get('since_ms'), Infinity);
  if (sinceMs === undefined)
    return problem(run, 400, 'invalid', '"since_ms" must be a number of milliseconds');
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

/** Undefined: that is no whole number from 0 on. */
function numberOf(given: string | null, otherwise: number): number | undefined {
  if (given === null) return otherwise;
  return /^\d{1,15}$/.test(given) ? Number(given) : undefined;
}
