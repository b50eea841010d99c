/**
 * `orderly up` where the project runs already: shows that run, and starts what is missing, as long as it is here.
 *
 * What was wanted there before is only used. Ctrl-C leaves it as it was found; a second one leaves at once.
 */
import { sleep } from '../../concurrency/index.ts';
import type { LeaseAnswer, RunAnswer, SettledAnswer } from '../../control/protocol.ts';
import { signalNumber } from '../../engine/outcome/exit-status.ts';
import { printableLines } from '../../events/printable.ts';
import type { FoundRun } from '../../process/guard/find-run.ts';
import { AskError, askRun } from '../client/ask-run.ts';
import { changedServices } from '../client/changed.ts';
import type { ClientWorld } from '../client/client-world.ts';
import type { Listener } from '../control/open-listener.ts';
import { type Project, shownServices } from '../load-project.ts';
import { type Ending, UsageError, type World } from '../world.ts';
import { Settlements } from './settlements.ts';
import { type ShownRun, sayingAsShown, showRun } from './shown-run.ts';

export interface JoinOptions {
  readonly output?: 'text' | 'json' | undefined;
  /** As for `up`. */
  readonly only?: readonly string[] | undefined;
  readonly timestamps?: boolean | undefined;
  /** It is to let clients in there. */
  readonly listener?: Listener | undefined;
}

/** Undefined: that run is over, and another one can begin. */
export async function joinUp(
  given: World,
  project: Project,
  run: FoundRun,
  options: JoinOptions,
): Promise<Ending | undefined> {
  const world = sayingAsShown(given, options);
  const client = await world.asClient();
  if (await isEnding(world, client, run)) return undefined;
  await requireListener(client, run, options.listener);
  world.letSignalsEnd();
  const interrupted = client.interrupted();
  const settlements = new Settlements();
  const shown = await showRun(world, client, shownServices(project, options.only), run, {
    output: options.output,
    only: options.only,
    timestamps: options.timestamps,
    withLogs: true,
    onEvent: (event) => settlements.onEvent(event),
  });
  say(world, `joined the run of this project (pid ${run.pid}, since ${shown.about.since}); Ctrl-C leaves it`);
  const names = await known(world, client, run, project);
  const held = await hold(client, run, names);
  if (held.why !== undefined) say(world, held.why);
  const status = await Promise.race([shown.ended, interrupted, shown.unread.then(() => 'unread' as const)]);
  if (typeof status !== 'string') return ended(world, run, shown, status);
  held.release();
  if (held.isAnyStarted) {
    await Promise.race([
      settlements.untilSettled(`release-${held.lease}`),
      client.interrupted(),
      shown.ended,
    ]);
  }
  await shown.close();
  say(world, `left the run (pid ${run.pid}), which goes on`);
  return { status: status === 'unread' ? 0 : 128 + signalNumber(status) };
}

/** Whoever asked for one must not believe that there is one. */
export async function requireListener(
  client: ClientWorld,
  run: FoundRun,
  listener: Listener | undefined,
): Promise<void> {
  if (listener === undefined || listener.isAt((await answerOf(client, run))?.listen)) return;
  const remedy = 'join without --listen, or end it first with "orderly down"';
  throw new UsageError(
    `Cannot listen at ${listener.asked}: the project runs already (pid ${run.pid}), and only its own start can open a port; ${remedy}`,
  );
}

async function ended(
  world: World,
  run: FoundRun,
  shown: ShownRun,
  status: number | undefined,
): Promise<Ending> {
  await shown.close();
  if (status !== undefined) return { status };
  say(world, `the run (pid ${run.pid}) was gone before it told how it ended`);
  return { status: 1 };
}

function say(world: World, text: string): void {
  world.complain(`orderly: ${printableLines(text)}`);
}

/** Whether it goes down: then it is waited for. */
export async function isEnding(world: World, client: ClientWorld, run: FoundRun): Promise<boolean> {
  const about = await answerOf(client, run);
  if (about !== undefined && about.shutdown === undefined) return false;
  if (about !== undefined)
    say(world, `the run of this project (pid ${run.pid}) is ending (${about.shutdown}): waiting for that`);
  while (client.isAlive(run)) await sleep(LOOK_EVERY_MS);
  return true;
}

const LOOK_EVERY_MS = 20;
/** One that has just begun doesn't listen yet, and one that is about to end doesn't any more. */
const LISTENS_WITHIN_MS = 3_000;

/** Undefined: it has ended. Throws an `AskError` if it lives and doesn't answer. */
async function answerOf(client: ClientWorld, run: FoundRun): Promise<RunAnswer | undefined> {
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    try {
      return await askRun<RunAnswer>(client, run, { method: 'GET', path: '/v1/run' });
    } catch (error) {
      if (!client.isAlive(run)) return undefined;
      if (!(error instanceof AskError) || waitedMs >= LISTENS_WITHIN_MS) throw error;
      await sleep(LOOK_EVERY_MS);
    }
  }
}

/** The services that are chosen here and are there; what is different there is told. */
export async function known(
  world: World,
  client: ClientWorld,
  run: FoundRun,
  project: Project,
): Promise<readonly string[]> {
  const { services } = await askRun<{ readonly services: readonly { readonly service: string }[] }>(
    client,
    run,
    {
      method: 'GET',
      path: '/v1/services',
    },
  );
  const there = new Set(services.map(({ service }) => service));
  const names = project.graph.services.filter((name) => there.has(name));
  const absent = project.graph.services.filter((name) => !there.has(name));
  if (absent.length > 0) {
    const which = absent.map((name) => JSON.stringify(name)).join(', ');
    say(world, `that run was started without ${which}: it can't be started there`);
  }
  const changed = await changedServices(client, run);
  if (changed.length > 0) {
    const which = changed.join(', ');
    say(world, `the files have changed since that run read them (${which}); "orderly reload" applies that`);
  }
  return names;
}

export interface HeldServices {
  readonly lease: string;
  /** Of the last event before it. */
  readonly seq: number;
  /** Something was not wanted there until now. */
  readonly isAnyStarted: boolean;
  /** Why nothing could be asked for, a sentence. */
  readonly why: string | undefined;
  /** How the start ended; undefined: it broke off. Never rejects. */
  readonly settled: Promise<SettledAnswer | undefined>;
  release(): void;
}

/** Holds services until they are released, or this program ends. */
export async function hold(
  client: ClientWorld,
  run: FoundRun,
  names: readonly string[],
  forCommand = false,
): Promise<HeldServices> {
  const leaving = new AbortController();
  const lines = client.follow(run, {
    method: 'POST',
    path: '/v1/leases',
    body: { names, for_command: forCommand },
    signal: leaving.signal,
  });
  const release = (): void => leaving.abort();
  const first = await lines.next().catch((error: unknown) => error as Error);
  if (first instanceof Error) {
    const settled = Promise.resolve(undefined);
    return { lease: '', seq: 0, isAnyStarted: false, why: first.message, settled, release };
  }
  const { lease, seq, plan } = JSON.parse(first.value) as LeaseAnswer;
  const settled = lines.next().then(
    ({ value, done }) => (done === true ? undefined : (JSON.parse(value) as SettledAnswer)),
    () => undefined,
  );
  return { lease, seq, isAnyStarted: plan.length > 0, why: undefined, settled, release };
}
