/**
 * `orderly why`, `events`, `health`, `ls`: looks at a run, or at all of them, and changes nothing.
 */
import type { WhyAnswer } from '../../control/protocol.ts';
import { printableLines } from '../../events/printable.ts';
import { nameOfAll } from '../all/project-of-all.ts';
import type { Ending } from '../world.ts';
import { askRun, noAnswer, PATIENCE_MS } from './ask-run.ts';
import { type ClientWorld, statusOf } from './client-world.ts';
import { type ClientOptions, findTarget, requireRun } from './find-run.ts';
import { renderTable } from './service-table.ts';

export async function why(world: ClientWorld, name: string, options: ClientOptions): Promise<Ending> {
  const run = requireRun(world, options, 'tell why');
  const path = `/v1/services/${encodeURIComponent(name)}/why`;
  const answer = await askRun<WhyAnswer>(world, run, { method: 'GET', path });
  world.print(
    options.json === true ? `${JSON.stringify(answer, null, 2)}\n` : `${printableLines(answer.text)}\n`,
  );
  return { status: 0 };
}

export interface EventsOptions extends ClientOptions {
  readonly follow?: boolean | undefined;
  /** The number of an event. */
  readonly since?: number | undefined;
}

export async function events(
  world: ClientWorld,
  { follow = false, since = 0, ...options }: EventsOptions,
): Promise<Ending> {
  const run = requireRun(world, options, 'show events');
  const path = `/v1/events?since=${since}${follow ? '&follow' : ''}`;
  const shown = (async (): Promise<Ending> => {
    for await (const line of world.follow(run, { method: 'GET', path }))
      if (world.print(`${line}\n`) !== undefined) return { status: 1 };
    return { status: 0 };
  })().catch((error: unknown): never => {
    throw noAnswer(run, error);
  });
  return Promise.race([shown, untilInterrupted(world)]);
}

export async function untilInterrupted(world: ClientWorld): Promise<Ending> {
  return { status: statusOf(await world.interrupted()) };
}

export interface HealthOptions extends ClientOptions {
  /** That it answers is enough. */
  readonly live?: boolean | undefined;
}

/** For probes: 0 or 1, with a line that says why. */
export async function health(
  world: ClientWorld,
  { live = false, ...options }: HealthOptions,
): Promise<Ending> {
  const { name, run } = findTarget(world, options);
  if (run === undefined) {
    world.complain(`orderly: ${name} doesn't run`);
    return { status: 1 };
  }
  const { status, text } = await world
    .ask(run, { method: 'GET', path: live ? '/livez' : '/readyz', patienceMs: PATIENCE_MS })
    .catch((error: unknown): never => {
      throw noAnswer(run, error);
    });
  world.print(
    options.json === true
      ? `${JSON.stringify({ ok: status === 200, text: text.trim() })}\n`
      : printableLines(text),
  );
  return { status: status === 200 ? 0 : 1 };
}

export function ls(world: ClientWorld, { json = false }: ClientOptions): Ending {
  const runs = world.findRuns();
  if (json) world.print(`${JSON.stringify(runs, null, 2)}\n`);
  else if (runs.length > 0)
    world.print(
      renderTable([
        ['PROJECT', 'PID', 'SINCE', 'FILE'],
        ...runs.map(({ project, pid, since, file }) => [nameOf(project), String(pid), since, file]),
      ]),
    );
  return { status: 0 };
}

/** Of a file its folder says more than its name. */
function nameOf(project: string): string {
  if (project.startsWith('name:')) return project.slice('name:'.length);
  return nameOfAll(project) ?? project.split('/').at(-2) ?? project;
}
