/**
 * Signals of the real process. A signal that has a listener does not do what it does by default, and the program waits
 * for it; Node gives the default back when the last listener is gone.
 */
import { constants } from 'node:os';

/** The name of a signal, such as `SIGTERM`. */
export type SignalName = `SIG${string}`;

/** Where signals come from. */
export interface SignalSource {
  /**
   * Calls `listener` at every `signal`, in place of what it does by default, and keeps the program alive for that,
   * until what it returns is called.
   */
  listen(signal: SignalName, listener: () => void): () => void;
  /** Does what `signal` does to a program that does not listen to it. */
  raise(signal: SignalName): void;
}

/** The longest delay Node's timers hold. */
const longestDelayMs = 2 ** 31 - 1;

/** Those that no program can listen to. */
const untouchable: ReadonlySet<string> = new Set(['SIGKILL', 'SIGSTOP']);

export const systemSignals: SignalSource = {
  listen(signal, listener) {
    // Node takes any name, and would never call.
    if (!(signal in constants.signals))
      throw new RangeError(`Cannot listen to the signal "${signal}": this system has none of that name`);
    if (untouchable.has(signal)) throw new RangeError(`Cannot listen to "${signal}": no program can`);
    process.on(signal, listener);
    // A handler alone keeps no program alive.
    const keeper = setInterval(() => undefined, longestDelayMs);
    return () => {
      clearInterval(keeper);
      process.removeListener(signal, listener);
    };
  },

  /** Somebody else who listens has heard it already. */
  raise(signal) {
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  },
};
