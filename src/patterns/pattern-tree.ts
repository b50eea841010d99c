/** What a regular expression is made of, as data. */
import type { CharSet } from './char-set.ts';

export type Assertion = 'start' | 'end' | 'word-edge' | 'no-word-edge';

export type PatternNode =
  | { readonly kind: 'unit'; readonly set: CharSet }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'sequence'; readonly of: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly of: readonly PatternNode[] }
  | { readonly kind: 'group'; readonly index: number; readonly of: PatternNode }
  | RepeatNode
  | {
      readonly kind: 'look';
      readonly ahead: boolean;
      readonly negated: boolean;
      readonly of: PatternNode;
    }
  /** The text of a group again; of the one that took part if several have that name. */
  | { readonly kind: 'again'; readonly groups: readonly number[] };

export interface RepeatNode {
  readonly kind: 'repeat';
  readonly of: PatternNode;
  readonly min: number;
  readonly max: number;
  readonly lazy: boolean;
  /** The groups inside: from the first one on to before the second one. */
  readonly groups: readonly [from: number, to: number];
}

export interface Pattern {
  readonly root: PatternNode;
  /** How many there are, the whole match included. */
  readonly groupCount: number;
  /** By name, in the order in which they are written; a name can stand for several (in different alternatives). */
  readonly names: ReadonlyMap<string, readonly number[]>;
}
