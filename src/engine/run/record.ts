/**
 * What a run has come to: collected while it lasts, read at its end.
 *
 * The first failure is the cause; what failed after it is collateral and kept in order.
 */
import type { ServiceConfig } from '../../config/types.ts';
import type { Fact, Survivor } from '../../events/event.ts';
import type { Dependency, Exit, ToldDefinition } from '../../events/fact-shape.ts';
import type { FailureFacts, KillLimit } from '../../events/failure.ts';
import { FailureStory } from '../../events/failure-story.ts';
import type { Graph } from '../../graph/graph.ts';
import type { SpawnFailure } from '../../process/ports.ts';

/** What is alive now of something that outlived SIGKILL. */
export type Lingering = () => Promise<readonly Survivor[]>;

export interface Failure {
  readonly service: string;
  readonly why: string;
  /** It decides the exit status, if it stands at the end: its `on_failure` isn't `ignore`. */
  readonly counts: boolean;
  /** Of the service, which it spent. */
  readonly wish: number;
}

export interface Unclean {
  /** Empty: of none that could be told. */
  readonly service: string;
  readonly kind: 'killed' | 'not-signalled' | 'stop-failed' | 'cleanup-failed' | 'left-behind' | 'outlived';
  /** A sentence without its end. */
  readonly text: string;
  /** Of what was killed. */
  readonly limit?: KillLimit;
}

export type ReportedFailure = Pick<
  Fact & { readonly type: 'service.failed' },
  keyof FailureFacts | 'attempt' | 'cause' | 'advice' | 'output'
>;

/** How a service came to rest. */
export interface Rested {
  readonly service: string;
  readonly how: 'completed' | 'stopped' | 'failed' | 'skipped';
}

/** As much of how services came to rest as can decide a status: of a run of years no more. */
export class Rests {
  /** Of those that ended by themselves. */
  first: Rested | undefined;
  last: Rested | undefined;
  /** How each did when it did so last. */
  readonly latest = new Map<string, Rested['how']>();

  note(rested: Rested): void {
    this.latest.set(rested.service, rested.how);
    if (rested.how !== 'completed' && rested.how !== 'failed') return;
    this.first ??= rested;
    this.last = rested;
  }
}

export class RunRecord {
  readonly rests = new Rests();
  failures: readonly Failure[] = [];
  /** What made the shutdown unclean. */
  readonly unclean: Unclean[] = [];
  /** What belongs to the failures, as the events tell it. */
  readonly story = new FailureStory();
  /** What was announced of the services that failed. */
  readonly reported = new Map<string, ReportedFailure>();
  /** What outlived SIGKILL when it was looked at first. */
  readonly lingering: Lingering[] = [];
  /** What of that is alive at the end. */
  survivors: readonly Survivor[] = [];
  /** How the last instance of each service ended. */
  readonly exits = new Map<string, Exit>();
  /** Why the last instance of a service could not be spawned; those whose last one was are missing. */
  readonly spawnFailures = new Map<string, SpawnFailure>();
  /** The last wish of each service that it had. */
  readonly #fulfilled = new Map<string, number>();

  noteFulfilled(service: string, wish: number): void {
    this.#fulfilled.set(service, wish);
  }

  noteFailure(failure: Failure): void {
    this.failures = [...this.failures, failure];
  }

  /** The last one of that service was none. */
  withdrawFailure(service: string): void {
    const last = this.failures.findLast((one) => one.service === service);
    this.failures = this.failures.filter((one) => one !== last);
  }

  /** The failures that no later wish of the service has repaired. */
  get standing(): readonly Failure[] {
    return this.failures.filter(({ service, wish }) => (this.#fulfilled.get(service) ?? 0) <= wish);
  }
}

export interface Outcome {
  readonly status: number;
  readonly raise: NodeJS.Signals | undefined;
  /** One clause: the first thing that went wrong, or why it ended. */
  readonly cause: string;
}

// The graph as the record tells it, so that whoever reads only that knows what waits for what. Pure.

/** By service, of those that depend on any. */
export function describeDependencies(graph: Graph): Record<string, Dependency[]> {
  const described: Record<string, Dependency[]> = {};
  for (const name of graph.services) {
    const edges = graph.dependencies(name);
    if (edges.length === 0) continue;
    described[name] = edges.map(({ service, condition, optional, onLoss, timeoutMs, group }) => ({
      service,
      condition,
      ...(optional && { optional }),
      ...(onLoss && { on_loss: onLoss.act, after_ms: onLoss.afterMs }),
      ...(timeoutMs !== undefined && { timeout_ms: timeoutMs }),
      ...(group && { replica_of: group.name, needs: group.needs }),
    }));
  }
  return described;
}

/** Nothing of it is secret: no command, no environment. */
export function describeDefinition(spec: ServiceConfig): ToldDefinition {
  const { type, ready, restart, onFailure, onEnd, stop, cleanup, labels, replicaOf } = spec;
  return {
    type,
    ...(ready?.withinMs !== undefined && { within_ms: ready.withinMs }),
    restart: {
      ...{ policy: restart.policy, max: restart.max, window_ms: restart.windowMs },
      ...{
        reset_after_ms: restart.resetAfterMs,
        delay_ms: restart.delayMs,
        max_delay_ms: restart.maxDelayMs,
      },
      ...{ factor: restart.factor, jitter: restart.jitter, success_codes: restart.successCodes },
    },
    on_failure: onFailure,
    ...(onEnd && { on_end: onEnd }),
    grace_ms: stop.graceMs,
    cleanup_ms: cleanup.map(({ timeoutMs }) => timeoutMs),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(replicaOf !== undefined && { replica_of: replicaOf }),
  };
}
