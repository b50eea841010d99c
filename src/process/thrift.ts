/**
 * What V8 is kept from that would cost more than it brings: a supervisor runs for days, and works for moments.
 */
import { setFlagsFromString } from 'node:v8';
import { willSupervise } from './will-supervise.ts';

/** A start is over by then, or so large that faster code pays. */
const START_MS = 2_000;

// In a start everything is hot once. What the optimizing compiler makes of it comes too late: it takes a quarter of the
// processor time of a hundred services, from them, and 7 MB.
if (willSupervise) setFlagsFromString('--no-opt');

/** Whatever is hot from now on is worth it: floods of output, a large shutdown. Keeps nothing alive. */
export function optimizeAfterStart(): void {
  setTimeout(() => setFlagsFromString('--opt'), START_MS).unref();
}

/**
 * The young space stays as large as it is. All that a supervisor makes is short-lived; more room is asked for in floods of
 * output, and never given back (60 MB with Node 24). Before the start is done it would cost time.
 */
export function keepYoungSpace(): void {
  // Read by V8 whenever it could grow.
  setFlagsFromString('--semi-space-growth-factor=1');
}
