/**
 * SIGIO, for whoever has descriptors that send it (fcntl(2), O_ASYNC).
 *
 * Once somebody has listened, the process does so for the rest of its life: without a handler the signal, also one
 * that comes late, would end us.
 */
const listeners = new Set<() => void>();

/** Calls it with each SIGIO, which may stand for many; returns what ends that. Holds up no exit. */
export function onSigio(listener: () => void): () => void {
  if (listeners.size === 0 && !process.listeners('SIGIO').includes(tellAll)) process.on('SIGIO', tellAll);
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function tellAll(): void {
  for (const listener of listeners) listener();
}
