/**
 * A change of the graph, in its three phases: what has to go goes, by the graph in force; the switch; what is to start starts, by
 * the new one. The first failure of what it began leads back the same way.
 *
 * A task of the run's own group. It ends without a word once the run goes down, or another change has taken its place.
 */
import { hasInstance } from '../../events/state-table.ts';
import type { Change, ServiceLine, Settlement } from '../requests/command.ts';
import type { GraphChange } from '../requests/graph-changes.ts';
import { isHeldUp, judgeUp, type Verdict } from '../requests/judge.ts';
import type { Run } from '../run/run.ts';
import { startOrder } from '../run/run.ts';
import type { ServiceNode } from '../service/node.ts';
import { bringInForce } from './switch.ts';

type End =
  | { readonly kind: 'reached' }
  | { readonly kind: 'failed'; readonly why: string }
  /** Nobody waits for it any more. */
  | { readonly kind: 'over' };

export async function changeGraph(run: Run, change: GraphChange): Promise<void> {
  const forth = await carryOut(run, change);
  if (forth.kind === 'over') return;
  if (forth.kind === 'reached' || isPatient(change)) return settle(run, change, forth);
  const { graphs, requests } = run;
  const { request, command, target, changes } = graphs.back(change, startOrder(run.plan.graph, run.nodes));
  const way = graphs.begin(request, command, target, changes, 'rollback');
  requests.applyToGraph(way);
  const back = await carryOut(run, way);
  if (back.kind === 'over') return;
  const rest = back.kind === 'failed' ? `, and what was there before can't be brought back: ${back.why}` : '';
  settle(run, way, { kind: 'failed', why: `${forth.why}; rolled back${rest}` });
}

async function carryOut(run: Run, change: GraphChange): Promise<End> {
  const isOver = () => run.graphs.current !== change || run.shutdown.cause !== undefined;
  let isInForce = false;
  await run.changed.until(
    () => isOver() || isDown(run, change),
    () => {
      if (isOver()) return;
      isInForce = true;
      bringInForce(run, change);
    },
  );
  if (!isInForce) return { kind: 'over' };
  let end = judge(run, change);
  await run.changed.until(() => {
    end = judge(run, change);
    return isOver() || end !== undefined;
  });
  return isOver() || end === undefined ? { kind: 'over' } : end;
}

/** Nothing that it takes down is there any more, and that has been told. */
function isDown({ nodes }: Run, { changes }: GraphChange): boolean {
  return changes.every(({ service, change }) => {
    const node = nodes.get(service);
    if (node === undefined) return true;
    if (change === 'remove' || change === 'retire') return node.isAtRest;
    return (change !== 'restart' && change !== 'start') || !(node.hasInstance || hasInstance(node.state));
  });
}

/** Undefined: it goes on. */
function judge(run: Run, change: GraphChange): Exclude<End, { readonly kind: 'over' }> | undefined {
  let isOpen = false;
  let failed: string | undefined;
  for (const [service, after] of change.account) {
    const verdict = judgeOne(change, run.nodes.get(service), after);
    if (verdict.kind === 'failed') failed ??= verdict.why;
    isOpen ||= verdict.kind === 'open';
  }
  if (failed !== undefined && !isPatient(change)) return { kind: 'failed', why: failed };
  for (const [service, after] of change.followers) {
    const node = run.nodes.get(service);
    isOpen ||= node?.isWantedUp === true && !isHeldUp(node) && judgeUp(node, after).kind === 'open';
  }
  if (isOpen) return undefined;
  return failed === undefined ? { kind: 'reached' } : { kind: 'failed', why: failed };
}

/** Restart policies act; what fails for good has failed alone. */
function isPatient({ by, command }: GraphChange): boolean {
  return by !== 'reload' || command.noRollback === true;
}

/** What waits for what somebody stopped neither fails nor holds it. */
function judgeOne(change: GraphChange, node: ServiceNode | undefined, after: number): Verdict {
  if (node === undefined || !node.isWantedUp || isHeldUp(node)) return { kind: 'reached' };
  const { missed } = node.past;
  if (!isPatient(change) && missed !== undefined && missed.attempt > after)
    return { kind: 'failed', why: `"${node.name}" ${missed.why}` };
  return judgeUp(node, after);
}

function settle(run: Run, change: GraphChange, end: Exclude<End, { readonly kind: 'over' }>): void {
  const services = linesOf(run, change);
  const isUnclean = services.some(({ troubles }) => troubles !== undefined);
  const settlement: Settlement =
    end.kind === 'reached'
      ? { outcome: 'reached', services, status: isUnclean ? 3 : 0 }
      : { outcome: 'failed', services, why: end.why, status: 1 };
  run.graphs.settle();
  run.requests.settleGraph(change, settlement);
}

/** Somebody who wanted something else of it has taken it out of the account. */
const STARTS: ReadonlySet<Change['change']> = new Set(['add', 'start', 'lift', 'restart']);

function linesOf(run: Run, change: GraphChange): readonly ServiceLine[] {
  return change.changes.flatMap(({ service, change: what }): ServiceLine[] => {
    if (what === 'redefine' && !change.account.has(service)) return [];
    const isBack = what === 'add' && change.by === 'rollback';
    if (STARTS.has(what) && !change.account.has(service))
      return [{ service, outcome: isBack ? 'reached' : 'replaced' }];
    const node = run.nodes.get(service);
    const after = change.account.get(service);
    const verdict = node === undefined || after === undefined ? undefined : judgeUp(node, after);
    const troubles = node !== undefined && what === 'restart' && node.past.troubles.length > 0;
    // What waits for what somebody stopped is not failed.
    const isUnfinished = node !== undefined && isHeldUp(node);
    return [
      {
        service,
        outcome: isUnfinished || verdict?.kind === 'open' ? 'unfinished' : (verdict?.kind ?? 'reached'),
        ...(verdict?.kind === 'failed' && { why: verdict.why }),
        ...(troubles && { troubles: [...node.past.troubles] }),
      },
    ];
  });
}
