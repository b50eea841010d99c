/**
 * `orderly ps`: where each service of a run is.
 */
import { closest } from '../../config/diagnostics/closest.ts';
import type { ServiceAnswer, ServicesAnswer } from '../../control/protocol.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { printable } from '../../events/printable.ts';
import type { Ending } from '../world.ts';
import { askRun } from './ask-run.ts';
import type { ClientWorld } from './client-world.ts';
import { type ClientOptions, findTarget } from './find-run.ts';

export async function ps(
  world: ClientWorld,
  names: readonly string[],
  options: ClientOptions,
): Promise<Ending> {
  const { name, run } = findTarget(world, options);
  if (run === undefined) {
    world.print(options.json === true ? '[]\n' : '');
    if (options.json !== true) world.complain(`orderly: ${name} doesn't run`);
    return { status: 0 };
  }
  const answer = await askRun<ServicesAnswer>(world, run, { method: 'GET', path: '/v1/services' });
  const services = answer.services.filter(({ service }) => names.length === 0 || names.includes(service));
  const missing = names.filter((one) => !answer.services.some(({ service }) => service === one));
  if (missing.length > 0) {
    const known = answer.services.map(({ service }) => service);
    for (const one of missing) {
      const near = closest(one, known);
      const hint = near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
      world.complain(`orderly: there is no service ${JSON.stringify(one)}${hint}`);
    }
    return { status: 2 };
  }
  world.print(
    options.json === true ? `${JSON.stringify(services, null, 2)}\n` : serviceTable(services, answer.now_ms),
  );
  return { status: 0 };
}

/** A line for each, under a head. `nowMs`: on the scale of the run. Pure. */
export function serviceTable(services: readonly ServiceAnswer[], nowMs: number): string {
  return renderTable([HEAD, ...services.map((one) => rowOf(one, nowMs))]);
}

const HEAD = ['NAME', 'STATE', 'FOR', 'RESTARTS', 'PID', ''];

function rowOf(service: ServiceAnswer, nowMs: number): readonly string[] {
  const { state, since_ms, restarts, pid } = service;
  return [
    service.service,
    service.unhealthy === undefined ? state : 'unhealthy',
    formatDuration(Math.max(0, nowMs - since_ms)),
    restarts.all === restarts.since_wish ? `${restarts.all}` : `${restarts.since_wish} of ${restarts.all}`,
    pid === undefined ? '' : String(pid),
    detailOf(service, nowMs),
  ];
}

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
