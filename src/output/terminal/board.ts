/**
 * The board that is shown while anything isn't ready: one line a service, with its state, how long it has been in it, and why it is
 * not ready yet.
 *
 * Pure: a status and a size in, lines out, none wider than the terminal and not more than fit. Painting them is
 * `live-board.ts`.
 */
import { formatDuration } from '../../events/format-duration.ts';
import { printable } from '../../events/printable.ts';
import type { ServiceState } from '../../events/state-table.ts';
import type { RunStatus, ServiceStatus } from '../../events/status.ts';
import { fitLine } from './fit-line.ts';
import { nameColumns, shortName } from './name-column.ts';
import type { Paint, Palette } from './palette.ts';

export interface BoardSize {
  readonly columns: number;
  readonly rows: number;
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SPINNER_MS = 100;

/** What stands in the column of states. */
type Shown = ServiceState | 'unhealthy';

const GLYPHS: Readonly<Record<Shown, string>> = {
  pending: '·',
  starting: SPINNER[0]!,
  ready: '✔',
  unhealthy: '!',
  stopping: '↓',
  cleaning: '↓',
  backoff: '↻',
  stopped: '■',
  completed: '✔',
  failed: '✖',
  skipped: '−',
};

/** What is on its way stands above what is settled, where there isn't room for all. */
const URGENCY: Readonly<Record<Shown, number>> = {
  failed: 0,
  backoff: 1,
  unhealthy: 1,
  starting: 2,
  stopping: 3,
  cleaning: 3,
  pending: 4,
  skipped: 5,
  stopped: 5,
  ready: 6,
  completed: 6,
};

/**
 * The lines of the board at `nowMs` (on the scale of `ms`), without line ends. `isBack`: the start is over, and only what isn't at
 * rest or ready is named.
 */
export function renderBoard(
  status: RunStatus,
  nowMs: number,
  size: BoardSize,
  palette: Palette,
  isBack = false,
): string[] {
  // What was not selected is nothing to wait for.
  const all = [...status.services].filter(([, { state, attempt }]) => state !== 'stopped' || attempt > 0);
  const up = all.filter(([, it]) => isUp(it)).length;
  const count = `${status.name}: ${up} of ${all.length} ready`;
  const head = isBack ? count : `starting ${count}, ${formatDuration(nowMs)}`;
  const room = Math.max(0, size.rows - 2);
  const named = isBack ? all.filter(([, it]) => !isSettled(it)) : all;
  const shown = named.length <= room ? named : mostUrgent(named, Math.max(0, room - 1));
  const width = nameColumns(
    shown.map(([name]) => name),
    size.columns,
  );
  const lines = [palette.bold(truncate(head, size.columns))];
  for (const [name, it] of shown) {
    const text = ` ${glyph(it, nowMs)} ${shortName(name, width)}  ${shownOf(it).padEnd(9)} ${detail(it, nowMs)}`;
    lines.push(paintOf(shownOf(it), palette)(truncate(text.trimEnd(), size.columns)));
  }
  if (shown.length < named.length) {
    lines.push(palette.dim(truncate(` and ${named.length - shown.length} more`, size.columns)));
  }
  return lines.slice(0, Math.max(1, size.rows - 1));
}

/** It is as it should be. */
export function isUp({ state }: ServiceStatus): boolean {
  return state === 'ready' || state === 'completed';
}

const SETTLED: ReadonlySet<ServiceState> = new Set(['ready', 'completed', 'stopped', 'failed', 'skipped']);

/** It is ready or at rest: there is nothing to wait for. */
export function isSettled({ state }: ServiceStatus): boolean {
  return SETTLED.has(state);
}

/** At most one column less than the terminal has: a full line would wrap, and the frame would lose count. */
export function truncate(text: string, columns: number): string {
  return fitLine(printable(text), columns);
}

/** The most urgent ones, in the order they had. */
function mostUrgent(
  all: readonly (readonly [string, ServiceStatus])[],
  room: number,
): readonly (readonly [string, ServiceStatus])[] {
  const ranked = all.map((entry, index) => ({ entry, index }));
  ranked.sort((a, b) => URGENCY[shownOf(a.entry[1])] - URGENCY[shownOf(b.entry[1])] || a.index - b.index);
  const chosen = ranked.slice(0, room).sort((a, b) => a.index - b.index);
  return chosen.map(({ entry }) => entry);
}

function glyph(it: ServiceStatus, nowMs: number): string {
  if (it.state !== 'starting') return GLYPHS[shownOf(it)];
  return SPINNER[Math.floor(Math.max(0, nowMs) / SPINNER_MS) % SPINNER.length]!;
}

function detail(it: ServiceStatus, nowMs: number): string {
  switch (it.state) {
    case 'pending':
      return it.waitingFor.length === 0
        ? ''
        : `for ${it.waitingFor.map(({ service }) => service).join(', ')}`;
    case 'ready':
      if (it.unhealthy !== undefined) return it.unhealthy.detail;
      return `${formatDuration(it.afterMs)}${it.evidence === '' ? '' : `, ${it.evidence}`}`;
    case 'backoff':
      return `in ${formatDuration(it.untilMs - nowMs)}: ${it.cause}`;
    case 'failed':
      return it.cause;
    case 'skipped':
      return it.because;
    case 'completed':
    case 'stopped':
      return '';
    case 'starting':
      return startingFor(it, nowMs);
    case 'stopping':
    case 'cleaning':
      return formatDuration(nowMs - it.sinceMs);
  }
}

/** For how long, and why it isn't ready yet. */
export function startingFor(
  { sinceMs, detail }: ServiceStatus & { readonly state: 'starting' },
  nowMs: number,
): string {
  const age = formatDuration(nowMs - sinceMs);
  return detail === undefined ? age : `${age}: ${detail}`;
}

function shownOf(it: ServiceStatus): Shown {
  return it.state === 'ready' && it.unhealthy !== undefined ? 'unhealthy' : it.state;
}

function paintOf(state: Shown, palette: Palette): Paint {
  if (state === 'failed') return palette.bad;
  if (state === 'backoff' || state === 'unhealthy') return palette.warn;
  if (state === 'ready' || state === 'completed') return palette.good;
  return state === 'starting' ? (text) => text : palette.dim;
}
