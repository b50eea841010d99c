/**
 * How much room V8 takes for what is made and soon thrown away.
 */
import { setFlagsFromString } from 'node:v8';

/**
 * It stays as large as it is. All that a supervisor makes is short-lived; more room is asked for in floods of output,
 * and never given back (60 MB with Node 24). Before the start is done it would cost time.
 */
export function keepYoungSpace(): void {
  // Read by V8 whenever it could grow.
  setFlagsFromString('--semi-space-growth-factor=1');
}
