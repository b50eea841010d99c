/**
 * One run of a plan: its services' nodes and what they share. Made once by `supervise`, handed to every life.
 */
import { type Graph, startWaves } from '../../graph/graph.ts';
import type { Plan } from '../../graph/plan-run.ts';
import type { EnginePorts } from '../ports.ts';
import { type GraphChange, GraphChanges } from '../requests/graph-changes.ts';
import { Leases } from '../requests/leases.ts';
import { Requests, type Roll } from '../requests/requests.ts';
import { type Announce, createAnnounce } from '../service/announce.ts';
import { type Beginning, ServiceNode } from '../service/node.ts';
import { Pulse } from '../service/pulse.ts';
import { refreshGone } from '../service/rest.ts';
import { StartingSlots } from '../service/starting-slots.ts';
import { WISH_OF_THE_SELECTION } from '../service/wished.ts';
import { Shutdown } from '../shutdown/shutdown.ts';
import { RunRecord } from './record.ts';

export interface SuperviseOptions {
  /** How many services may be starting at once; undefined: no bound. */
  readonly maxStarting?: number | undefined;
  /** When this service has ended, so has the run, and its exit decides the status. */
  readonly exitCodeFrom?: string | undefined;
  /** This service has the terminal. */
  readonly foreground?: string | undefined;
  /** The foreground service is asked to stop by the signal that came, if one did. */
  readonly stopsAsTold?: boolean;
  /** The services are in no file that somebody could name. */
  readonly isUnfiled?: boolean;
  /** What is to be said at the start. */
  readonly notes?: readonly string[];
  /** It goes on when everything is at rest, until somebody ends it. */
  readonly isDetached?: boolean;
  /** The services that are to start by themselves; left out: all. The others rest until somebody asks for them. */
  readonly selected?: ReadonlySet<string> | undefined;
  /** The name that is nearest to one that nobody has. */
  readonly suggest?: (name: string, names: readonly string[]) => string | undefined;
}

/** What runs what begins while the run lasts; each ends with it. */
export interface Owner {
  live(node: ServiceNode): void;
  changeGraph(change: GraphChange): void;
  roll(roll: Roll): void;
}

export interface Run {
  /** In force now. */
  readonly plan: Plan;
  readonly graphs: GraphChanges;
  readonly requests: Requests;
  /** What clients hold. */
  readonly leases: Leases;
  /** There once the run has begun. */
  owner: Owner;
  /** Fires whenever anything that a request or the end of the run may wait for has changed. */
  readonly changed: Pulse;
  /** Whether somebody has asked for anything but the end. */
  readonly isCommanded: boolean;
  /** How many services are not at rest. */
  inMotion: number;
  /** Everything is at rest, and stays so. */
  isOver: boolean;
  readonly ports: EnginePorts;
  readonly options: SuperviseOptions;
  /** Of the graph in force, in its order; a switch to another one changes it. */
  readonly nodes: Map<string, ServiceNode>;
  readonly announce: Announce;
  readonly shutdown: Shutdown;
  readonly record: RunRecord;
  readonly slots: StartingSlots;
}

export function createRun(plan: Plan, ports: EnginePorts, options: SuperviseOptions): Run {
  const { selected } = options;
  const beginning = (name: string) => (selected === undefined || selected.has(name) ? {} : UNSELECTED);
  const nodes = new Map(
    plan.graph.services.map((name) => [name, new ServiceNode(plan.graph.spec(name), beginning(name))]),
  );
  const record = new RunRecord();
  const changed = new Pulse();
  let seq = 0;
  const announce = createAnnounce(
    ports.stamper,
    (service) => nodes.get(service),
    (event) => {
      seq = event.seq;
      record.story.apply(event);
      ports.onEvent(event);
      requests.settle();
      changed.fire();
    },
  );
  const graphs = new GraphChanges({ number: 1, plan }, nodes);
  const shutdown = new Shutdown(
    () => graphs.inForce.plan,
    nodes,
    announce,
    () => ports.clock.now(),
  );
  const leases = new Leases();
  const requests = new Requests({
    order: () => startOrder(graphs.inForce.plan.graph, nodes),
    shutdown,
    announce,
    graphs,
    leases,
    changeGraph: (change) => run.owner.changeGraph(change),
    roll: (roll) => run.owner.roll(roll),
    seq: () => seq,
    foresee: (spec) => ports.foresee?.(spec),
    suggest: options.suggest ?? (() => undefined),
  });
  const run: Run = {
    get plan() {
      return graphs.inForce.plan;
    },
    graphs,
    owner: NOBODY,
    ports,
    options,
    nodes,
    announce,
    shutdown,
    record,
    requests,
    leases,
    changed,
    slots: new StartingSlots(options.maxStarting),
    inMotion: [...nodes.values()].filter(({ isAtRest }) => !isAtRest).length,
    isOver: false,
    get isCommanded() {
      return requests.any;
    },
  };
  connect(run);
  // What wasn't selected stands between nobody and the end.
  refreshGone(startOrder(plan.graph, nodes));
  return run;
}

const UNSELECTED: Partial<Beginning> = { wish: WISH_OF_THE_SELECTION, over: 'was not selected' };

const NOBODY: Owner = {
  live: () => {},
  changeGraph: () => {},
  roll: () => {},
};

/** Makes neighbours of those that are neighbours in the graph in force. */
export function connect({ plan: { graph }, nodes, requests }: Run): void {
  const isAnyDown = (): boolean => requests.isAnyDown;
  for (const node of nodes.values()) {
    node.neighbours = {
      dependencies: new Map(
        graph.dependencies(node.name).map(({ service }) => [service, nodes.get(service)!]),
      ),
      dependents: graph.dependents(node.name).map((dependent) => nodes.get(dependent.service)!),
      isAnyDown,
    };
  }
}

/** A graph never changes: its order is worked out once. */
const orders = new WeakMap<Graph, readonly string[]>();

/** The nodes of a graph, dependencies before what needs them. */
export function startOrder(graph: Graph, nodes: ReadonlyMap<string, ServiceNode>): readonly ServiceNode[] {
  let order = orders.get(graph);
  order ??= startWaves(graph).flat();
  orders.set(graph, order);
  return order.map((name) => nodes.get(name)!);
}
