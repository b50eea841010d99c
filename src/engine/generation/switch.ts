/**
 * The moment in which another graph comes into force: services join and leave, definitions change, neighbours are others. Call it
 * when what had to go is gone.
 */
import { now } from '../../concurrency/index.ts';
import type { Graph } from '../../graph/graph.ts';
import { wantedFact } from '../requests/apply-change.ts';
import { type Difference, differenceOf } from '../requests/difference.ts';
import { type GraphChange, isSelected } from '../requests/graph-changes.ts';
import { describeDefinition, describeDependencies } from '../run/record.ts';
import { connect, type Run, startOrder } from '../run/run.ts';
import { bindAnew, followAll } from '../service/binding.ts';
import { type Beginning, ServiceNode } from '../service/node.ts';
import { refreshBlocked, refreshGone } from '../service/rest.ts';
import { WISH_OF_THE_SELECTION } from '../service/wished.ts';

export function bringInForce(run: Run, change: GraphChange): void {
  const { target } = change;
  const removed = [...run.nodes.values()].filter(({ name }) => !target.graph.services.includes(name));
  const differences = differencesTo(run, target.graph);
  const added = target.graph.services.filter((name) => !run.nodes.has(name));
  const { inForce } = run.graphs;
  inForce.number += 1;
  inForce.plan = target;
  for (const node of removed) {
    node.isRemoved = true;
    run.graphs.depart(node);
  }
  for (const [node] of differences) node.spec = target.graph.spec(node.name);
  rearrange(run, change, added);
  run.ports.onSwitch?.(target);
  announce(run, change, removed, differences, added);
  takeOver(run, change, differences);
  for (const name of added) join(run, change, run.nodes.get(name)!);
  run.requests.wake([]);
  for (const node of [...removed, ...run.nodes.values()]) node.pulse.fire();
}

function differencesTo(run: Run, graph: Graph): ReadonlyMap<ServiceNode, Difference> {
  const names = new Set(graph.services);
  const all = [...run.nodes.values()].flatMap((node) => {
    const difference = names.has(node.name) ? differenceOf(node.spec, graph.spec(node.name)) : undefined;
    return difference === undefined ? [] : [[node, difference] as const];
  });
  return new Map(all);
}

/** The nodes of the new graph, in its order, each with its neighbours. */
function rearrange(run: Run, change: GraphChange, added: readonly string[]): void {
  const { nodes, plan } = run;
  const isNew = new Set(added);
  const next = plan.graph.services.map((name): ServiceNode => {
    if (!isNew.has(name)) return nodes.get(name)!;
    return new ServiceNode(plan.graph.spec(name), beginningOf(run, change, name));
  });
  nodes.clear();
  for (const node of next) nodes.set(node.name, node);
  connect(run);
  for (const node of next) {
    node.forgetFall((failed) => reaches(node, failed));
    const { down } = node.wish;
    if (down === undefined || down.isNamed) continue;
    const along = new Set([...down.along].filter((name) => nodes.has(name)));
    // What it went along with is not there any more to bring it back: it stays down until it is named.
    node.changeDown({ ...down, along, isNamed: along.size === 0 });
  }
  refreshGone(startOrder(plan.graph, nodes));
}

/** Its numbers count on from those of one that had the name before. */
function beginningOf({ graphs }: Run, { request, by, command }: GraphChange, name: string): Beginning {
  const { attempt, wish, outlived } = graphs.before(name);
  const want = by === 'rollback' ? graphs.wantOf(name) : 'up';
  const number = wish + 1;
  const up = { number, by, request, down: undefined };
  const spent = want === 'spent';
  if (by !== 'rollback' && !isSelected(command, name)) {
    const wish = { ...WISH_OF_THE_SELECTION, number, request };
    return { attempt, outlived, wish, over: 'was not selected', spent: false };
  }
  if (want === 'down') {
    const reason = `request ${request} brings it back as it was`;
    const down = { reason, by: 'person', isNamed: true, along: new Set<string>() } as const;
    return { attempt, outlived, wish: { number, by: 'person', request, down }, over: 'was stopped', spent };
  }
  return { attempt, outlived, wish: up, over: spent ? 'was stopped' : undefined, spent };
}

function reaches(node: ServiceNode, sought: unknown): boolean {
  const found = new Set([node]);
  for (const one of found) {
    // A set gives its iterator what is added meanwhile.
    for (const dependency of one.dependencies) {
      if (dependency === sought) return true;
      found.add(dependency);
    }
  }
  return false;
}

function announce(
  run: Run,
  { request, by, changes }: GraphChange,
  removed: readonly ServiceNode[],
  differences: ReadonlyMap<ServiceNode, Difference>,
  added: readonly string[],
): void {
  const { graphs } = run;
  const touched = new Set([...added, ...[...differences.keys()].map(({ name }) => name)]);
  const all = describeDependencies(run.plan.graph);
  const completed = changes
    .map(({ service }) => service)
    .filter((name) => by === 'rollback' && graphs.hadCompleted(name) && run.nodes.get(name)?.isAtRest);
  run.announce({
    type: 'graph.changed',
    generation: graphs.inForce.number,
    base: graphs.baseNumber,
    request,
    added,
    removed: removed.map(({ name }) => name),
    changed: [...differences].map(([{ name }, { keys, class: needs }]) => ({
      service: name,
      keys,
      class: needs,
    })),
    dependencies: Object.fromEntries([...touched].map((name) => [name, all[name] ?? []])),
    definitions: Object.fromEntries(
      [...touched].map((name) => [name, describeDefinition(run.plan.graph.spec(name))]),
    ),
    ...(completed.length > 0 && { completed }),
  });
  for (const name of completed) run.nodes.get(name)!.countAsCompleted();
  for (const { name, attempt } of removed)
    run.announce({ type: 'service.removed', service: name, attempt, request });
}

/** What runs on does so by its new definition; what waited for it need not wait any longer. */
function takeOver(
  run: Run,
  { request, changes }: GraphChange,
  differences: ReadonlyMap<ServiceNode, Difference>,
): void {
  const viewOf = (service: string) => run.nodes.get(service)!;
  for (const [node, difference] of differences) {
    if (!node.hasInstance) continue;
    node.bindings = followAll(bindAnew(node.bindings, node.spec.dependsOn), viewOf, now());
    if (difference.class === 'in-place') node.instance?.takeOver?.(difference.keys);
  }
  for (const node of run.nodes.values()) if (node.heldBy === request) node.heldBy = undefined;
  for (const { service, change } of changes) {
    const node = run.nodes.get(service);
    if (change !== 'retire' || node === undefined) continue;
    // It had had what it was wanted for.
    node.wantUp('rollback', request, true);
    node.spend();
    run.announce(wantedFact(request, node));
  }
  for (const node of run.nodes.values()) if (node.isAtRest) refreshBlocked(node);
}

function join(run: Run, { request }: GraphChange, node: ServiceNode): void {
  run.announce(wantedFact(request, node));
  if (node.isAtRest) {
    const spent = node.spent && { spent: true as const };
    run.announce({
      type: 'service.stopped',
      service: node.name,
      attempt: node.attempt,
      wish: node.wish.number,
      ...spent,
    });
  } else {
    run.inMotion += 1;
  }
  run.owner.live(node);
}
