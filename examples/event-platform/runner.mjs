/**
 * Runs services in order: each is started when the one before it has, and left in reverse, fully gone before the next
 * is asked. Their loops live in one task group, shielded from what is cancelled outside: otherwise they would all end
 * at once, and the order would be one of words only. What ends a loop is its own stop, its failure, or the limit.
 */
import { CancelScope, CleanupStack, Event, taskGroup } from 'orderlyd/concurrency';

/**
 * @typedef {object} Service
 * @property {string} name
 * @property {() => Promise<unknown>} start connects; what fails here, or is cancelled, leaves nothing behind
 * @property {() => Promise<unknown>} run its loop: ends when it was asked to stop and has finished what it had
 * @property {() => Promise<unknown>} stop asks it to end
 */

/** @typedef {{ phase: 'starting' | 'started' | 'stopping' | 'stopped', name: string }} Step */

/**
 * Starts `services` in their order, then waits for `body`, then stops those that were started, in reverse. Rejects with
 * what failed (a start, a loop, a stop, `body`) as a group error, first cause first, or with the cancellation.
 *
 * @param {readonly Service[]} services
 * @param {() => Promise<unknown>} body
 * @param {object} [options]
 * @param {(step: Step) => void} [options.tell] hears every step
 * @param {number} [options.limitMs] how long one stop may take; then its loop is cut short
 * @param {AbortSignal} [options.force] cuts all loops short when it aborts; the order is kept
 */
export async function runServices(services, body, { tell = () => undefined, limitMs = 5000, force } = {}) {
  await taskGroup(
    (group) =>
      CleanupStack.run(async (stack) => {
        for (const service of services) {
          const { name } = service;
          const life = new CancelScope({ name, shield: true, signal: force });
          const ended = new Event();

          const start = async () => {
            tell({ phase: 'starting', name });
            await service.start();
            group.startSoon(() => life.run(() => service.run()).finally(() => ended.set()), { name });
            tell({ phase: 'started', name });
          };
          const stop = async () => {
            tell({ phase: 'stopping', name });
            try {
              await service.stop();
              await ended.wait();
            } finally {
              life.cancel('its stop is over');
              tell({ phase: 'stopped', name });
            }
          };
          await stack.enter(start, stop, { limitMs });
        }
        await body();
      }),
    { name: 'services' },
  );
}
