/**
 * One run of a plan: its services' nodes and what they share. Made once by `supervise`, handed to every life.
 */
import type { Plan } from '../graph/plan-run.ts';
import { type Announce, createAnnounce } from './create-announce.ts';
import { RunRecord } from './outcome.ts';
import type { EnginePorts } from './ports.ts';
import { ServiceNode } from './service-node.ts';
import { Shutdown } from './shutdown.ts';
import { StartingSlots } from './starting-slots.ts';

export interface SuperviseOptions {
  /** How many services may be starting at once; undefined: no bound. */
  readonly maxStarting?: number | undefined;
  /** When this service has ended, so has the run, and its exit decides the status. */
  readonly exitCodeFrom?: string | undefined;
  /** This service has the terminal. */
  readonly foreground?: string | undefined;
  /** The foreground service is asked to stop by the signal that came, if one did. */
  readonly stopsAsTold?: boolean;
  /** What is to be said at the start. */
  readonly notes?: readonly string[];
}

export interface Run {
  readonly plan: Plan;
  readonly ports: EnginePorts;
  readonly options: SuperviseOptions;
  readonly nodes: ReadonlyMap<string, ServiceNode>;
  readonly announce: Announce;
  readonly shutdown: Shutdown;
  readonly record: RunRecord;
  readonly slots: StartingSlots;
}

export function createRun(plan: Plan, ports: EnginePorts, options: SuperviseOptions): Run {
  const nodes = new Map(plan.graph.services.map((name) => [name, new ServiceNode(plan.graph.spec(name))]));
  for (const node of nodes.values()) {
    node.dependencies = plan.graph.dependencies(node.name).map((edge) => nodes.get(edge.service)!);
    node.dependents = plan.graph.dependents(node.name).map((dependent) => nodes.get(dependent.service)!);
  }
  const record = new RunRecord();
  const announce = createAnnounce(ports.stamper, (event) => {
    record.story.apply(event);
    ports.onEvent(event);
  });
  const shutdown = new Shutdown(plan, nodes, announce, () => ports.clock.now());
  return {
    plan,
    ports,
    options,
    nodes,
    announce,
    shutdown,
    record,
    slots: new StartingSlots(options.maxStarting),
  };
}
