/**
 * What a run under load has to keep, held against what was seen. Pure.
 *
 * Times are those of the supervisor alone: without what it and its client waited for a processor, and beside a bare loop that was asked
 * in the same moments. Where that one takes three times as long as on a quiet machine, so may we. So a busy machine breaks nothing, and
 * a loop that is held up by what the supervisor does itself does.
 */
import { type LoadResult, MEMORY_MS } from './run-load.ts';
import type { Told } from './streams.ts';

export interface Verdict {
  readonly what: string;
  readonly found: string;
  readonly limit: string;
  readonly holds: boolean;
}

/** GU-8: by then a request is accepted or refused, and a signal obeyed. */
const PROMPT_MS = 100;
/** What the twin takes on a quiet machine: two turns, one to be accepted and one to be read. */
const QUIET_TWIN_MS = 25;
/** From a restart that was asked to its service being ready again, beyond the service's own time, which is that of `sleep`: nothing. */
const RESTART_MS = 60;
const MOST_MIB = 300;
/** From the second quarter to the last one: events are kept, ten thousand and more, and each costs about a kilobyte. */
const MAY_GROW_MIB = 16;
/** Before that the heap grows to what is asked of it. */
const LEAST_MEMORY_MS = 50_000;

/** What is so on any machine, however busy. */
export function judgeFacts(result: LoadResult): readonly Verdict[] {
  const { answers, told, memoryMib, status, remains, events } = result;
  const bad = answers.filter(({ isGood }) => !isGood);
  const troubles = told.flatMap((one) => troublesOf(one, numbersOf(events)));
  const reading = told.filter(({ pace }) => pace !== 'never');
  const most = Math.max(...memoryMib);
  return [
    verdict('every question is answered as it should be', bad.length === 0, {
      found: `${answers.length - bad.length} of ${answers.length}${countsOf(bad)}`,
      limit: 'all',
    }),
    verdict('no event is missing and not told', troubles.length === 0, {
      found: [
        `${reading.length} streams of ${events.length} events, cut ${sum(reading.map(({ cuts }) => cuts))} times`,
        ...troubles.slice(0, 3),
      ].join('; '),
      limit: 'none',
    }),
    verdict('resident memory is bounded', most < MOST_MIB, {
      found: `${most.toFixed(0)} MiB`,
      limit: `${MOST_MIB} MiB`,
    }),
    verdict('the signal ends the run, and its status says so', status === 143, {
      found: `${status}`,
      limit: '143',
    }),
    verdict('nothing is left', remains.length === 0, { found: `${remains.length} processes`, limit: '0' }),
  ];
}

/** What takes a run of a minute to tell. */
export function judgeTimes(result: LoadResult): readonly Verdict[] {
  const { answers, twinMs, memoryMib, signal, events } = result;
  const own = answers.map(({ tookMs, waitedMs }) => Math.max(0, tookMs - waitedMs));
  const machineMs = percentile(twinMs, 99);
  const ownMs = percentile(own, 99);
  const busy = Math.max(1, machineMs / QUIET_TWIN_MS);
  const limitMs = PROMPT_MS * busy + machineMs;
  const limit = `${ms(limitMs)}, with ${ms(machineMs)} of the twin`;
  const restarts = restartsOf(events);
  const restartMs = percentile(restarts, 90);
  const obeyedMs = Math.max(0, signal.tookMs - signal.waitedMs);
  return [
    verdict('99 of 100 questions are answered in time', ownMs <= limitMs, {
      found: `${ms(ownMs)}`,
      limit,
    }),
    verdict('the signal is obeyed in time', obeyedMs <= limitMs, {
      found: `${ms(obeyedMs)}`,
      limit,
    }),
    verdict('9 of 10 restarts have their service ready again in time', restartMs <= RESTART_MS * busy, {
      found: `${ms(restartMs)} of ${restarts.length}`,
      limit: ms(RESTART_MS * busy),
    }),
    ...(memoryMib.length * MEMORY_MS < LEAST_MEMORY_MS ? [] : [levelOf(memoryMib)]),
  ];
}

/** How long each took, from the request to what it was asked for, in ms; for ever, if it didn't get there. */
export function restartsOf(events: LoadResult['events']): readonly number[] {
  const settled = new Map(
    events.flatMap((event) =>
      event.type === 'request.settled'
        ? [[event.request, event.outcome === 'reached' ? event.ms : Infinity]]
        : [],
    ),
  );
  return events.flatMap((event) =>
    event.type === 'request.accepted' && event.kind === 'restart'
      ? [(settled.get(event.request) ?? Infinity) - event.ms]
      : [],
  );
}

function levelOf(memoryMib: readonly number[]): Verdict {
  const quarter = memoryMib.length >> 2;
  // What is used is what is left when garbage has been collected.
  const second = Math.min(...memoryMib.slice(quarter, 2 * quarter));
  const last = Math.min(...memoryMib.slice(3 * quarter));
  return verdict('memory does not grow', last <= second + MAY_GROW_MIB, {
    found: `${second.toFixed(0)} -> ${last.toFixed(0)} MiB`,
    limit: `+ ${MAY_GROW_MIB} MiB`,
  });
}

/** Numbers of events: those that one was told follow each other as in the record, but for the gaps that it was told of. */
function troublesOf(
  { pace, seqs, gaps, isOver }: Told,
  places: ReadonlyMap<number, number>,
): readonly string[] {
  if (pace === 'never') return [];
  const troubles: string[] = [];
  let next = 0;
  for (const [index, seq] of seqs.entries()) {
    const place = places.get(seq);
    if (place === undefined) troubles.push(`event ${seq} is in no record`);
    else if (place < next) troubles.push(`event ${seq} came again`);
    else if (place > next && !gaps.has(index))
      troubles.push(`${place - next} events are missing before ${seq}`);
    if (place !== undefined) next = place + 1;
  }
  // Who is too slow is cut off: it knows by that.
  if (!isOver && pace === 'reads') troubles.push('one that reads was not told the end');
  if (isOver && next < places.size) troubles.push(`${places.size - next} events are missing at the end`);
  return troubles;
}

function numbersOf(events: LoadResult['events']): ReadonlyMap<number, number> {
  return new Map(events.map(({ seq }, place) => [seq, place]));
}

function countsOf(bad: LoadResult['answers']): string {
  const counts = new Map<string, number>();
  for (const { kind, status } of bad) {
    const what = `${kind}: ${status ?? 'no answer'}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => `, ${count} x ${what}`).join('');
}

/** The smallest value that so many of a hundred don't exceed; NaN of none. */
export function percentile(values: readonly number[], of: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * of) / 100) - 1)] ?? Number.NaN;
}

function verdict(what: string, holds: boolean, told: Pick<Verdict, 'found' | 'limit'>): Verdict {
  return { what, holds, ...told };
}

export function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
