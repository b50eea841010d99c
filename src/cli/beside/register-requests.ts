/**
 * Writes down which requests are under way, for the next run: it tells in the middle of what this one was killed.
 */
import type { Output } from '../../output/output.ts';
import type { RequestRegister } from '../../process/guard/run-guard.ts';

/** `open`: called with the first request. */
export function requestOutput(open: () => RequestRegister): Output {
  return {
    onEvent(event) {
      // Who only waits has changed nothing.
      if (event.type === 'request.accepted' && event.kind !== 'wait') {
        const { request, kind, names } = event;
        open().accepted({ request, kind, names });
      } else if (event.type === 'request.settled') open().settled(event.request);
    },
    onLog: () => undefined,
    finish: async () => undefined,
  };
}
