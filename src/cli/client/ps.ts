/**
 * `orderly ps`: where each service of a run is, and with `--usage` what it uses and where it listens.
 */
import type { ServicesAnswer } from '../../control/protocol.ts';
import type { FoundRun } from '../../process/guard/find-run.ts';
import type { Ending } from '../world.ts';
import { askRun } from './ask-run.ts';
import type { ClientWorld } from './client-world.ts';
import { type ClientOptions, findTarget } from './find-run.ts';
import { type MoreColumns, serviceTable } from './service-table.ts';

export interface PsOptions extends ClientOptions {
  /** Only services that have all of these. */
  readonly label?: readonly string[] | undefined;
  readonly usage?: boolean | undefined;
}

export async function ps(world: ClientWorld, names: readonly string[], options: PsOptions): Promise<Ending> {
  const run = findShown(world, options);
  if (run === undefined) return { status: 0 };
  const { services, now_ms: nowMs } = await askServices(world, run, names, options);
  world.print(
    options.json === true
      ? `${JSON.stringify(services, null, 2)}\n`
      : serviceTable(services, nowMs, shownColumns(options)),
  );
  return { status: 0 };
}

/** Undefined: it doesn't run, which is told. */
export function findShown(world: ClientWorld, options: PsOptions): FoundRun | undefined {
  const { name, run } = findTarget(world, options);
  if (run !== undefined) return run;
  world.print(options.json === true ? '[]\n' : '');
  if (options.json !== true) world.complain(`orderly: ${name} doesn't run`);
  return undefined;
}

/** Those that are chosen, in the order of the graph. Throws an `AskError`, also if there are none. */
export function askServices(
  world: Pick<ClientWorld, 'ask'>,
  run: FoundRun,
  names: readonly string[],
  { label = [], usage = false }: PsOptions,
): Promise<ServicesAnswer> {
  const query = new URLSearchParams([
    ...names.map((one): [string, string] => ['name', one]),
    ...label.map((one): [string, string] => ['label', one]),
    ...(usage ? [['usage', ''] as [string, string]] : []),
  ]);
  const path = `/v1/services${query.size > 0 ? `?${query}` : ''}`;
  return askRun<ServicesAnswer>(world, run, { method: 'GET', path });
}

export function shownColumns({ label, usage = false }: PsOptions): MoreColumns {
  return { labels: label !== undefined, usage };
}
