/**
 * What `supervise` can be told. Types only.
 */
import type { LogSink, OrderlyEvent } from '../events/event.ts';
import type { StopSignal } from '../process/surroundings/signal-meaning.ts';
import type { Duration } from './definition.ts';

/** How a graph is run. Everything may be left out. */
export interface SuperviseOptions {
  /** Of the whole, in events; by default the name of the working directory. */
  readonly name?: string | undefined;
  /** From the cause of a shutdown to its end, everything included; by default 28 s, or less in a container. */
  readonly budget?: Duration | undefined;
  /** The most that each service is given of its grace after SIGINT where there is a terminal; 2 s by default. */
  readonly interruptGrace?: Duration | undefined;
  /**
   * Which signals ask it to go down, while it runs; a second one ends the asking, a third one the clean-ups, and what comes
   * within 300 ms counts once. By default SIGTERM, SIGINT and SIGHUP; none: `[]`.
   */
  readonly signals?: readonly StopSignal[] | undefined;
  /** Asks it to go down when it aborts, which is no error: it resolves as after `down`. */
  readonly signal?: AbortSignal | undefined;
  /** Whether it rejects with a `SupervisionError` when something failed or was not stopped cleanly; true by default. */
  readonly raiseOnError?: boolean | undefined;
  /** How many services may be starting, and not yet ready, at the same time; no bound by default. */
  readonly maxStarting?: number | undefined;
  /** Takes every event, in order, as it happens. If it throws it is not called again, and a warning says so. */
  readonly onEvent?: ((event: OrderlyEvent) => void) | undefined;
  /** Takes what processes write; by default it is printed on stdout, each line after its service's name. */
  readonly onOutput?: LogSink | undefined;
}
