/**
 * What asks a program to end, for as long as somebody listens: signals, and a stdout that nobody reads any more. Before
 * and after they mean what they meant: mostly the end, in the middle of everything.
 */
import type { EventEmitter } from 'node:events';
import type { StopSignal } from './signal-meaning.ts';

const onProcess = (signal: StopSignal): Listen<StopSignal> => sharedListener(() => process, signal);
const signals: Readonly<Record<StopSignal, Listen<StopSignal>>> = {
  SIGTERM: onProcess('SIGTERM'),
  SIGINT: onProcess('SIGINT'),
  SIGHUP: onProcess('SIGHUP'),
};
const onStdoutError = sharedListener<Error>(() => process.stdout, 'error');
const onStderrError = sharedListener<Error>(() => process.stderr, 'error');

/** Hands each of them to `listen` until the function that it returns is called, which may be repeated. */
export function listenMeanwhile(
  wanted: readonly StopSignal[],
  listen: (signal: StopSignal) => void,
): () => void {
  const ends = wanted.map((signal) => signals[signal](listen));
  return () => {
    for (const end of ends) end();
  };
}

/**
 * Tells when a write of the program itself to stdout has failed (EPIPE, EIO: its reader is gone), which would be thrown
 * otherwise; so would one to stderr, which nobody needs to be told of. What it returns ends it, after the writes of this
 * turn.
 */
export function watchOwnOutput(onStdoutGone: () => void): () => Promise<void> {
  const ends = [onStdoutError(onStdoutGone), onStderrError(() => undefined)];
  return async () => {
    await thisTurn();
    for (const end of ends) end();
  };
}

/** That a write has failed is told later in the turn in which it was tried. */
function thisTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

// One listener on an event of this process, however many of us want to hear it: Node warns of more than ten. While nobody
// of us listens the event means what it meant before.

/** Listens until the function that it returns is called, which may be repeated. */
type Listen<Heard> = (listener: (heard: Heard) => void) => () => void;

/** `emitterOf` is asked when the first one listens. */
function sharedListener<Heard>(emitterOf: () => EventEmitter, event: string): Listen<Heard> {
  const listeners = new Set<{ readonly hear: (heard: Heard) => void }>();
  const hearAll = (heard: Heard): void => {
    for (const { hear } of [...listeners]) hear(heard);
  };
  return (listener) => {
    const entry = { hear: listener };
    if (listeners.size === 0) emitterOf().on(event, hearAll);
    listeners.add(entry);
    return () => {
      if (!listeners.delete(entry)) return;
      if (listeners.size === 0) emitterOf().removeListener(event, hearAll);
    };
  };
}
