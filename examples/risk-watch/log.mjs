/**
 * Log lines that know what they belong to. Strategy and session are in a context that every task inherits from whoever
 * starts it: code far below passes nothing on, and two strategies in one process never mix. Where the lines go is in
 * the context too; a log that can't be written stops nobody.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** @typedef {{ strategy: string, session: string, event: string, detail: string }} Line */
/** @typedef {{ strategy: string, session: string, write: (line: Line) => void }} LogContext */

/** @type {AsyncLocalStorage<LogContext>} */
const context = new AsyncLocalStorage();

/**
 * Runs `fn`; what is logged in it, and in the tasks it starts, carries this strategy and session.
 *
 * @template T
 * @param {LogContext} surroundings
 * @param {() => T} fn
 */
export function withLog(surroundings, fn) {
  return context.run(surroundings, fn);
}

/** @type {LogContext} */
const nobody = { strategy: '?', session: '?', write: console.error };

/** Writes a line. It never throws. */
export function log(/** @type {string} */ event, detail = '') {
  const { strategy, session, write } = context.getStore() ?? nobody;
  try {
    write({ strategy, session, event, detail });
  } catch {
    // Positions must be closed whether or not somebody can read about it.
  }
}
