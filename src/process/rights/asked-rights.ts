/**
 * The rights that are asked for, and what comes of that. Types only, for whoever asks.
 */
import type { Rights } from '../rights-ports.ts';

export interface AskedLimit {
  /** Infinity: no limit; undefined: as it is. */
  readonly soft: number | undefined;
  readonly hard: number | undefined;
}

export interface AskedRights {
  /** A name, or a number in digits. */
  readonly user?: string;
  readonly group?: string;
  readonly umask?: number;
  readonly nice?: number;
  readonly limits?: Readonly<Record<string, AskedLimit>>;
}

/** Why it can't be had: a clause after `"api" can't …`, and what to do. */
export interface RightsTrouble {
  /** The key that is to blame: `['limits', 'nofile']`. */
  readonly key: readonly string[];
  readonly message: string;
  readonly hint: string;
}

export type ResolvedRights =
  | { readonly kind: 'granted'; readonly rights: Rights }
  | { readonly kind: 'refused'; readonly troubles: readonly RightsTrouble[] };
