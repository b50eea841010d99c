/**
 * `orderly ps`: where each service of a run is.
 */
import type { ServiceAnswer, ServicesAnswer } from '../../control/protocol.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { printable } from '../../events/printable.ts';
import type { Ending } from '../world.ts';
import { askRun } from './ask-run.ts';
import type { ClientWorld } from './client-world.ts';
import { type ClientOptions, findTarget } from './find-run.ts';

export interface PsOptions extends ClientOptions {
  /** Only services that have all of these. */
  readonly label?: readonly string[] | undefined;
}

export async function ps(world: ClientWorld, names: readonly string[], options: PsOptions): Promise<Ending> {
  const { name, run } = findTarget(world, options);
  if (run === undefined) {
    world.print(options.json === true ? '[]\n' : '');
    if (options.json !== true) world.complain(`orderly: ${name} doesn't run`);
    return { status: 0 };
  }
  const query = new URLSearchParams([
    ...names.map((one): [string, string] => ['name', one]),
    ...(options.label ?? []).map((one): [string, string] => ['label', one]),
  ]);
  const path = `/v1/services${query.size > 0 ? `?${query}` : ''}`;
  const answer = await askRun<ServicesAnswer>(world, run, { method: 'GET', path });
  const { services } = answer;
  world.print(
    options.json === true
      ? `${JSON.stringify(services, null, 2)}\n`
      : serviceTable(services, answer.now_ms, options.label !== undefined),
  );
  return { status: 0 };
}

/** A line for each, under a head. `nowMs`: on the scale of the run. Pure. */
export function serviceTable(
  services: readonly ServiceAnswer[],
  nowMs: number,
  withLabels: boolean = false,
): string {
  const columns = withLabels ? [...COLUMNS, LABELS] : COLUMNS;
  const head = columns.map(({ head }) => head);
  const rows = services.map((one) => [...columns.map(({ of }) => of(one, nowMs)), detailOf(one, nowMs)]);
  return renderTable([[...head, ''], ...rows]);
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

const LABELS: Column = {
  head: 'LABELS',
  of: ({ labels = {} }) =>
    Object.entries(labels)
      .map(([key, value]) => (value === '' ? key : `${key}=${value}`))
      .join(','),
};

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
