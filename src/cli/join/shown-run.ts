/**
 * A run of somebody else, shown on this terminal as its own shows it: what happens there from now on, and what its services write.
 */
import type { DroppedAnswer, LogAnswer, RunAnswer } from '../../control/protocol.ts';
import type { OrderlyEvent } from '../../events/event.ts';
import type { LoggedService } from '../../output/terminal/text-log.ts';
import { createTimeOfDay } from '../../output/time-of-day.ts';
import type { FoundRun } from '../../process/guard/find-run.ts';
import { askRun } from '../client/ask-run.ts';
import type { ClientWorld } from '../client/client-world.ts';
import { textOutput } from '../open-output.ts';
import type { World } from '../world.ts';

export interface ShowOptions {
  readonly output?: 'text' | 'json' | undefined;
  /** Lines of others than these aren't printed as text; `services` tell those that are meant. */
  readonly only?: readonly string[] | undefined;
  /** Lines of text begin with the time at which they came there. */
  readonly timestamps?: boolean | undefined;
  /** What services write is shown too. */
  readonly withLogs: boolean;
  /** What has happened before is shown too. */
  readonly fromStart?: boolean;
  /** Is called with every event, after it was shown. */
  readonly onEvent?: (event: OrderlyEvent) => void;
}

export interface ShownRun {
  /** When it was joined. */
  readonly about: RunAnswer;
  /** Settles with the run's status at its end; undefined: it was gone before it told that, or `close` was called. Never rejects. */
  readonly ended: Promise<number | undefined>;
  /** Settles when nobody reads what is shown. */
  readonly unread: Promise<void>;
  /** Shows nothing any more. Settles when all is written. Harmless when repeated. */
  close(): Promise<void>;
}

/** How long a slow reader may take for what is left. */
const CLOSING_MS = 1_000;

/** Throws an `AskError` if the run doesn't answer. */
export async function showRun(
  world: World,
  client: ClientWorld,
  services: readonly LoggedService[],
  run: FoundRun,
  options: ShowOptions,
): Promise<ShownRun> {
  const about = await askRun<RunAnswer>(client, run, { method: 'GET', path: '/v1/run' });
  const stopping = new AbortController();
  const { signal } = stopping;
  const follow = (path: string) => client.follow(run, { method: 'GET', path, signal });
  // All of it from the start: where a service is follows from what has happened to it.
  const past: OrderlyEvent[] = [];
  const events = follow('/v1/events?since=0&follow');
  while (options.fromStart !== true && (past.at(-1)?.seq ?? 0) < about.seq) {
    const { value, done } = await events.next();
    if (done === true) break;
    const event = JSON.parse(value) as OrderlyEvent | DroppedAnswer;
    if ('type' in event) past.push(event);
  }
  let nobodyReads = (): void => undefined;
  const unread = new Promise<void>((resolve) => {
    nobodyReads = resolve;
  });
  const before = { events: past, ms: about.now_ms };
  const shown = await openShown(world, services, { ...options, before, onClosed: nobodyReads });
  let isOver = false;
  const told = (async (): Promise<number | undefined> => {
    for await (const line of events) {
      const event = JSON.parse(line) as OrderlyEvent;
      shown.onEvent(event, line);
      options.onEvent?.(event);
      if (event.type === 'run.finished') return event.status;
    }
    return undefined;
  })();
  const logs = options.withLogs
    ? (async () => {
        for await (const line of follow('/v1/logs?tail=0&follow')) {
          const log = JSON.parse(line) as LogAnswer | DroppedAnswer;
          if (!('dropped' in log)) shown.onLog(log, line);
        }
      })()
    : undefined;
  // What breaks off has ended.
  const read = Promise.all([told, logs?.catch(() => undefined)]).catch(() => [undefined]);
  const close = async (): Promise<void> => {
    if (isOver) return;
    isOver = true;
    stopping.abort();
    await shown.finish();
  };
  return {
    about,
    unread,
    close,
    ended: read.then(async ([status]) => {
      await close();
      return status;
    }),
  };
}

/** Its sentences begin as the lines that are shown. */
export function sayingAsShown(world: World, { timestamps = false }: Pick<ShowOptions, 'timestamps'>): World {
  if (!timestamps) return world;
  const time = createTimeOfDay();
  return { ...world, complain: (text) => world.complain(`${time()} ${text}`) };
}

interface Shown {
  /** With the line that it came as. */
  onEvent(event: OrderlyEvent, line: string): void;
  onLog(log: LogAnswer, line: string): void;
  finish(): Promise<void>;
}

async function openShown(
  world: World,
  services: readonly LoggedService[],
  {
    output,
    only,
    timestamps = false,
    before,
    onClosed,
  }: ShowOptions & {
    readonly before: { readonly events: readonly OrderlyEvent[]; readonly ms: number };
    readonly onClosed: () => void;
  },
): Promise<Shown> {
  const nothing = { onDropped: () => undefined, onClosed: () => undefined, onTrouble: () => undefined };
  const writers = world.openWriters({ stdout: { ...nothing, onClosed }, stderr: nothing });
  if (output === 'json') {
    const { writer } = writers.stdout;
    return {
      onEvent: (_, line) => void writer.write(Buffer.from(`${line}\n`)),
      onLog: (log) => void writer.write(Buffer.from(`${JSON.stringify({ type: 'log', ...log })}\n`)),
      finish: () => writer.flush(CLOSING_MS),
    };
  }
  const timeOfDay = createTimeOfDay();
  /** Of what is being shown; undefined: it is said by itself, now. */
  let told: string | undefined;
  const at = (time: string, show: () => void): void => {
    told = time;
    show();
    told = undefined;
  };
  const time = timestamps ? () => timeOfDay(told) : undefined;
  const text = await textOutput(world, services, writers, { only, before, time });
  return {
    onEvent: (event) => at(event.time, () => text.onEvent(event)),
    onLog({ service, attempt, stream, time, text: line, partial }) {
      const chunk = Buffer.from(partial === true ? line : `${line}\n`);
      at(time, () => text.onLog(service, attempt, stream, chunk));
    },
    finish: () => text.finish(CLOSING_MS),
  };
}
