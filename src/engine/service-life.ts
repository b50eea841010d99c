/**
 * One service's life: waits for its dependencies, runs instance after instance, and ends for good.
 *
 * When it returns, no process of the service is alive (or it is recorded by name), every instance has had its one
 * clean-up pass, and no other will come. It is owned by `supervise`.
 */
import { moveOnAfter, now, shield } from '../concurrency/index.ts';
import { bringDown } from './bring-down.ts';
import { concludeLife, reactToFailure } from './conclude-life.ts';
import { type Again, decideNext, decideNotAdmitted, type LifeEnd, type Regain } from './decide-end.ts';
import type { Ending } from './ending.ts';
import { type Launched, launchInstance } from './launch-instance.ts';
import { awaitDeparture } from './lingering.ts';
import { parted, reliersGone, tellLoss } from './lose-instance.ts';
import { noRestarts, type RestartHistory } from './restart.ts';
import type { Run } from './run.ts';
import type { ServiceNode } from './service-node.ts';
import { judgeNow, waitForEdges } from './wait-for-edges.ts';
import { watchInstance } from './watch-instance.ts';

export async function liveService(run: Run, node: ServiceNode): Promise<void> {
  concludeLife(run, node, await liveToTheEnd(run, node));
}

async function liveToTheEnd(run: Run, node: ServiceNode): Promise<LifeEnd> {
  let history = noRestarts;
  let regains = false;
  for (;;) {
    const admission = await waitForEdges(run, node, regains);
    if (admission.kind === 'never') node.fault = admission.fault;
    if (admission.kind !== 'go') return notAdmitted(run, node, decideNotAdmitted(node, admission));
    await node.pulse.until(() => node.stopReason !== undefined || reliersGone(node));
    const stays = await awaitDeparture(run, node);
    if (stays !== undefined) return notAdmitted(run, node, stays);
    const next = await runOnce(run, node, history, admission.sinceMs);
    if (next === 'called-off') continue;
    if (next.kind !== 'restart' && next.kind !== 'regain') return next;
    history = next.history;
    regains = next.kind === 'regain';
    if (next.kind === 'restart') await backOff(run, node, next);
  }
}

/** One instance, from its slot to the end of its clean-ups. */
async function runOnce(
  run: Run,
  node: ServiceNode,
  history: RestartHistory,
  waitedSinceMs: number,
): Promise<LifeEnd | Again | Regain | 'called-off'> {
  const mayStart = () =>
    node.stopReason === undefined &&
    reliersGone(node) &&
    judgeNow(run, node, now() - waitedSinceMs).kind === 'go';
  const releaseSlot = await run.slots.take(node);
  if (releaseSlot === undefined) return 'called-off';
  try {
    const launched = await launchInstance(run, node, mayStart);
    if (launched.kind === 'called-off') return 'called-off';
    if (launched.kind === 'not-spawned') return decide(run, node, history, launched);
    return await watchAndBringDown(run, launched, history, releaseSlot);
  } finally {
    releaseSlot();
  }
}

/**
 * The decision comes before the fall, in the moment in which the end is seen: a failure must reach the others while the
 * failed one is still cleaned up, and of two failures the earlier one is the cause.
 */
async function watchAndBringDown(
  run: Run,
  { live, ending: unexecuted }: Extract<Launched, { readonly kind: 'live' }>,
  history: RestartHistory,
  releaseSlot: () => void,
): Promise<LifeEnd | Again | Regain> {
  let ending: Ending = { kind: 'asked', reason: 'the supervisor itself failed' };
  let next: LifeEnd | Again | Regain = { kind: 'stopped' };
  const onEnding = (seen: Ending): void => {
    ending = seen;
    next = decide(run, live.node, history, seen);
    tellLoss(live.node, seen, next);
  };
  try {
    if (unexecuted === undefined) await watchInstance(run, live, releaseSlot, onEnding);
    else onEnding(unexecuted);
    await parted(run, live, ending);
    return next;
  } finally {
    await shield(() => bringDown(run, live, ending));
  }
}

function decide(
  run: Run,
  node: ServiceNode,
  history: RestartHistory,
  ending: Ending,
): LifeEnd | Again | Regain {
  const next = decideNext(run, node, history, ending);
  if (next.kind === 'failed') reactToFailure(run, node, next);
  return next;
}

function notAdmitted(run: Run, node: ServiceNode, end: LifeEnd): LifeEnd {
  if (end.kind === 'failed') reactToFailure(run, node, end);
  return end;
}

async function backOff(
  run: Run,
  node: ServiceNode,
  { delayMs, failures, restarts, why }: Again,
): Promise<void> {
  const delay_ms = Math.round(delayMs);
  const of = { service: node.name, attempt: node.attempt };
  run.announce({
    type: 'service.backoff',
    ...of,
    delay_ms,
    failures,
    cause: why,
    ...(restarts && { restarts }),
  });
  node.relinquish();
  await moveOnAfter(delayMs, () => node.pulse.until(() => node.stopReason !== undefined));
}
