/**
 * One listener on an event of this process, however many of us want to hear it: Node warns of more than ten. While nobody
 * of us listens the event means what it meant before.
 */
import type { EventEmitter } from 'node:events';

/** Listens until the function that it returns is called, which may be repeated. */
export type Listen<Heard> = (listener: (heard: Heard) => void) => () => void;

/** `emitterOf` is asked when the first one listens. */
export function sharedListener<Heard>(emitterOf: () => EventEmitter, event: string): Listen<Heard> {
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
