/**
 * `orderly down`: asks a run for its end, tells what is waited for, and returns with its account.
 *
 * A second one asks the same; with `--now` what is still there is killed. Ctrl-C only leaves: the shutdown goes on.
 */
import type { ServicesAnswer } from '../../control/protocol.ts';
import type { OrderlyEvent } from '../../events/event.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { printable } from '../../events/printable.ts';
import { isRest } from '../../events/state-table.ts';
import type { FoundRun } from '../../process/guard/find-run.ts';
import type { Ending } from '../world.ts';
import { AskError, askRun, noAnswer } from './ask-run.ts';
import type { ClientWorld } from './client-world.ts';
import { type ClientOptions, findTarget } from './find-run.ts';
import { untilInterrupted } from './look.ts';

export interface DownOptions extends ClientOptions {
  readonly now?: boolean | undefined;
  /** Milliseconds. */
  readonly budget?: number | undefined;
  readonly quiet?: boolean | undefined;
}

export async function down(world: ClientWorld, options: DownOptions): Promise<Ending> {
  const { name, run } = findTarget(world, options);
  if (run === undefined) {
    if (options.json === true) world.print(`${JSON.stringify({ outcome: 'unchanged' })}\n`);
    else world.complain(`orderly: ${name} doesn't run`);
    return { status: 0 };
  }
  const interrupted = untilInterrupted(world);
  let isAsked = false;
  const left = interrupted.then((ending) => {
    world.complain(`orderly: waits no longer; ${isAsked ? 'the shutdown goes on' : 'nothing was asked'}`);
    return ending;
  });
  const ended = async (): Promise<Ending> => {
    const { seq } = await askRun<{ readonly seq: number }>(world, run, { method: 'GET', path: '/v1/run' });
    // Its end must not be missed: listening comes before asking.
    const path = `/v1/events?since=${Math.max(0, seq - 1)}&follow`;
    const lines = world.follow(run, { method: 'GET', path });
    await lines.next().catch((error: unknown): never => {
      throw noAnswer(run, error);
    });
    isAsked = true;
    await askRun<object>(world, run, {
      method: 'POST',
      path: '/v1/down',
      body: { now: options.now === true, budget_ms: options.budget },
    });
    // It may be over by now: then there is nobody to wait for, and its account has come already.
    await tellWaiting(world, run, options).catch((error: unknown) => {
      if (!(error instanceof AskError)) throw error;
    });
    return untilEnded(world, run, lines, options);
  };
  const told = ended().catch(async (error: unknown): Promise<Ending> => {
    // It was about to end when it was asked.
    if (!(error instanceof AskError) || !(await hasEnded(world, run))) throw error;
    if (options.json === true) world.print(`${JSON.stringify({ outcome: 'unchanged' })}\n`);
    else world.complain(`orderly: ${name} has ended`);
    return { status: 0 };
  });
  return Promise.race([told, left]);
}

/** What still runs, where somebody may have asked for the end before. */
async function tellWaiting(
  world: ClientWorld,
  run: FoundRun,
  { json = false, quiet = false }: DownOptions,
): Promise<void> {
  if (json || quiet) return;
  const question = { method: 'GET', path: '/v1/services' } as const;
  const { services } = await askRun<ServicesAnswer>(world, run, question);
  const names = services.filter(({ state }) => !isRest(state)).map(({ service }) => service);
  if (names.length > 0) world.print(`${printable(`waiting for ${names.join(', ')}`)}\n`);
}

/** What doesn't answer ends, or it doesn't. */
const ENDS_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 20;

async function hasEnded(world: ClientWorld, run: FoundRun): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < ENDS_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    if (!world.isAlive(run)) return true;
    await world.pause(LOOK_EVERY_MS);
  }
  return false;
}

async function untilEnded(
  world: ClientWorld,
  { pid }: FoundRun,
  lines: AsyncGenerator<string>,
  { json = false, quiet = false }: DownOptions,
): Promise<Ending> {
  try {
    for await (const line of lines) {
      const event = JSON.parse(line) as OrderlyEvent;
      if (json && event.type === 'run.finished') world.print(`${line}\n`);
      if (event.type === 'run.finished')
        return { status: event.status === 1 || event.status === 3 ? event.status : 0 };
      const text = json || quiet ? undefined : describe(event);
      if (text !== undefined) world.print(`${printable(text)}\n`);
    }
  } catch {
    // It broke off.
  }
  world.complain(`orderly: the run (pid ${pid}) was gone before it told how it ended`);
  return { status: 1 };
}

/** What is worth a line while it goes down. Pure. */
function describe(event: OrderlyEvent): string | undefined {
  switch (event.type) {
    case 'shutdown.requested':
      return event.budget_ms === undefined
        ? 'stopping'
        : `stopping, within ${formatDuration(event.budget_ms)}`;
    case 'service.stopped':
      return `${event.service}: stopped`;
    case 'service.killed':
      return `${event.service}: killed: ${event.reason}`;
    default:
      return undefined;
  }
}
