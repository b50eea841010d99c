/**
 * The signals that reach this program. Importing this file installs the handlers: before anything else is loaded,
 * since as PID 1 a signal without a handler is lost, and SIGUSR1 would open the debugger's port.
 *
 * Signals that come before anyone listens are kept for the first listener. What they mean is `signal-meaning.ts`.
 */

import { catchRealTimeSignals } from './real-time-signals.ts';
import type { CaughtSignal } from './signal-meaning.ts';
import { isUnderNohup } from './under-nohup.ts';

const early: CaughtSignal[] = [];
let listener: (signal: CaughtSignal) => void = (signal) => early.push(signal);

const hear = (signal: CaughtSignal): void => listener(signal);
const onNamed = (name: NodeJS.Signals, number: number): void => hear({ name, number });

/** To die of one of these would leave every service behind, and as PID 1 none of them would be heard. */
const HEARD: readonly NodeJS.Signals[] = [
  ...(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const),
  ...(['SIGVTALRM', 'SIGSTKFLT', 'SIGPWR', 'SIGWINCH', 'SIGCONT'] as const),
];

const handlers = new Map(HEARD.map((signal) => [signal, onNamed]));
for (const [signal, handler] of handlers) {
  try {
    process.on(signal, handler);
  } catch {
    // This system has no such signal.
  }
}
// It costs half a millisecond, which elsewhere has time until a run listens.
if (process.pid === 1) catchRealTimeSignals(hear);

/** Hands every signal to `listen` from now on, the early ones first. */
export function listenForSignals(listen: (signal: CaughtSignal) => void): void {
  listener = listen;
  for (const signal of early.splice(0)) listen(signal);
}

/** From now on real-time signals too, which end a program that doesn't listen to them. */
export function listenForAllSignals(listen: (signal: CaughtSignal) => void): void {
  listenForSignals(listen);
  catchRealTimeSignals(hear);
}

/**
 * From now on those that ask for the end do what they do to any program, also while it computes or waits for a file: for a
 * command that has nothing to take down. As PID 1 the kernel would drop them: there they are heard as before.
 */
export function letSignalsEnd(): void {
  if (process.pid === 1) return;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP'] as const) {
    if (!(signal === 'SIGHUP' && isUnderNohup())) process.removeListener(signal, onNamed);
  }
}

/** Ends the program by raising the signal on itself, as its parent expects; as PID 1 that has no effect. */
export function raiseSignal(signal: NodeJS.Signals): void {
  const handler = handlers.get(signal);
  if (handler !== undefined) process.removeListener(signal, handler);
  process.kill(process.pid, signal);
}
