/**
 * `orderly up -d`: leaves the project in the background, and returns when all of it is ready, or something has failed for good.
 *
 * Where it runs already what is missing is started, and stays. Waiting ends at the limit, by Ctrl-C or by death; the run goes on.
 */
import { sleep } from '../../concurrency/index.ts';
import type { AcceptedAnswer, RefusedAnswer } from '../../control/protocol.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { printableLines } from '../../events/printable.ts';
import type { FoundRun } from '../../process/guard/find-run.ts';
import type { BackgroundProcess } from '../../process/spawn/background.ts';
import { AskError, askRun, askSettled } from '../client/ask-run.ts';
import type { ClientWorld } from '../client/client-world.ts';
import type { Listener } from '../control/open-listener.ts';
import { type EnterOptions, projectNamed } from '../enter-project.ts';
import { type Project, shownServices } from '../load-project.ts';
import { statePlace } from '../state-folder.ts';
import { type Ending, UsageError, type World } from '../world.ts';
import { isEnding, known, requireListener } from './join-up.ts';
import { Settlements } from './settlements.ts';
import { type ShownRun, showRun } from './shown-run.ts';

export interface DetachOptions extends EnterOptions {
  readonly output?: 'text' | 'json' | undefined;
  readonly timestamps?: boolean | undefined;
  /** How long it is waited for, in milliseconds. */
  readonly timeout?: number | undefined;
  /** The run is to let clients in there. */
  readonly listener?: Listener | undefined;
  /** Nothing is told but what went wrong. */
  readonly quiet?: boolean | undefined;
}

const LOOK_EVERY_MS = 15;

/** `args`: the command line of the run to be. */
export async function detach(
  world: World,
  project: Project,
  args: readonly string[],
  options: DetachOptions,
): Promise<Ending> {
  const client = await world.asClient();
  const [file] = project.config.files;
  if (file === undefined)
    throw new UsageError('Without a configuration there is nothing to leave in the background');
  const name = projectNamed(world, file, options);
  const say = (text: string): void => {
    if (options.quiet !== true) world.complain(`orderly: ${printableLines(text)}`);
  };
  world.letSignalsEnd();
  for (;;) {
    const found = client.findRun(name);
    if (found !== undefined) {
      if (await isEnding(world, client, found)) continue;
      await requireListener(client, found, options.listener);
      say(`the project runs already (pid ${found.pid})`);
      const ending = await untilReady(world, client, project, found, { ...options, kind: 'start' }).catch(
        noAnswer,
      );
      if (ending === undefined) continue;
      return ending;
    }
    const place = statePlace(world, name);
    if (place === undefined)
      throw new UsageError(
        'Cannot tell where to keep the output: set XDG_STATE_HOME or HOME to an absolute path',
      );
    const path = `${place.folder}/output.log`;
    const child = start(world, [...args, '--in-background', path], path);
    const begun = await untilBegun(client, name, child);
    if (begun === 'other') continue;
    const ending =
      begun &&
      (await untilReady(world, client, project, begun, { ...options, kind: 'wait' }).catch(noAnswer));
    if (ending === undefined) return toldItself(world, child);
    child.leave();
    if (begun !== undefined && client.isAlive(begun))
      say(`in the background (pid ${begun.pid}), output in ${path}; "orderly down" ends it`);
    return ending;
  }
}

/** It was over before it could be asked: what it has to say is in its file. */
async function toldItself(world: World, child: BackgroundProcess): Promise<Ending> {
  const status = (await child.ended) ?? 1;
  world.complain(child.told().trimEnd());
  return { status: status === 0 ? 1 : status };
}

/** Of a run that is over by now; a wrong question is no such thing. */
function noAnswer(error: unknown): undefined {
  if (!(error instanceof AskError) || error.status !== 1) throw error;
  return undefined;
}

function start(world: World, args: readonly string[], path: string): BackgroundProcess {
  try {
    return world.startInBackground(args, path);
  } catch (error) {
    const why = (error as Error).message;
    throw new UsageError(
      `Cannot keep the output in ${JSON.stringify(path)}: ${why}; set XDG_STATE_HOME to a folder of your own`,
    );
  }
}

/** The run once it answers; `other`: somebody else began it; undefined: it has ended. */
async function untilBegun(
  client: ClientWorld,
  name: string,
  child: BackgroundProcess,
): Promise<FoundRun | 'other' | undefined> {
  let isOver = false;
  void child.ended.then(() => {
    isOver = true;
  });
  for (;;) {
    const found = client.findRun(name);
    if (found !== undefined && (found.pid !== child.pid || (await answers(client, found))))
      return found.pid === child.pid ? found : 'other';
    if (isOver) return client.findRun(name) === undefined ? undefined : 'other';
    await sleep(LOOK_EVERY_MS);
  }
}

async function answers(client: ClientWorld, run: FoundRun): Promise<boolean> {
  try {
    await askRun<object>(client, run, { method: 'GET', path: '/v1/run' });
    return true;
  } catch (error) {
    if (error instanceof AskError) return false;
    throw error;
  }
}

interface Waiting extends DetachOptions {
  readonly kind: 'start' | 'wait';
}

/** Shows what happens until all that is chosen here is ready, or can't be any more. Undefined: it is over, and hasn't told why. */
async function untilReady(
  world: World,
  client: ClientWorld,
  project: Project,
  run: FoundRun,
  { kind, output, timestamps, timeout, quiet }: Waiting,
): Promise<Ending | undefined> {
  const names = kind === 'wait' ? project.graph.services : await known(world, client, run, project);
  if (names.length === 0) return { status: 0 };
  const settlements = new Settlements();
  const shown =
    quiet === true
      ? undefined
      : await showRun(world, client, shownServices(project), run, {
          output,
          timestamps,
          withLogs: false,
          fromStart: kind === 'wait',
          onEvent: (event) => settlements.onEvent(event),
        });
  const body = kind === 'wait' ? { kind, names, until: 'ready' } : { kind, names };
  const question = { method: 'POST', path: '/v1/requests', body } as const;
  const answer = await askRun<AcceptedAnswer | RefusedAnswer>(client, run, question).catch(noAnswer);
  if (answer === undefined) return over(shown);
  if (answer.kind === 'refused') {
    await shown?.close();
    world.complain(`orderly: ${answer.why}`);
    return { status: answer.status };
  }
  const settled = await Promise.race([
    askSettled(client, run, answer.request).catch(noAnswer),
    ...(timeout === undefined ? [] : [sleep(timeout).then(() => 'late' as const)]),
  ]);
  if (settled !== 'late' && (settled?.kind !== 'settled' || settled.outcome === 'abandoned'))
    return over(shown);
  // Its answer may have overtaken what led to it.
  if (shown !== undefined && settled !== 'late')
    await Promise.race([settlements.untilSettled(answer.request), shown.ended]);
  await shown?.close();
  if (settled === 'late') {
    world.complain(`orderly: not all is ready within ${formatDuration(timeout!)}; the run goes on`);
    return { status: 1 };
  }
  if (settled.status !== 0) world.complain(`orderly: ${settled.why ?? 'it is not ready'}`);
  return { status: settled.status };
}

/** What failed has taken everything with it: its end is the report. Undefined: that was not seen. */
async function over(shown: ShownRun | undefined): Promise<Ending | undefined> {
  const status = await shown?.ended;
  return status === undefined ? undefined : { status: status === 0 ? 1 : status };
}
