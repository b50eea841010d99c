/**
 * The request to end, whichever way it comes: SIGTERM, SIGINT, or the message `shutdown` of a Node channel. It comes
 * once; a second signal ends the program as if nobody listened.
 */
import type { EventEmitter } from 'node:events';

/** The part of `process` that it needs. */
export interface Requests extends EventEmitter {
  readonly channel?: { unref?(): void } | null | undefined;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Calls `onRequest` at the first request. Keeps no process alive. */
export function listenForShutdown(requests: Requests, onRequest: () => void): void {
  const ask = (): void => {
    for (const signal of SIGNALS) requests.off(signal, ask);
    requests.off('message', hear);
    onRequest();
  };
  const hear = (message: unknown): void => {
    if (message === 'shutdown') ask();
  };
  for (const signal of SIGNALS) requests.on(signal, ask);
  requests.on('message', hear);
  requests.channel?.unref?.();
}
