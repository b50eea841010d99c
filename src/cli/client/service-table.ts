/**
 * Services as a table for people. Pure.
 */
import type { ListenAnswer, ServiceAnswer } from '../../control/protocol.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { printable } from '../../events/printable.ts';

/** What is shown beside where they are. */
export interface MoreColumns {
  readonly labels?: boolean;
  readonly usage?: boolean;
}

/** A line for each, under a head. `nowMs`: on the scale of the run. */
export function serviceTable(
  services: readonly ServiceAnswer[],
  nowMs: number,
  { labels = false, usage = false }: MoreColumns = {},
): string {
  const columns = [...COLUMNS, ...(usage ? USAGE : []), ...(labels ? [LABELS] : [])];
  const heads = columns.map(({ head }) => head);
  const rows = services.map((one) => [...columns.map(({ of }) => of(one, nowMs)), detailOf(one, nowMs)]);
  return renderTable([[...heads, ''], ...rows]);
}

interface Column {
  readonly head: string;
  readonly of: (service: ServiceAnswer, nowMs: number) => string;
}

const COLUMNS: readonly Column[] = [
  { head: 'NAME', of: ({ service }) => service },
  { head: 'STATE', of: ({ unhealthy, state }) => (unhealthy === undefined ? state : 'unhealthy') },
  { head: 'FOR', of: ({ since_ms }, nowMs) => formatDuration(Math.max(0, nowMs - since_ms)) },
  {
    head: 'RESTARTS',
    of: ({ restarts: { all, since_wish: lately } }) => (all === lately ? `${all}` : `${lately} of ${all}`),
  },
  { head: 'PID', of: ({ pid }) => (pid === undefined ? '' : String(pid)) },
];

const USAGE: readonly Column[] = [
  { head: 'CPU', of: ({ usage }) => (usage === undefined ? '' : `${usage.cpu_percent.toFixed(1)}%`) },
  { head: 'MEMORY', of: ({ usage }) => (usage === undefined ? '' : formatBytes(usage.resident_bytes)) },
  { head: 'LISTENS', of: ({ usage }) => (usage === undefined ? '' : listensOf(usage.listens, usage.hidden)) },
];

const LABELS: Column = {
  head: 'LABELS',
  of: ({ labels = {} }) =>
    Object.entries(labels)
      .map(([key, value]) => (value === '' ? key : `${key}=${value}`))
      .join(','),
};

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'];

function formatBytes(bytes: number): string {
  let [amount, unit] = [bytes / 1024, 0];
  while (amount >= 1000 && unit < UNITS.length - 1) [amount, unit] = [amount / 1024, unit + 1];
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[unit]}`;
}

function listensOf(listens: readonly ListenAnswer[], hidden = false): string {
  return [...new Set(listens.map(placeOf)), ...(hidden ? ['?'] : [])].join(' ');
}

/** As tools that list sockets write it: `*:80`, `127.0.0.1:80`, `[::1]:80`, `*:53/udp`. */
function placeOf(place: ListenAnswer): string {
  if (place.protocol === 'unix') return place.path;
  const { address, port, protocol } = place;
  const host = ANYWHERE.includes(address) ? '*' : address.includes(':') ? `[${address}]` : address;
  return `${host}:${port}${protocol === 'udp' ? '/udp' : ''}`;
}

const ANYWHERE: readonly string[] = ['0.0.0.0', '::'];

/** The one thing that a person asks next. */
function detailOf(service: ServiceAnswer, nowMs: number): string {
  const { waiting_for: waitingFor, until_ms: untilMs, unhealthy, why, wanted } = service;
  if (unhealthy !== undefined) return unhealthy;
  if (waitingFor !== undefined) return `waits for ${waitingFor.map((one) => one.service).join(', ')}`;
  const due = untilMs === undefined ? '' : ` in ${formatDuration(Math.max(0, untilMs - nowMs))}`;
  if (service.state === 'backoff') return `starts again${due}: ${why}`;
  if (service.state === 'stopping') return `is killed${due}: ${why}`;
  if (service.state === 'stopped' && wanted.reason !== undefined) return wanted.reason;
  return why ?? '';
}

/** Columns as wide as their widest text; the last one is as it is. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const texts = rows.map((row) => row.map(printable));
  const widths = texts[0]!.map((_, column) => Math.max(...texts.map((row) => row[column]!.length)));
  return texts
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
