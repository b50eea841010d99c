/**
 * A regular expression as steps, for what runs it: `automaton.ts` and `backtrack.ts`.
 *
 * A step goes on to the next one unless it says where. The whole ends in `match`; what is looked at ahead or behind
 * stands after it and ends in `match` as well.
 */
import type { CharSet, UnitTable } from './char-set.ts';

export type Operation =
  /** One character of the set `x`; `y` is 1: the one before, since a look behind is read backwards. */
  | 'unit'
  /** The way `x`, and if that leads nowhere the way `y`. */
  | 'split'
  /** To `x`. */
  | 'jump'
  | 'start'
  | 'end'
  | 'word-edge'
  | 'no-word-edge'
  /** Where a group begins or ends: slot `x`. */
  | 'save'
  /** The slots from `x` on to before `y`: the groups of a repetition are forgotten with each round. */
  | 'forget'
  /** A round of a repetition begins: slot `x`. */
  | 'enter'
  /** A round that read nothing since slot `x` doesn't count. */
  | 'advance'
  /** The steps from `x` on match here; `y` is 1: they don't. */
  | 'look'
  /** The text of one of the groups `x` again; `y` is 1: before this place. */
  | 'again'
  | 'match';

/** All of one shape, since running them is all that takes time. */
export interface Step {
  readonly op: Operation;
  x: number;
  y: number;
}

export interface Program {
  readonly steps: readonly Step[];
  readonly sets: readonly CharSet[];
  readonly tables: readonly UnitTable[];
  /** What `again` means by its number. */
  readonly groupLists: readonly (readonly number[])[];
  readonly names: ReadonlyMap<string, readonly number[]>;
  /** What a match begins with; undefined: it may be empty. */
  readonly first: UnitTable | undefined;
  /** How many slots there are: two a group, one a repetition. */
  readonly slots: number;
  /** How many steps the whole has, without what is looked at. */
  readonly mainLength: number;
  /** Whether it matches from here on depends on nothing that was read before: each place need be tried only once. */
  readonly memoryless: boolean;
  /**
   * The slots of repetitions a round of which may read nothing: then it does depend on whether the round has read something,
   * which is told apart. Of more than a few none is: then what is found may end sooner than that of `RegExp`.
   */
  readonly rounds: readonly number[];
  /** In how many states it can be at one place at most. */
  readonly states: number;
  /** Letters are the same in both cases; the sets hold both already. */
  readonly ignoreCase: boolean;
}
