/**
 * What V8 is kept from that would cost more than it brings: a supervisor runs for days, and works for moments.
 */

/** A start is over by then, or so large that faster code pays. */
const START_MS = 2_000;

/**
 * Call it when the first services are being started. Keeps nothing alive.
 *
 * In a start everything is hot once. What the optimizing compiler makes of it comes too late: it takes a quarter of the
 * processor time of a hundred services, from them, and 7 MB. Whatever is hot after it is worth it: floods of output, a large
 * shutdown.
 *
 * The young space stays as large as it is. All that a supervisor makes is short-lived; more room is asked for in floods of
 * output, and never given back (60 MB with Node 24).
 */
export async function useV8Sparingly(): Promise<void> {
  // It takes 2 ms to be loaded.
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--no-opt');
  setTimeout(() => setFlagsFromString('--opt'), START_MS).unref();
  // Read by V8 whenever it could grow.
  setFlagsFromString('--semi-space-growth-factor=1');
}
