/**
 * As whom processes run, and within which limits.
 */

/** Names of setrlimit, without `RLIMIT_` and in small letters; in its units. */
export type LimitName =
  | 'as'
  | 'core'
  | 'cpu'
  | 'data'
  | 'fsize'
  | 'memlock'
  | 'msgqueue'
  | 'nofile'
  | 'nproc'
  | 'rtprio'
  | 'rttime'
  | 'sigpending'
  | 'stack';

/** A limit of resources. Infinity: none; undefined: it stays as it is. */
export interface Limit {
  readonly soft: number | undefined;
  readonly hard: number | undefined;
}

/** As whom the processes of a service run, and within which limits; what isn't there stays as it is for orderly. */
export interface RightsConfig {
  /** A name, or a number in digits. */
  readonly user?: string;
  readonly group?: string;
  readonly umask?: number;
  readonly nice?: number;
  readonly limits?: Readonly<Partial<Record<LimitName, Limit>>>;
}
