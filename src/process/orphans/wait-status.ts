/**
 * How a process ended, by the number that waitpid(2) gives. Pure.
 */
import { constants } from 'node:os';
import type { ChildExit } from '../../events/fact-shape.ts';

/** It has not ended: it was stopped (WIFSTOPPED). */
export function isStopStatus(status: number): boolean {
  return (status & 0xff) === 0x7f;
}

/** The low seven bits are the signal that ended it, or 0: then the next byte is its code (wait(2), WIFEXITED). */
export function exitOfWaitStatus(status: number): ChildExit {
  const number = status & 0x7f;
  if (number === 0) return { kind: 'code', code: (status >> 8) & 0xff };
  const name = Object.entries(constants.signals).find(([, each]) => each === number)?.[0];
  return { kind: 'signal', signal: name ?? `SIG${number}` };
}
