/** The error of a source that has said nothing for too long. */

/** Thrown by `watchdog` and `watched` when a read stays away. */
export class StalenessError extends Error {
  override readonly name = 'StalenessError';
  /** The name of the source. */
  readonly source: string;
  /** For how long it had said nothing, in ms: the limit of the watchdog. */
  readonly withinMs: number;

  constructor(source: string, withinMs: number) {
    super(`Nothing from "${source}" for ${withinMs} ms`);
    this.source = source;
    this.withinMs = withinMs;
  }
}
