/**
 * One run of a plan: its services' nodes and what they share. Made once by `supervise`, handed to every life.
 */

import type { Plan } from '../../graph/plan-run.ts';
import { startWaves } from '../../graph/waves.ts';
import type { EnginePorts } from '../ports.ts';
import { Requests } from '../requests/requests.ts';
import { type Announce, createAnnounce } from '../service/announce.ts';
import { ServiceNode } from '../service/node.ts';
import { Pulse } from '../service/pulse.ts';
import { StartingSlots } from '../service/starting-slots.ts';
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
  /** What is to be said at the start. */
  readonly notes?: readonly string[];
  /** It goes on when everything is at rest, until somebody ends it. */
  readonly isDetached?: boolean;
  /** The name that is nearest to one that nobody has. */
  readonly suggest?: (name: string, names: readonly string[]) => string | undefined;
}

export interface Run {
  readonly plan: Plan;
  readonly requests: Requests;
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
  readonly nodes: ReadonlyMap<string, ServiceNode>;
  readonly announce: Announce;
  readonly shutdown: Shutdown;
  readonly record: RunRecord;
  readonly slots: StartingSlots;
}

export function createRun(plan: Plan, ports: EnginePorts, options: SuperviseOptions): Run {
  const nodes = new Map(plan.graph.services.map((name) => [name, new ServiceNode(plan.graph.spec(name))]));
  for (const node of nodes.values()) {
    node.neighbours = {
      dependencies: new Map(
        plan.graph.dependencies(node.name).map(({ service }) => [service, nodes.get(service)!]),
      ),
      dependents: plan.graph.dependents(node.name).map((dependent) => nodes.get(dependent.service)!),
      isAnyDown: () => requests.isAnyDown,
    };
  }
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
  const shutdown = new Shutdown(plan, nodes, announce, () => ports.clock.now());
  let order: readonly ServiceNode[] | undefined;
  const requests = new Requests({
    order() {
      order ??= startWaves(plan.graph).flatMap((wave) => wave.map((name) => nodes.get(name)!));
      return order;
    },
    shutdown,
    announce,
    seq: () => seq,
    foresee: (service) => ports.foresee?.(service),
    suggest: options.suggest ?? (() => undefined),
  });
  return {
    plan,
    ports,
    options,
    nodes,
    announce,
    shutdown,
    record,
    requests,
    changed,
    slots: new StartingSlots(options.maxStarting),
    inMotion: nodes.size,
    isOver: false,
    get isCommanded() {
      return requests.any;
    },
  };
}
