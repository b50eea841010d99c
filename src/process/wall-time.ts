/**
 * The time of day, as events have it.
 */

/** Many events share a millisecond, and writing a date is dear. */
export function createWallTime(): () => string {
  let atMs = 0;
  let text = '';
  return () => {
    const nowMs = Date.now();
    if (nowMs !== atMs) text = new Date(nowMs).toISOString();
    atMs = nowMs;
    return text;
  };
}
