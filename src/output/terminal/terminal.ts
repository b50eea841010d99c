/**
 * The run as a person reads it: lines of services on stdout, the supervisor's own sentences on stderr.
 *
 * On a terminal a board is kept up to date while anything isn't ready, and the line of those waited for while they stop;
 * elsewhere that line is written now and then. It only composes: what is said, shown and prefixed is decided in
 * `messages.ts`, `board.ts`, `waiting-line.ts`, `summary.ts` and `text-log.ts`.
 */
import type { OrderlyEvent } from '../../events/event.ts';
import { printable } from '../../events/printable.ts';
import { hasProcess, type RunStatus } from '../../events/status.ts';
import { StatusTracker } from '../../events/status-tracker.ts';
import { FLUSH_LIMIT_MS, type Output } from '../output.ts';
import type { Ticker } from '../ticker.ts';
import { createStamp } from '../time-of-day.ts';
import type { OpenedWriter } from '../writers/open.ts';
import { type BoardSize, isSettled, renderBoard, truncate } from './board.ts';
import { failureDetails } from './failure-block.ts';
import { createLiveBoard } from './live-board.ts';
import { describe, type Message } from './messages.ts';
import { createOpenLines } from './open-lines.ts';
import type { Palette } from './palette.ts';
import { EMPTY_TALLY, foldTally, summarise } from './summary.ts';
import { createTextLog, type LoggedService } from './text-log.ts';
import { allReady, waitingLine } from './waiting-line.ts';

export interface TerminalOptions {
  readonly stdout: OpenedWriter;
  /** The same object as `stdout` if both lead to one place. */
  readonly stderr: OpenedWriter;
  readonly colors: { readonly stdout: Palette; readonly stderr: Palette };
  readonly services: readonly LoggedService[];
  /** False: only lines of those that are listed are shown. */
  readonly printsOthers?: boolean | undefined;
  /** The service that has the terminal, if one has. */
  readonly foreground?: string | undefined;
  /** The size of the terminal that stderr is, else stdout, now. */
  readonly size: () => BoardSize;
  readonly ticker: Ticker;
  /** The time that each line begins with, those of services and our own; missing: with none. */
  readonly time?: (() => string) | undefined;
  /** What has happened before, and is not told again; `ms`: how long the run lasts. */
  readonly before?: { readonly events: readonly OrderlyEvent[]; readonly ms: number } | undefined;
}

const FRAME_MS = 100;
/** Where nothing can be repainted, a line says what is waited for: when it has taken so long, */
const STARTING_LINE_MS = 10_000;
/** and then no sooner than so long after the last one; */
const STARTING_REST_MS = 60_000;
/** of a stop, this often. */
const STOPPING_LINE_MS = 3_000;
/** Output that stands no further up than that is not repeated. */
const GLANCE_LINES = 6;
/** What the last lines have at least to get out, however long stdout took. */
const LAST_LINES_MS = 100;

export interface TerminalOutput extends Output {
  /** These are the services now: for each instance that begins to write from then on. */
  readonly use: (services: readonly LoggedService[]) => void;
}

export function createTerminalOutput(options: TerminalOptions): TerminalOutput {
  const { stdout, stderr, colors, ticker, time } = options;
  const live = stderr.isTty;
  const columns = (): number => options.size().columns;
  const columnsOf = ({ isTty }: OpenedWriter) => (isTty && !isTaken() ? columns() : undefined);
  const board = createLiveBoard(stderr.writer, () => columnsOf(stderr));
  const shared = stdout.writer === stderr.writer;
  /** Where unfinished lines of services stand: below the finished ones, above the board if that is in the same place. */
  const below = shared ? board : createLiveBoard(stdout.writer, () => columnsOf(stdout));
  const log = createTextLog(options.services, {
    palette: colors.stdout,
    write: stdout.isTty ? writeAboveUnfinished : (lines) => void stdout.writer.write(lines),
    terminal: stdout.isTty ? { onUnfinished: () => open.noteUnfinished() } : undefined,
    printsOthers: options.printsOthers,
    time,
  });
  const stamp = time === undefined ? () => '' : createStamp(time, colors.stderr.dim);
  const open = createOpenLines({ unfinished: log.unfinished, ticker, onLook: () => below.show(rowsBelow()) });
  const tracker = new StatusTracker();
  let tally = EMPTY_TALLY;
  /** Which service wrote last, and the first that we have said since then. */
  let spokeLast = '';
  let saidSince: string[] = [];
  let startedAt = ticker.now();
  let watched: Watched = 'nothing';
  let stopTicking = (): void => undefined;
  let toldAtMs = Number.NEGATIVE_INFINITY;
  const { events: known = [], ms: lastedMs = 0 } = options.before ?? {};
  /** All has settled once: the start is over. */
  let isStarted = known.length > 0;
  for (const event of known) tracker.apply(event);
  if (known.length > 0) startedAt -= lastedMs;

  const runMs = (): number => ticker.now() - startedAt;

  function say(message: Message): void {
    if (saidSince.length <= GLANCE_LINES) saidSince.push(message.text);
    const line = Buffer.from(`${stamp()}${paintMessage(message, colors.stderr)}\n`);
    // What stands below a message must not be older than it.
    board.writeAbove(line, frame());
  }

  function writeAboveUnfinished(lines: Buffer): void {
    if (open.settle()) below.writeAbove(lines, rowsBelow());
    else below.writeAbove(lines);
  }

  /** What stands below the lines of services, in the place that they are in. */
  function rowsBelow(): string[] {
    return shared ? frame() : openRows();
  }

  function openRows(): string[] {
    if (!stdout.isTty || isTaken()) return [];
    const size = options.size();
    log.fit(size.columns);
    return open.rows(size);
  }

  /** The service in the foreground writes to the terminal by itself: nothing may be repainted there. */
  function isTaken(): boolean {
    const status = tracker.status.services.get(options.foreground ?? '');
    return status !== undefined && hasProcess(status);
  }

  function clear(): void {
    board.show([]);
    below.show([]);
  }

  /** What stands below our own sentences, in the place that they are in. */
  function frame(): string[] {
    if (!live || isTaken()) return [];
    const size = options.size();
    const lines = shared ? openRows() : [];
    if (watched === 'nothing') return lines;
    if (watched === 'starting') {
      const rest = { ...size, rows: size.rows - lines.length };
      return [...lines, ...renderBoard(tracker.status, runMs(), rest, colors.stderr, isStarted)];
    }
    const line = waitingLine(tracker.status, runMs());
    if (line === undefined) return lines;
    const hint = tracker.status.shutdown?.level === 1 ? ' (Ctrl-C again kills)' : '';
    lines.push(colors.stderr.dim(truncate(`orderly: ${line}${hint}`, size.columns)));
    return lines;
  }

  function tick(): void {
    if (live) {
      board.show(frame());
      return;
    }
    if (watched === 'starting' && runMs() - toldAtMs < STARTING_REST_MS) return;
    const line = waitingLine(tracker.status, runMs());
    if (line === undefined) return;
    toldAtMs = runMs();
    say({ level: 'info', text: line });
  }

  function watch(next: Watched): void {
    if (next === watched) return;
    watched = next;
    stopTicking();
    board.show(shared ? openRows() : []);
    if (next === 'nothing') return;
    const lineMs = next === 'starting' ? STARTING_LINE_MS : STOPPING_LINE_MS;
    stopTicking = ticker.every(live ? FRAME_MS : lineMs, tick);
  }

  function onEvent(event: OrderlyEvent): void {
    const message = describe(event, tracker.status, options.foreground);
    const survives = event.type === 'service.failed' && tracker.status.shutdown === undefined;
    tally = foldTally(tally, event, tracker.status);
    tracker.apply(event);
    if (event.type === 'run.started') startedAt = ticker.now() - event.ms;
    const was = watched;
    watch(whatToWatch(tracker.status));
    if (isTaken()) clear();
    if (message !== undefined) say(message);
    if (message !== undefined && survives) for (const detail of failureDetails(event)) say(detail);
    if (was === 'starting' && watched === 'nothing') tellStarted(event.ms);
  }

  function tellStarted(atMs: number): void {
    const message = allReady(tracker.status, atMs);
    if (!isStarted && options.foreground === undefined && message !== undefined) say(message);
    isStarted = true;
  }

  /** In the same place, with little between. */
  function isShown(service: string): boolean {
    return shared && service === spokeLast && saidSince.length <= GLANCE_LINES;
  }

  return {
    onEvent,
    use: log.use,
    onLog(service, attempt, stream, chunk, command) {
      if (chunk !== undefined && log.prints(service)) {
        spokeLast = command === true ? '' : service;
        if (saidSince.length > 0) saidSince = [];
      }
      if (stdout.isTty) log.fit(columns());
      log.add(service, attempt, stream, chunk, command);
    },
    async finish(withinMs = FLUSH_LIMIT_MS) {
      stopTicking();
      open.end();
      clear();
      log.end();
      const endMs = ticker.now() + withinMs;
      // Lines that nobody takes are told of by then, so that the cause is the last thing said.
      await (shared ? stdout.writer.drained(withinMs) : stdout.writer.flush(withinMs));
      const { foreground } = options;
      const above = new Set(saidSince);
      const summary = summarise(tracker.status, tally, { foreground, isShown });
      // The cause is said in any case, and last; what belongs to it stays together.
      const isNews = ({ text }: Message) => text.startsWith('  ') || !above.has(text);
      for (const message of summary.slice(0, -1).filter(isNews)) say(message);
      for (const message of summary.slice(-1)) say(message);
      await stderr.writer.flush(Math.max(LAST_LINES_MS, endMs - ticker.now()));
    },
  };
}

type Watched = 'nothing' | 'starting' | 'stopping';

/** The board is there while anything is on its way, restarts included. */
function whatToWatch({ finished, shutdown, services }: RunStatus): Watched {
  if (finished !== undefined) return 'nothing';
  if (shutdown !== undefined) return 'stopping';
  for (const service of services.values()) if (!isSettled(service)) return 'starting';
  return 'nothing';
}

/** The supervisor's own lines can be told from those of services by their start, with colours and without. */
function paintMessage({ level, text }: Message, palette: Palette): string {
  const paint = level === 'info' ? palette.dim : palette[level];
  const shown = printable(text);
  return `${paint('orderly:')} ${level === 'bad' ? palette.bad(shown) : shown}`;
}
