/**
 * One service's life: it waits for its dependencies, runs instance after instance, and comes to rest; and begins again
 * when it is wanted to.
 *
 * It ends when it is at rest and the run is over. No process of the service is alive then (or it is recorded by name), every
 * instance has had its one clean-up pass, and no other will come. It is owned by `supervise`.
 */

import { moveOnAt, now, shield } from '../../concurrency/index.ts';
import { bringDown } from '../instance/bring-down.ts';
import { type Launched, launchInstance } from '../instance/launch.ts';
import { watchInstance } from '../instance/watch.ts';
import type { Run } from '../run/run.ts';
import { boundGone, unbindDependents } from '../service/dependents.ts';
import { type Ending, judgeEnding } from '../service/ending.ts';
import type { ServiceNode } from '../service/node.ts';
import { WAITING } from '../service/phase.ts';
import { mayLeaveRest, refreshBlocked, unspreadGone } from '../service/rest.ts';
import { noRestarts, type RestartHistory } from '../service/restart.ts';
import { askedToStop } from '../service/stop-cause.ts';
import { awaitDeparture } from './await-departure.ts';
import { comeToRest, reactToEnd, reactToFailure } from './conclude.ts';
import {
  type Again,
  decideAfterwards,
  decideNext,
  decideNotAdmitted,
  type LifeEnd,
  type Next,
} from './decide-end.ts';
import { parted, tellLoss } from './parting.ts';
import { type EdgeClock, judgeNow, waitForEdges } from './wait-for-edges.ts';

export async function liveService(run: Run, node: ServiceNode): Promise<void> {
  // What comes to the graph at rest begins there.
  const isResting = node.isAtRest;
  if (isResting && !(await leaveRest(run, node))) return;
  for (let isFirst = !isResting; ; isFirst = false) {
    comeToRest(run, node, await liveUntilRest(run, node, isFirst));
    if (!(await leaveRest(run, node))) return;
  }
}

async function liveUntilRest(run: Run, node: ServiceNode, isFirst: boolean): Promise<LifeEnd> {
  let history = noRestarts;
  let wish = node.upWish;
  let isTold = !isFirst;
  let isBetween = false;
  for (;;) {
    const admission = await waitForEdges(run, node, isTold);
    isTold = false;
    // What it was to stay down for was taken back before it came to that.
    if (admission.kind === 'stopped' && node.stopReason === undefined) continue;
    if (admission.kind === 'never') node.fault = admission.fault;
    if (admission.kind !== 'go') return notAdmitted(run, node, decideNotAdmitted(node, admission, isBetween));
    await node.pulse.until(() => node.stopReason !== undefined || boundGone(node));
    const stays = await awaitDeparture(run, node);
    if (stays !== undefined) return notAdmitted(run, node, stays);
    // Failures before a new wish count no more.
    if (node.upWish !== wish) history = noRestarts;
    wish = node.upWish;
    const next = await runOnce(run, node, history, admission.clock);
    if (next.kind !== 'called-off') isBetween = false;
    switch (next.kind) {
      case 'called-off':
        run.changed.fire();
        break;
      case 'again':
        isTold = true;
        isBetween = true;
        break;
      case 'regain':
        history = next.history;
        isTold = true;
        isBetween = true;
        break;
      case 'restart':
        history = next.history;
        await backOff(run, node, next);
        break;
      default:
        return next;
    }
  }
}

/** One instance, from its slot to the end of its clean-ups. */
async function runOnce(
  run: Run,
  node: ServiceNode,
  history: RestartHistory,
  clock: EdgeClock,
): Promise<Next | { readonly kind: 'called-off' }> {
  const mayStart = () =>
    node.heldBy === undefined &&
    node.stopReason === undefined &&
    boundGone(node) &&
    judgeNow(run, node, clock).kind === 'go';
  const releaseSlot = await run.slots.take(node);
  if (releaseSlot === undefined) return { kind: 'called-off' };
  try {
    const launched = await launchInstance(run, node, mayStart);
    if (launched.kind === 'called-off') return launched;
    if (launched.kind === 'not-spawned')
      return afterwards(run, node, decide(run, node, history, launched), launched);
    return await watchAndBringDown(run, launched, history, releaseSlot);
  } finally {
    releaseSlot();
  }
}

/**
 * The decision comes before the fall, in the moment in which the end is seen: a failure must reach the others while the
 * failed one is still cleaned up, and of two failures the earlier one is the cause. What was wished meanwhile is taken
 * into account after it.
 */
async function watchAndBringDown(
  run: Run,
  { live, ending: unexecuted }: Extract<Launched, { readonly kind: 'live' }>,
  history: RestartHistory,
  releaseSlot: () => void,
): Promise<Next> {
  const { node } = live;
  let ending: Ending = { ...askedToStop(node), reason: 'the supervisor itself failed' };
  let next: Next = { kind: 'stopped' };
  const onEnding = (seen: Ending): void => {
    ending = seen;
    node.isEnding = true;
    node.past.troubles = [];
    next = decide(run, node, history, seen);
    tellLoss(node, seen, next);
  };
  try {
    if (unexecuted === undefined) await watchInstance(run, live, releaseSlot, onEnding);
    else onEnding(unexecuted);
    await parted(run, live, ending);
  } finally {
    await shield(() => bringDown(run, live, ending));
  }
  return afterwards(run, node, next, ending);
}

/** The instance is gone, and what was wished of it with it. */
function afterwards(run: Run, node: ServiceNode, next: Next, ending: Ending): Next {
  const then = decideAfterwards(node, next, ending);
  // Somebody wanted it again before it had come to rest: it has not failed for good.
  if (next.kind === 'failed' && then.kind !== 'failed') run.record.withdrawFailure(node.name);
  if (next.kind === 'completed' && then.kind === 'again' && node.isTask) unbindDependents(node);
  node.isEnding = false;
  node.renewed = false;
  node.isReplacedQuietly = then.kind === 'again' && node.replacement?.isQuiet === true;
  node.replacement = undefined;
  return then;
}

/** A wish that it spends is spent in the very moment. */
function decide(run: Run, node: ServiceNode, history: RestartHistory, ending: Ending): Next {
  const next = decideNext(run, node, history, ending);
  if (next.kind === 'restart' || next.kind === 'failed') noteMiss(run, node, ending, next.why);
  if (next.kind === 'completed' || (next.kind === 'stopped' && next.isForGood === true)) node.spend();
  if (next.kind === 'completed') reactToEnd(run, node);
  if (next.kind === 'failed') reactToFailure(run, node, next);
  return next;
}

/** It has failed before it was ready: what waits for that need not wait for its restarts. */
function noteMiss(run: Run, node: ServiceNode, ending: Ending, why: string): void {
  const isMiss =
    ending.kind === 'not-spawned' ||
    ending.kind === 'not-ready' ||
    (ending.kind === 'exited' &&
      (ending.readyMs === undefined || node.isTask) &&
      judgeEnding(node.spec, ending).outcome !== 'success');
  if (!isMiss) return;
  node.past.missed = { attempt: node.attempt, why };
  run.changed.fire();
}

function notAdmitted(run: Run, node: ServiceNode, end: LifeEnd): LifeEnd {
  if (end.kind === 'failed') reactToFailure(run, node, end);
  return end;
}

/** A new wish ends the delay. */
async function backOff(
  run: Run,
  node: ServiceNode,
  { delayMs, failures, restarts, why, failure }: Again,
): Promise<void> {
  const wish = node.upWish;
  const delay_ms = Math.round(delayMs);
  const of = { service: node.name, attempt: node.attempt };
  run.announce({
    type: 'service.backoff',
    ...of,
    delay_ms,
    failures,
    kind: failure,
    cause: why,
    ...(restarts && { restarts }),
  });
  node.release();
  run.changed.fire();
  const isOver = () => node.stopReason !== undefined || node.upWish !== wish;
  let { maxDelayMs } = node.spec.restart;
  const isShorter = () => node.spec.restart.maxDelayMs < maxDelayMs;
  for (let endMs = now() + delayMs; !isOver() && now() < endMs; ) {
    await moveOnAt(endMs, () => node.pulse.until(() => isOver() || isShorter()));
    if (isShorter()) endMs = Math.min(endMs, now() + node.spec.restart.maxDelayMs);
    maxDelayMs = node.spec.restart.maxDelayMs;
  }
}

/** Waits until it is to begin again; false: the run is over. */
async function leaveRest(run: Run, node: ServiceNode): Promise<boolean> {
  for (;;) {
    if (run.isOver || node.isRemoved) return false;
    refreshBlocked(node);
    if (mayLeaveRest(node)) break;
    await node.pulse.next();
  }
  node.enter(WAITING);
  node.fault = undefined;
  node.renewed = false;
  run.inMotion += 1;
  unspreadGone(node);
  node.tellDependents();
  return true;
}
