/**
 * The commands that run before an instance: one after the other, each a process like the instance itself, with its rights and its
 * environment. All of them together have as long as readiness has.
 *
 * With the first of them an attempt has begun. One that fails, is late, or runs when its service must stop is brought down as the
 * instance would be: asked, killed, cleaned up after. What it leaves in the background is stopped before the next one; what brings up
 * a service that is external may leave it, and is heard until that is taken down.
 */
import { moveOnAfter, now, wait } from '../../concurrency/index.ts';
import { displayCommand } from '../../conditions/kinds/command.ts';
import { describeExit } from '../../events/describe.ts';
import type { Exit } from '../../events/fact-shape.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { beforeLimitMs } from '../../graph/before-limit.ts';
import type { Instance, LaunchRequest, ReadyCommand, SpawnFailure } from '../../process/ports.ts';
import type { Run } from '../run/run.ts';
import { followAll, judgeLosses, type Loss } from '../service/binding.ts';
import type { Ending } from '../service/ending.ts';
import type { ServiceNode } from '../service/node.ts';
import { askedToStop } from '../service/stop-cause.ts';
import { firstOf, launchOne, type Unexecuted } from './await-launch.ts';
import { shownBy } from './bound-commands.ts';
import { mustStop } from './watch.ts';

/** The last of them that was spawned: it stands for the instance if nothing comes of that. */
export interface Preparation {
  readonly instance: Instance;
  readonly spawnedAtMs: number;
  /** Undefined: it runs. */
  readonly exit: Exit | undefined;
}

/** What came of them; `failure`: one could not be spawned. */
export type Before =
  | { readonly kind: 'done' | 'called-off' }
  | { readonly kind: 'failed'; readonly failure: SpawnFailure }
  /** `loss`: what it gives way to. */
  | { readonly kind: 'over'; readonly ending: Unready; readonly loss?: Loss };

type Unready = Unexecuted | (Ending & { readonly kind: 'lost' });

/** How long finding out that nothing is left may take. */
const LOOK_MS = 100;
/** What it leaves in the background is given so long to end, once it is asked. */
const LEFT_MS = 2000;
/** Its tree is gone, so that the end of its output can only be a read away. */
const DRAIN_MS = 100;

/** `request`: that of the instance. `last`: undefined if none was spawned. */
export async function runBefore(
  run: Run,
  node: ServiceNode,
  commands: readonly ReadyCommand[],
  request: LaunchRequest,
): Promise<Before & { readonly last: Preparation | undefined }> {
  const untilMs = now() + beforeLimitMs(node.spec);
  let last: Preparation | undefined;
  const onSpawned = (instance: Instance): void => {
    last = { instance, spawnedAtMs: now(), exit: undefined };
  };
  const onExit = (exit: Exit): void => {
    last = last && { ...last, exit };
  };
  for (const [index, command] of commands.entries()) {
    const mayLeave = request.command.kind === 'external' && index === commands.length - 1;
    const one = { ...aheadOf(run, node, request), command, stage: index + 1 };
    const came = await runOne(run, node, one, { untilMs, mayLeave, onSpawned, onExit });
    if (came.kind !== 'done') return { ...came, last };
    if (!mayLeave) last?.instance.dispose();
  }
  return { kind: 'done', last };
}

/** It has no channel, and no terminal; its output is among that of the instance, in lines of its own. */
function aheadOf(run: Run, node: ServiceNode, request: LaunchRequest): LaunchRequest {
  return {
    ...request,
    ...{ channel: 'none', watchdogMs: undefined, stdin: undefined, ownTerminal: undefined, terminal: false },
    onOutput: shownBy(run, (stream, chunk) => {
      if (chunk !== undefined) node.tail.append(chunk);
      run.ports.onLog(node.name, request.attempt, stream, chunk, true);
    }),
    onNotification() {},
  };
}

interface Course {
  readonly untilMs: number;
  /** It may leave something in the background. */
  readonly mayLeave: boolean;
  readonly onSpawned: (instance: Instance) => void;
  readonly onExit: (exit: Exit) => void;
}

async function runOne(
  run: Run,
  node: ServiceNode,
  request: LaunchRequest,
  { untilMs, mayLeave, onSpawned, onExit }: Course,
): Promise<Before> {
  const { attempt } = request;
  const shown = displayCommand(request.command);
  const spawned = await launchOne(run.ports.launcher, node, request, () => mustStop(run, node));
  if (spawned.kind !== 'spawned') return spawned;
  const { instance } = spawned;
  onSpawned(instance);
  run.announce({ type: 'service.before', service: node.name, attempt, run: shown, pid: instance.pid });
  if (spawned.ending !== undefined) return { kind: 'over', ending: spawned.ending };
  const result = await firstOf(
    untilMs - now(),
    async () => {
      onExit(await wait(instance.exited));
      return mayLeave || (await nothingLeft(node, instance)) ? ('gone' as const) : ('left' as const);
    },
    node,
    () => mustStop(run, node) || lossOf(run, node) !== undefined,
    () => endingOf(node, lossOf(run, node)),
  );
  if (typeof result === 'object') return { kind: 'over', ...result };
  const exit = result === 'late' ? undefined : await wait(instance.exited);
  const why = troubleOf(exit, result, beforeLimitMs(node.spec));
  if (why === undefined) return { kind: 'done' };
  const cause = `"${shown}", which runs before it, ${why}`;
  return { kind: 'over', ending: { kind: 'not-ready', why: cause, late: result === 'late', isBefore: true } };
}

/** What it relies on and has lost, as for an instance; a loss that may last a while is seen once there is one. */
function lossOf(run: Run, node: ServiceNode): Loss | undefined {
  if (node.leaving !== undefined) return undefined;
  node.bindings = followAll(node.bindings, (service) => run.nodes.get(service)!, now());
  const verdict = judgeLosses(node.bindings, now());
  return verdict.kind === 'lost' ? verdict.loss : undefined;
}

function endingOf(
  node: ServiceNode,
  loss: Loss | undefined,
): { readonly ending: Unready; readonly loss?: Loss } {
  if (loss === undefined) return { ending: askedToStop(node) };
  return { loss, ending: { kind: 'lost', reason: loss.reason, readyMs: undefined } };
}

/** What is wrong with how it went, a clause; undefined: nothing. */
function troubleOf(
  exit: Exit | undefined,
  result: 'gone' | 'left' | 'late',
  limitMs: number,
): string | undefined {
  if (exit !== undefined && (exit.kind !== 'code' || exit.code !== 0)) return describeExit(exit);
  if (result === 'gone') return undefined;
  return result === 'late'
    ? `had not ended after ${formatDuration(limitMs)}`
    : 'left something in the background that does not end';
}

/** What it left is asked to end. Resolves with whether all of it has. */
async function nothingLeft(node: ServiceNode, instance: Instance): Promise<boolean> {
  const gone = (): Promise<true> => wait(instance.treeGone()).then(() => true);
  if ((await moveOnAfter(LOOK_MS, gone)) !== true) {
    instance.askRest(node.spec.stop.signal);
    if ((await moveOnAfter(LEFT_MS, gone)) !== true) return false;
  }
  if (instance.outputOpen) await moveOnAfter(DRAIN_MS, () => wait(instance.outputEnded));
  return true;
}
