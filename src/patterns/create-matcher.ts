/**
 * Matches lines against a pattern of a user in bounded time, with the result that `RegExp` gives.
 *
 * An automaton passes over what can't match, reading each character once. Only a line that may match is looked at
 * closer; one that would take too much work for that is looked at in its first part, and counted if nothing is found.
 */
import { Automaton } from './automaton.ts';
import { backtrack, type Places } from './backtrack.ts';
import { Budget, TooMuchWorkError } from './budget.ts';
import { compilePattern } from './compile-pattern.ts';

/** For the automaton, whose states cost once what they cost. */
const STEPS_TO_RULE_OUT = 196_608;
/** For a closer look at a line: the whole, then so many characters of it, then as many as will do for any pattern. */
const STEPS_OF_THE_WHOLE = 98_304;
const LONG_PART = 8_192;
const STEPS_OF_A_LONG_PART = 32_768;
const STEPS_OF_A_SURE_PART = 20_480;

/** More places to remember than that are too many. */
const MOST_PLACES = 33_554_432;

export interface Match {
  readonly text: string;
  /** The named groups that took part. */
  readonly groups: Readonly<Record<string, string>>;
}

export interface Matcher {
  /** Work is counted anew; call it with each chunk of output. */
  beginChunk(): void;
  match(line: string): Match | undefined;
  /** The bytes of a line that can't match, without its end; false if that can't be said without decoding it. */
  rulesOut(bytes: Uint8Array, from: number, to: number): boolean;
  /** How many lines were passed over for too much work. */
  readonly passedOver: number;
  /** Steps taken, for tests. */
  readonly spent: number;
}

/** Throws if the pattern is none, or one that can't be matched here (`patternTrouble`). */
export function createMatcher(source: string, ignoreCase = false): Matcher {
  const program = compilePattern(source, ignoreCase);
  const budget = new Budget();
  const automaton = new Automaton(program, budget);
  const surePart = Math.floor((STEPS_OF_A_SURE_PART * 0.8) / program.states);
  const looks = [
    [Number.POSITIVE_INFINITY, STEPS_OF_THE_WHOLE],
    [LONG_PART, STEPS_OF_A_LONG_PART],
    [surePart, STEPS_OF_A_SURE_PART],
  ] as const;
  let passedOver = 0;

  const find = (line: string): Match | undefined => {
    if ((line.length + 1) * program.states > MOST_PLACES) throw TooMuchWorkError.it;
    const places = backtrack(program, line, budget);
    return places && matchOf(line, places, program.names);
  };
  const bounded = <T>(work: () => T): T | 'too-much' => {
    try {
      return work();
    } catch (error) {
      if (error instanceof TooMuchWorkError) return 'too-much';
      throw error;
    }
  };

  return {
    beginChunk: () => budget.beginChunk(),
    match(line) {
      budget.allow(STEPS_TO_RULE_OUT);
      if (bounded(() => automaton.mayMatch(line)) === false) return undefined;
      for (const [length, steps] of looks) {
        if (length >= line.length && length !== Number.POSITIVE_INFINITY) continue;
        budget.allow(steps);
        const found = bounded(() => find(line.slice(0, length)));
        if (found !== undefined && found !== 'too-much') return found;
        // Only the whole can say that there is nothing.
        if (found === undefined && length === Number.POSITIVE_INFINITY) return undefined;
      }
      passedOver += 1;
      return undefined;
    },
    rulesOut(bytes, from, to) {
      budget.allow(STEPS_TO_RULE_OUT);
      return bounded(() => automaton.mayMatchBytes(bytes, from, to)) === false;
    },
    get passedOver() {
      return passedOver;
    },
    get spent() {
      return budget.spent;
    },
  };
}

function matchOf(line: string, places: Places, names: ReadonlyMap<string, readonly number[]>): Match {
  const textOf = (group: number): string | undefined => {
    const from = places[group * 2]!;
    const to = places[group * 2 + 1]!;
    return from < 0 || to < 0 ? undefined : line.slice(from, to);
  };
  const groups = [...names].flatMap(([name, indexes]): [string, string][] => {
    const text = indexes.map(textOf).find((each) => each !== undefined);
    return text === undefined ? [] : [[name, text]];
  });
  return { text: textOf(0)!, groups: Object.fromEntries(groups) };
}
