/**
 * Streams: events and lines, those that were and those to come, for as long as a client reads.
 */
import type { OrderlyEvent } from '../../events/event.ts';
import { jsonText } from '../../events/printable.ts';
import type { LogAnswer } from '../protocol.ts';
import { type Asked, type Controlled, chosenServices, type Reply } from './controlled.ts';
import type { EventHistory } from './event-history.ts';
import { type JsonStream, MOST_WAITING_BYTES } from './stream.ts';

/** So many are written at once. */
const BATCH = 500;

/**
 * Those that were come at the client's pace, those to come in their moment. A client that falls too far behind is cut off: of events
 * none may be missing.
 */
export function eventStream({ events }: Controlled, { query }: Asked): Reply {
  const since = numberOf(query, 'since', 0);
  return {
    kind: 'stream',
    async feed(stream) {
      const { missed } = events.after(since, 0);
      if (missed > 0) stream.write({ dropped: missed });
      let last = Math.max(since, events.forgottenSeq);
      for (;;) {
        const next = events.after(last, BATCH);
        if (next.missed > 0) return stream.cut();
        if (next.events.length === 0) break;
        stream.writeLines(next.events.map(lineOf).join(''));
        last = next.events.at(-1)!.seq;
        if (!(await stream.drained())) return;
      }
      if (!query.has('follow')) return stream.end();
      await followOn(stream, events, last);
    },
  };
}

/** What a client has not read yet waits in the history, for all of them together: one that never reads costs no memory. */
async function followOn(stream: JsonStream, events: EventHistory, from: number): Promise<void> {
  let last = from;
  let behindBytes = 0;
  let wake = (): void => undefined;
  const stop = events.listen((event) => {
    behindBytes += lineOf(event).length;
    if (behindBytes > MOST_WAITING_BYTES) stream.cut();
    wake();
  });
  stream.onClosed(() => {
    stop();
    wake();
  });
  stream.onFinished(() => wake());
  while (await stream.drained()) {
    const next = events.after(last, BATCH);
    if (next.missed > 0) return stream.cut();
    if (next.events.length > 0) {
      const lines = next.events.map(lineOf).join('');
      behindBytes -= lines.length;
      last = next.events.at(-1)!.seq;
      stream.writeLines(lines);
    } else if (stream.isOver) return;
    else
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
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

/** More are neither cut nor sent at once, however many somebody asks for. */
const MOST_TAIL = 10_000;

/** What a client that is too slow doesn't get is counted, and told when it reads again; one that never does is cut off. */
export function logStream(controlled: Controlled, { query }: Asked): Reply {
  const { logs, nowMs } = controlled;
  const choice = { names: query.getAll('name'), labels: query.getAll('label') };
  const meant = chosenServices(controlled, choice);
  if ('kind' in meant) return meant;
  const tail = numberOf(query, 'tail', TAIL);
  const sinceMs = numberOf(query, 'since_ms', Infinity);
  const untilMs = numberOf(query, 'until_ms', -Infinity);
  // What joins later is of all, too.
  const chosen = choice.names.length + choice.labels.length === 0 ? undefined : meant;
  const grep = query.get('grep') ?? '';
  const [fromMs, toMs] = [nowMs() - sinceMs, nowMs() - untilMs];
  const fits = ({ service, text, ms }: LogAnswer): boolean =>
    (chosen === undefined || chosen.has(service)) &&
    (grep === '' || text.includes(grep)) &&
    ms >= fromMs &&
    ms <= toMs;
  const isAll = chosen === undefined && grep === '' && toMs === Infinity;
  return {
    kind: 'stream',
    feed(stream) {
      const most = Math.min(tail, MOST_TAIL);
      // The last ones are not enough where the last ones are left out.
      const isLast = grep === '' && toMs === Infinity;
      const before = logs.lines(chosen, isLast ? most : undefined).filter(fits);
      stream.writeLines(textOf(most === 0 ? [] : before.slice(-most)));
      if (!query.has('follow')) return stream.end();
      const stop = logs.listen((lines) => {
        const own = isAll ? lines : lines.filter(fits);
        if (own.length === 0) return;
        if (stream.hasRoom) stream.writeLines(sharedText(own, lines));
        else stream.leaveOut(own.length);
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
