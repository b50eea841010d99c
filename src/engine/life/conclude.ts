/**
 * What a service's end means for the others: its failure as soon as it is known, its rest once it is gone.
 */
import { advise } from '../../events/advice.ts';
import { shortened } from '../../events/describe.ts';
import type { Run } from '../run/run.ts';
import type { ServiceNode } from '../service/node.ts';
import { refreshBlocked, wakeBelow } from '../service/rest.ts';
import type { LifeEnd } from './decide-end.ts';

/** Lines of output attached to a failure. */
const LINES_KEPT = 20;

/** Applies `on_failure`, before the failed instance's own clean-ups: what depends on it must not wait for them. */
export function reactToFailure(
  run: Run,
  node: ServiceNode,
  { why, collapse }: LifeEnd & { kind: 'failed' },
): void {
  const onFailure = collapse ? 'shutdown' : node.spec.onFailure;
  node.spend();
  const { upWish: wish } = node;
  run.record.noteFailure({ service: node.name, why, counts: onFailure !== 'ignore', wish });
  // What was about to be stopped anyway has fallen with whatever that was for.
  if (node.stopReason !== undefined) return;
  if (onFailure === 'shutdown' && !node.isContained)
    run.shutdown.request({ kind: 'collapse', service: node.name, why });
  if (onFailure === 'isolate') isolate(run, node, `"${node.name}" failed: ${why}`);
  reactToEnd(run, node);
}

/** Applies `on_end`, as early: it has ended by itself, and no other instance follows. */
export function reactToEnd(run: Run, node: ServiceNode): void {
  if (node.spec.onEnd === 'shutdown' && node.stopReason === undefined && !node.isContained)
    run.shutdown.request({ kind: 'ended', service: node.name });
}

/** Stops everything that needs it, directly or through others; what only waits for its end has what it wants. */
function isolate(run: Run, failed: ServiceNode, why: string): void {
  const fallen = new Map([[failed, why]]);
  // A map gives its iterator what is added meanwhile.
  for (const [node, reason] of fallen) {
    for (const { service, edge } of run.plan.graph.dependents(node.name)) {
      const dependent = run.nodes.get(service);
      const unconcerned = edge.optional || edge.condition === 'exited';
      if (unconcerned || dependent === undefined || dependent.stopReason !== undefined) continue;
      dependent.fallWith(failed, reason);
      dependent.tellDependents();
      const how = dependent.attempt > 0 ? 'was stopped' : 'was skipped';
      fallen.set(dependent, `"${service}" ${how}: ${shortened(reason)}`);
    }
  }
}

/** Announces how the life came to rest, and lets the neighbours go on. */
export function comeToRest(run: Run, node: ServiceNode, end: LifeEnd): void {
  const of = { service: node.name, attempt: node.attempt, wish: node.upWish };
  const { fault } = node;
  const blame = fault === undefined || fault === node.name ? {} : { due_to: fault };
  switch (end.kind) {
    case 'completed':
      run.announce({ type: 'service.completed', ...of, ...neededStill(run, node, end.upMs) });
      break;
    case 'stopped':
      run.announce({ type: 'service.stopped', ...of, ...blame, ...(node.spent && { spent: true as const }) });
      break;
    case 'failed':
      announceFailure(run, node, end, blame);
      break;
    case 'skipped':
      run.announce({ type: 'service.skipped', ...of, because: end.because, ...blame });
      break;
  }
  node.enter({ kind: 'resting', how: overClause(end) });
  run.record.rests.note({ service: node.name, how: end.kind });
  if (end.kind === 'failed') node.fault ??= node.name;
  if (end.kind === 'completed') run.record.noteFulfilled(node.name, node.upWish);
  run.inMotion -= 1;
  refreshBlocked(node);
  run.shutdown.deadlines.noteEnd(node);
  node.release();
  node.tellDependents();
  spreadGone(run, node);
  // What falls with the same failure below it waited for its rest, though something above it that can do without runs on.
  if (node.stopReason !== undefined && run.shutdown.cause === undefined) wakeBelow(node);
  run.requests.settle();
  run.changed.fire();
  if (run.options.exitCodeFrom === node.name) run.shutdown.request({ kind: 'done' });
}

function announceFailure(
  run: Run,
  node: ServiceNode,
  { why: cause, facts }: LifeEnd & { kind: 'failed' },
  blame: { readonly due_to?: string },
): void {
  const { name: service, attempt, isTask } = node;
  const output = node.tail.lines(LINES_KEPT);
  // What has the terminal is seen, and not read.
  const hasOutput = output.length > 0 || run.options.foreground === service;
  const lost = run.record.story.lostBefore(service)[0]?.service;
  const advice = advise({ ...facts, service, isTask, hasOutput, lost, isUnfiled: run.options.isUnfiled });
  const wished = { wish: node.upWish, ...(node.isContained && { contained: true as const }) };
  const told = { ...facts, cause, advice, output };
  run.record.reported.set(service, { attempt, ...told });
  run.announce({ type: 'service.failed', service, attempt, ...wished, ...told, ...blame });
}

/** It is gone once nobody depends on it any more; then its dependencies may be, too. */
function spreadGone(run: Run, ended: ServiceNode): void {
  const reached = [ended];
  for (let node = reached.pop(); node !== undefined; node = reached.pop()) {
    if (node.gone || !node.isAtRest || !node.dependentsGone) continue;
    node.gone = true;
    run.shutdown.deadlines.noteGone(node);
    node.tellDependencies();
    reached.push(...node.dependencies);
  }
}

/** How it ended, a clause fit after its name. */
function overClause(end: LifeEnd): string {
  switch (end.kind) {
    case 'completed':
      return 'has ended';
    case 'stopped':
      return end.because === undefined ? 'was stopped' : `was stopped: ${shortened(end.because)}`;
    case 'failed':
      return `failed: ${end.why}`;
    case 'skipped':
      return `was skipped: ${shortened(end.because)}`;
  }
}

// What still needs a service that has ended by itself, with success: for them it is lost. Pure but for reading nodes.
//
// A task is there to end. So is a service for what only waits for its end, or can do without it.

interface NeededStill {
  readonly needed_by: readonly string[];
  readonly advice?: string;
}

/** Fields of its last event; none where that is as it should be, or where everything goes down. */
function neededStill(run: Run, node: ServiceNode, upMs: number | undefined): Partial<NeededStill> {
  if (node.isTask || run.shutdown.cause !== undefined || run.options.exitCodeFrom === node.name) return {};
  const by = run.plan.graph
    .dependents(node.name)
    .filter(({ edge }) => !edge.optional && (edge.condition === 'ready' || edge.condition === 'started'))
    .map(({ service }) => service)
    .filter((service) => {
      const dependent = run.nodes.get(service);
      return dependent !== undefined && !dependent.isAtRest && dependent.stopReason === undefined;
    });
  // What went to the background would do so again.
  const isInBackground = node.past.inBackground === node.attempt;
  const advice = [
    ...(by.length > 0 && !isInBackground ? ['"restart: always" would start it again'] : []),
    ...(!isInBackground && mayEndWithStdin(run, node, upMs) ? [STDIN_ADVICE] : []),
  ];
  return { ...(by.length > 0 && { needed_by: by }), ...(advice.length > 0 && { advice: advice.join('; ') }) };
}

/** Some watchers end as soon as their standard input is at its end, and say nothing: it was from the start. */
function mayEndWithStdin({ options }: Run, { spec, name }: ServiceNode, upMs = Infinity): boolean {
  return (
    spec.command.kind !== 'call' &&
    spec.stdin !== 'open' &&
    !spec.terminal &&
    options.foreground !== name &&
    upMs < SOON_MS
  );
}

const SOON_MS = 2_000;
const STDIN_ADVICE =
  'write "type: task" if it is to end, "stdin: open" if it ended because its stdin is at its end';
