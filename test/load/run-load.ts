/**
 * One run under load, from the first client to what is left of it: what was answered, how late, and what it used.
 *
 * Questions go out by the clock, whether the last one was answered or not. Beside each of them the twin is asked. What the machine
 * kept the supervisor waiting for a processor meanwhile is told apart: that is not its doing.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { askSocket } from '../support/ask-socket.ts';
import { parseRecord } from '../support/check-record.ts';
import { parseMetrics } from '../support/parse-metrics.ts';
import { runDelayMs } from '../support/run-delay.ts';
import { loadConfig } from './graph.ts';
import { QUESTIONS, type Question } from './questions.ts';
import { openStreams, type Pace, type Told } from './streams.ts';
import { type Supervised, startSupervised } from './supervised.ts';
import { startTwin } from './twin.ts';

export interface LoadOptions {
  readonly seconds: number;
  readonly perSecond: number;
  readonly streams: Readonly<Record<Pace, number>>;
  readonly floods: number;
}

export interface Answered {
  readonly kind: string;
  /** Undefined: it was not answered. */
  readonly status: number | undefined;
  readonly isGood: boolean;
  readonly tookMs: number;
  /** Of that, what the supervisor and its client waited for a processor. */
  readonly waitedMs: number;
}

export interface LoadResult {
  readonly answers: readonly Answered[];
  /** How long the twin took for each. */
  readonly twinMs: readonly number[];
  readonly told: readonly Told[];
  readonly memoryMib: readonly number[];
  readonly events: readonly OrderlyEvent[];
  /** The delays of its own loop as it tells them, in ms. */
  readonly loopMs: { readonly p99: number; readonly max: number };
  /** From the signal to its being obeyed, and what of that it waited for a processor. */
  readonly signal: { readonly tookMs: number; readonly waitedMs: number };
  readonly status: number;
  readonly remains: readonly string[];
}

/** How often it is looked at. */
export const MEMORY_MS = 250;

export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const run = await startSupervised(loadConfig(options.floods));
  const twin = await startTwin(run.folder);
  const memoryMib: number[] = [];
  const memory = setInterval(() => memoryMib.push(run.memoryMib()), MEMORY_MS);
  try {
    await untilReady(run.socket);
    const streams = openStreams(run.socket, options.streams);
    await loopDelays(run.socket);
    const { answers, twinMs } = await askOn(run, twin.socket, options);
    const loopMs = await loopDelays(run.socket);
    clearInterval(memory);
    const signalled = signalIt(run);
    streams.hurry();
    const status = await run.ended;
    await streams.over;
    streams.close();
    const events = parseRecord(run.record());
    return {
      ...{ answers, twinMs, told: streams.told, memoryMib, events, loopMs, status },
      signal: signalled(events),
      remains: run.remains(),
    };
  } finally {
    clearInterval(memory);
    twin.end();
    run.remains();
    run.dispose();
  }
}

/** Asks by the clock; resolves when all is answered. */
async function askOn(
  run: Supervised,
  twinSocket: string,
  { seconds, perSecond }: LoadOptions,
): Promise<Pick<LoadResult, 'answers' | 'twinMs'>> {
  const answers: Promise<Answered>[] = [];
  const twinMs: Promise<number>[] = [];
  const startMs = performance.now();
  for (let count = 0; count < seconds * perSecond; count++) {
    const dueMs = startMs + (count * 1000) / perSecond - performance.now();
    if (dueMs > 0) await pause(dueMs);
    const question = QUESTIONS[count % QUESTIONS.length]!;
    answers.push(askOne(run, question));
    twinMs.push(askTwin(twinSocket, question));
  }
  return { answers: await Promise.all(answers), twinMs: await Promise.all(twinMs) };
}

async function askOne({ socket, pid }: Supervised, question: Question): Promise<Answered> {
  const { kind } = question;
  const waited = (): number => runDelayMs(pid) + runDelayMs(process.pid);
  const waitedBefore = waited();
  const startMs = performance.now();
  const answer = await askSocket(socket, question).catch(() => undefined);
  return {
    kind,
    status: answer?.status,
    isGood: answer?.status === question.status,
    tookMs: performance.now() - startMs,
    waitedMs: waited() - waitedBefore,
  };
}

async function askTwin(socket: string, { kind }: Question): Promise<number> {
  const startMs = performance.now();
  await askSocket(socket, { method: 'GET', target: `/${kind === 'restart' ? kind : ''}` });
  return performance.now() - startMs;
}

async function untilReady(socketPath: string): Promise<void> {
  const body = JSON.stringify({ kind: 'wait', names: ['*'], until: 'ready', id: 'first' });
  await askSocket(socketPath, { method: 'POST', target: '/v1/requests', body });
  await askSocket(socketPath, { method: 'GET', target: '/v1/requests/first?wait' });
}

/** Since the last time that it was asked. */
async function loopDelays(socketPath: string): Promise<LoadResult['loopMs']> {
  const answer = await askSocket(socketPath, { method: 'GET', target: '/metrics' });
  const metrics = parseMetrics(answer?.text ?? '');
  const of = (statistic: string): number =>
    1000 * (metrics.value('orderly_event_loop_delay_seconds', { statistic }) ?? 0);
  return { p99: of('p99'), max: of('max') };
}

/** What it returns tells, by the record, how long it took to be obeyed. Events have the time of the wall. */
function signalIt(run: Supervised): (events: readonly OrderlyEvent[]) => LoadResult['signal'] {
  const waitedBefore = runDelayMs(run.pid);
  const sentMs = Date.now();
  run.signal('SIGTERM');
  const looks: { readonly atMs: number; readonly waitedMs: number }[] = [];
  const look = setInterval(() => {
    looks.push({ atMs: Date.now(), waitedMs: runDelayMs(run.pid) - waitedBefore });
  }, 1);
  void run.ended.then(() => clearInterval(look));
  return (events) => {
    const requested = events.find(({ type }) => type === 'shutdown.requested');
    const obeyedMs = requested === undefined ? Infinity : Date.parse(requested.time);
    const waitedMs = looks.find(({ atMs }) => atMs >= obeyedMs)?.waitedMs ?? 0;
    return { tookMs: obeyedMs - sentMs, waitedMs: Math.max(0, waitedMs) };
  };
}
