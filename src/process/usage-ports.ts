/**
 * What is told of what processes use, and where they listen, to whoever asks. Types only.
 */

/** What the living processes of one instance use. */
export interface TreeUsage {
  readonly processes: number;
  /** Since the instance was started; never less than it was told before. */
  readonly cpuSeconds: number;
  /** What they share counts for each. */
  readonly residentBytes: number;
  /** How long the instance has been there. */
  readonly ageSeconds: number;
  /** Missing: it was not asked for. */
  readonly listening?: Listening;
}

/** What more than the figures is looked at, and of which services; missing: of all. */
export interface UsageWanted {
  readonly listening?: boolean;
  readonly services?: ReadonlySet<string>;
}

/** Where the processes of one instance accept connections, or datagrams. */
export interface Listening {
  /** Each place once, however many of them listen there. */
  readonly places: readonly ListenPlace[];
  /** False: one of them doesn't show what it holds. */
  readonly isWhole: boolean;
}

export type ListenPlace =
  | { readonly protocol: 'tcp' | 'udp'; readonly address: string; readonly port: number }
  /** As it was bound; abstract ones begin with `@`. */
  | { readonly protocol: 'unix'; readonly path: string };

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
