/** Signal names to their numbers on this system; an unknown name is 0. */
import { constants } from 'node:os';

export function signalNumber(name: string): number {
  const numbers: Readonly<Record<string, number | undefined>> = constants.signals;
  return numbers[name] ?? 0;
}
