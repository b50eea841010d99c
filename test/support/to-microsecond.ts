/**
 * To the microsecond, as in events: what is later in one of them is not earlier in the other.
 */
export function toMicrosecond(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
