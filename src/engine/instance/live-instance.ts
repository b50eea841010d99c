/**
 * One spawned instance together with what the engine knows of it. It exists from the spawn to the end of its
 * clean-ups, owned by the life of its service.
 */
import type { HealthCheck } from '../../conditions/health/check.ts';
import type { ProbeContext, ReadinessProbe } from '../../conditions/probe/probe.ts';
import type { ServiceConfig } from '../../config/types.ts';
import type { Exit } from '../../events/fact-shape.ts';
import type { Instance, ReadyCommand } from '../../process/ports.ts';
import type { Rights } from '../../process/rights-ports.ts';
import type { ServiceNode } from '../service/node.ts';
import type { Heartbeats } from './heartbeats.ts';

/** What watches an instance that is ready. */
export type Monitor = 'health' | 'watchdog';

/** What makes them; another definition may replace it while the instance runs. */
export interface Monitors {
  /** Undefined: its health isn't checked. */
  health: HealthCheck | undefined;
  /** Undefined: it has no watchdog. */
  heartbeats: Heartbeats | undefined;
}

export interface ReadyCleanup {
  readonly command: ReadyCommand;
  readonly timeoutMs: number;
}

export interface LiveInstance {
  readonly node: ServiceNode;
  readonly attempt: number;
  readonly instance: Instance;
  /** The definition that it was spawned with. */
  readonly spec: ServiceConfig;
  readonly probe: ReadinessProbe;
  readonly monitors: Monitors;
  /** What its probes and checks are made of. */
  readonly context: ProbeContext;
  readonly env: Readonly<Record<string, string>>;
  readonly rights: Rights | undefined;
  /** Filled in before the spawn: what an instance is stopped and cleaned up with can't be missing at its end. */
  stopCommand: ReadyCommand | undefined;
  readonly cleanups: readonly ReadyCleanup[];
  readonly spawnedAtMs: number;
  /** The monitors that find something wrong with it now. */
  readonly complaints: Set<Monitor>;
  /** Set when it became ready. */
  readyAtMs: number | undefined;
  /** Set when its main process has ended. */
  exit: Exit | undefined;
}
