/**
 * What is told of what processes use, to whoever asks. Types only.
 */
/** What the living processes of one instance use. */
export interface TreeUsage {
  readonly processes: number;
  /** Since the instance was started; never less than it was told before. */
  readonly cpuSeconds: number;
  /** What they share counts for each. */
  readonly residentBytes: number;
}

/** What this program itself uses. */
export interface OwnUsage {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
  /** Undefined: the system doesn't tell. */
  readonly openFiles: number | undefined;
  readonly loop: {
    /** How long it was not idle since this program began. */
    readonly busySeconds: number;
    /** How late it was, in seconds, since this was asked for the time before; undefined: nobody had. */
    readonly delay: { readonly mean: number; readonly p99: number; readonly max: number } | undefined;
  };
}
