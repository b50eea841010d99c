/**
 * One spawned instance together with what the engine knows of it. It exists from the spawn to the end of its
 * clean-ups, owned by the life of its service.
 */
import type { HealthCheck } from '../../conditions/health/check.ts';
import type { ReadinessProbe } from '../../conditions/probe/probe.ts';
import type { Exit } from '../../events/event.ts';
import type { Instance, ReadyCommand, Rights } from '../../process/ports.ts';
import type { ServiceNode } from '../service/node.ts';
import type { Heartbeats } from './heartbeats.ts';

/** What watches an instance that is ready. */
export type Monitor = 'health' | 'watchdog';

export interface ReadyCleanup {
  readonly command: ReadyCommand;
  readonly timeoutMs: number;
}

export interface LiveInstance {
  readonly node: ServiceNode;
  readonly attempt: number;
  readonly instance: Instance;
  readonly probe: ReadinessProbe;
  /** Undefined: its health isn't checked. */
  readonly health: HealthCheck | undefined;
  /** Undefined: it has no watchdog. */
  readonly heartbeats: Heartbeats | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly rights: Rights | undefined;
  /** Filled in before the spawn: what an instance is stopped and cleaned up with can't be missing at its end. */
  readonly stopCommand: ReadyCommand | undefined;
  readonly cleanups: readonly ReadyCleanup[];
  readonly spawnedAtMs: number;
  /** The monitors that find something wrong with it now. */
  readonly ailments: Set<Monitor>;
  /** Set when it became ready. */
  readyAtMs: number | undefined;
  /** Set when its main process has ended. */
  exit: Exit | undefined;
}
