/**
 * What `supervise` can be told. Types only.
 */
import type { LogSink, OrderlyEvent } from '../events/event.ts';
import type { StopSignal } from '../process/surroundings/stop-signal.ts';
import type { Duration } from './definition.ts';

export interface SuperviseOptions {
  /** By default the name of the working directory. */
  readonly name?: string;
  /** From the cause of a shutdown to its end, everything included; by default 28 s, or 9 s as PID 1. */
  readonly budget?: Duration;
  /** The same after SIGINT, for the asking alone; 2 s by default. */
  readonly interruptGrace?: Duration;
  /** Which signals ask it to go down; again: now, a third time: at once. By default SIGTERM, SIGINT and SIGHUP. */
  readonly signals?: readonly StopSignal[];
  /** Asks it to go down when it aborts. */
  readonly signal?: AbortSignal;
  /** Whether it rejects with a `SupervisionError` when something failed or was not stopped cleanly; true by default. */
  readonly raiseOnError?: boolean;
  /** How many services may be starting at once; no bound by default. */
  readonly maxStarting?: number;
  /** Takes every event, in order, at once. If it throws it is not called again, and a warning says so. */
  readonly onEvent?: (event: OrderlyEvent) => void;
  /** Takes what processes write, in place of stdout; the chunk is valid during the call only. */
  readonly onOutput?: LogSink;
}
