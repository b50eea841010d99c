/**
 * The board that is shown while services start: one line each, with its state and how long it has been in it.
 *
 * Pure: a status and a size in, lines out, none wider than the terminal and not more than fit. Painting them is
 * `live-board.ts`.
 */
import { formatDuration } from '../../events/format-duration.ts';
import { printable } from '../../events/printable.ts';
import type { ServiceState } from '../../events/state-table.ts';
import { isActive, type RunStatus, type ServiceStatus } from '../../events/status.ts';
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

/** The lines of the board at `nowMs` (on the scale of `ms`), without line ends. */
export function renderBoard(status: RunStatus, nowMs: number, size: BoardSize, palette: Palette): string[] {
  // What was not selected is nothing to wait for.
  const all = [...status.services].filter(([, { state, attempt }]) => state !== 'stopped' || attempt > 0);
  const settled = all.filter(([, { state }]) => state === 'ready' || state === 'completed').length;
  const head = `starting ${status.name}: ${settled} of ${all.length} ready, ${formatDuration(nowMs)}`;
  const room = Math.max(0, size.rows - 2);
  const shown = all.length <= room ? all : mostUrgent(all, Math.max(0, room - 1));
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  const lines = [palette.bold(truncate(head, size.columns))];
  for (const [name, it] of shown) {
    const text = ` ${glyph(it, nowMs)} ${name.padEnd(width)}  ${shownOf(it).padEnd(9)} ${detail(it, nowMs)}`;
    lines.push(paintOf(shownOf(it), palette)(truncate(text.trimEnd(), size.columns)));
  }
  if (shown.length < all.length) {
    lines.push(palette.dim(truncate(` and ${all.length - shown.length} more`, size.columns)));
  }
  return lines.slice(0, Math.max(1, size.rows - 1));
}

/** At most one column less than the terminal has: a full line would wrap, and the frame would lose count. */
export function truncate(text: string, columns: number): string {
  const room = Math.max(1, columns - 1);
  const characters = [...printable(text)];
  return characters.length <= room ? characters.join('') : `${characters.slice(0, room - 1).join('')}…`;
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
    case 'stopping':
    case 'cleaning':
      return formatDuration(nowMs - it.sinceMs);
  }
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

// What is being waited for, for how long, and until when: one line while starting, one while stopping.
//
// Pure. Only those are named that can be blamed: what waits for others is a number.

/** The line for a run at `nowMs` (on the scale of `ms`); undefined when nobody is waited for. */
export function waitingLine(status: RunStatus, nowMs: number): string | undefined {
  return status.shutdown === undefined ? startingLine(status, nowMs) : stoppingLine(status, nowMs);
}

function startingLine(status: RunStatus, nowMs: number): string | undefined {
  const named: string[] = [];
  let others = 0;
  for (const [service, it] of status.services) {
    if (it.state === 'starting') named.push(`${service} (${formatDuration(nowMs - it.sinceMs)})`);
    if (it.state === 'backoff') named.push(`${service} (restarts in ${formatDuration(it.untilMs - nowMs)})`);
    if (it.state === 'pending') others++;
  }
  return sentence('still starting', named, others);
}

function stoppingLine(status: RunStatus, nowMs: number): string | undefined {
  const named: string[] = [];
  let others = 0;
  for (const [service, it] of status.services) {
    const why = stopWait(it, nowMs);
    if (why !== undefined) named.push(`${service} (${why})`);
    else if (isActive(it)) others++;
  }
  return sentence('waiting for', named, others);
}

function stopWait(it: ServiceStatus, nowMs: number): string | undefined {
  const age = formatDuration(nowMs - it.sinceMs);
  if (it.state === 'cleaning') return `cleaning up, ${age}`;
  if (it.state !== 'stopping') return undefined;
  const left = it.deadlineMs - nowMs;
  return left > 0 ? `${age}, killed in ${formatDuration(left)}` : `${age}, being killed`;
}

function sentence(verb: string, named: readonly string[], others: number): string | undefined {
  if (named.length === 0) return undefined;
  return `${verb} ${named.join(', ')}${others === 0 ? '' : `; ${others} more after that`}`;
}
