/**
 * The signals that ask this program to end. Importing this file installs the handlers: before anything else is
 * loaded, since as PID 1 a signal without a handler is lost, and SIGUSR1 would open the debugger's port.
 *
 * Signals that come before anyone listens are kept for the first listener.
 */
import type { StopSignal } from './stop-signal.ts';
import { isUnderNohup } from './under-nohup.ts';

const early: StopSignal[] = [];
let listener: (signal: StopSignal) => void = (signal) => early.push(signal);

const handlers = new Map<NodeJS.Signals, () => void>();
// To die of one of these would leave every service behind; they ask for nothing.
for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const) handlers.set(signal, () => {});
for (const signal of ['SIGTERM', 'SIGINT'] as const) handlers.set(signal, () => listener(signal));
handlers.set('SIGHUP', () => {
  if (!isUnderNohup()) listener('SIGHUP');
});
handlers.set('SIGQUIT', () => listener('SIGTERM'));
for (const [signal, handler] of handlers) process.on(signal, handler);

/** Hands every signal to `listen` from now on, the early ones first. */
export function listenForSignals(listen: (signal: StopSignal) => void): void {
  listener = listen;
  for (const signal of early.splice(0)) listen(signal);
}

/**
 * From now on those that ask for the end do what they do to any program, also while it computes or waits for a file: for a
 * command that has nothing to take down. As PID 1 the kernel would drop them: there they are heard as before.
 */
export function letSignalsEnd(): void {
  if (process.pid === 1) return;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP'] as const) {
    const handler = handlers.get(signal);
    if (handler !== undefined && !(signal === 'SIGHUP' && isUnderNohup()))
      process.removeListener(signal, handler);
  }
}

/** Ends the program by raising the signal on itself, as its parent expects; as PID 1 that has no effect. */
export function raiseSignal(signal: NodeJS.Signals): void {
  const handler = handlers.get(signal);
  if (handler !== undefined) process.removeListener(signal, handler);
  process.kill(process.pid, signal);
}
