/**
 * Says whether a text matches somewhere, reading each character once: an automaton whose states are made when they
 * are needed (Thompson's construction; the states are sets of steps).
 *
 * It takes looks around for true and a group again for any text: of a pattern with those it says "no" when no text
 * like that can match, and "yes" when it has to be looked at. States beyond a bound are forgotten and made anew.
 */
import type { Budget } from './budget.ts';
import { type CharSet, contains, wordUnits } from './char-set.ts';
import type { Program } from './program.ts';

const ASCII = 128;
const MOST_STATES = 1_024;
/** Making a state costs so much more than a step that is only made. */
const COST = 8;
const UNKNOWN = -1;
const MATCHED = -2;
const ESCAPE = 0x1b;

interface State {
  /** What may come next, before asserts and jumps are followed. */
  readonly steps: readonly number[];
  readonly atStart: boolean;
  readonly afterWord: boolean;
}

export class Automaton {
  readonly #program: Program;
  readonly #budget: Budget;
  /** Where the classes of characters begin that no set tells apart; in order. */
  readonly #classStarts: readonly number[];
  readonly #ascii = new Uint16Array(ASCII);
  readonly #isWord: readonly boolean[];
  /** A column a class, and one for the end of the text. */
  readonly #width: number;
  #table: Int32Array;
  #states: State[] = [];
  readonly #ids = new Map<string, number>();
  /** The last closure that saw a step. */
  readonly #seen: Uint32Array;
  #closure = 0;

  constructor(program: Program, budget: Budget) {
    this.#program = program;
    this.#budget = budget;
    const starts = classStarts([...program.sets, wordUnits]);
    this.#classStarts = starts;
    this.#width = starts.length + 1;
    for (let unit = 0; unit < ASCII; unit += 1) this.#ascii[unit] = this.#search(unit);
    this.#isWord = starts.map((start) => contains(wordUnits, start));
    this.#seen = new Uint32Array(program.steps.length);
    this.#table = new Int32Array(16 * this.#width).fill(UNKNOWN);
    this.#forget();
  }

  mayMatch(text: string): boolean {
    const width = this.#width;
    const ascii = this.#ascii;
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      const kind = unit < ASCII ? ascii[unit]! : this.#search(unit);
      const next = this.#table[state * width + kind]!;
      state = next >= 0 ? next : next === MATCHED ? MATCHED : this.#make(state, kind);
      if (state === MATCHED) return true;
    }
    return this.#atEnd(state);
  }

  /**
   * Whether the line that these bytes are may match. Undefined: it isn't plain ASCII text, and has to be decoded first.
   */
  mayMatchBytes(bytes: Uint8Array, from: number, to: number): boolean | undefined {
    const width = this.#width;
    const ascii = this.#ascii;
    let state = 0;
    for (let at = from; at < to; at += 1) {
      const unit = bytes[at]!;
      if (unit >= ASCII || unit === ESCAPE) return undefined;
      const kind = ascii[unit]!;
      const next = this.#table[state * width + kind]!;
      state = next >= 0 ? next : next === MATCHED ? MATCHED : this.#make(state, kind);
      if (state === MATCHED) return true;
    }
    return this.#atEnd(state);
  }

  #atEnd(state: number): boolean {
    const end = this.#width - 1;
    const known = this.#table[state * this.#width + end]!;
    return (known === UNKNOWN ? this.#make(state, end) : known) === MATCHED;
  }

  /** The state that follows; the end of the text leads to the first one or to a match. */
  #make(id: number, kind: number): number {
    const from = this.#states[id]!;
    const atEnd = kind === this.#width - 1;
    const next = this.#follow(from, kind, atEnd);
    if (next === undefined) {
      this.#table[id * this.#width + kind] = MATCHED;
      return MATCHED;
    }
    if (atEnd) {
      this.#table[id * this.#width + kind] = 0;
      return 0;
    }
    const isFull = this.#states.length >= MOST_STATES;
    if (isFull) this.#forget();
    const made = this.#intern({ steps: next, atStart: false, afterWord: this.#isWord[kind]! });
    if (!isFull) this.#table[id * this.#width + kind] = made;
    return made;
  }

  /** Undefined: it has matched. */
  #follow(from: State, kind: number, atEnd: boolean): number[] | undefined {
    const { steps, sets } = this.#program;
    const beforeWord = !atEnd && this.#isWord[kind]!;
    const seen = this.#seen;
    this.#closure += 1;
    const next = new Set<number>();
    const pending = [...from.steps];
    let taken = 1;
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (seen[at] === this.#closure) continue;
      seen[at] = this.#closure;
      taken += 1;
      const step = steps[at]!;
      switch (step.op) {
        case 'match':
          this.#budget.take(taken * COST);
          return undefined;
        case 'unit':
          if (!atEnd && contains(sets[step.x]!, this.#classStarts[kind]!)) next.add(at + 1);
          break;
        case 'split':
          pending.push(step.x, step.y);
          break;
        case 'jump':
          pending.push(step.x);
          break;
        case 'start':
          if (from.atStart) pending.push(at + 1);
          break;
        case 'end':
          if (atEnd) pending.push(at + 1);
          break;
        case 'word-edge':
          if (from.afterWord !== beforeWord) pending.push(at + 1);
          break;
        case 'no-word-edge':
          if (from.afterWord === beforeWord) pending.push(at + 1);
          break;
        case 'again':
          if (!atEnd) next.add(at);
          pending.push(at + 1);
          break;
        default:
          pending.push(at + 1);
      }
    }
    this.#budget.take(taken * COST);
    // A match may begin anywhere.
    next.add(0);
    return [...next].sort((a, b) => a - b);
  }

  #intern(state: State): number {
    const key = `${state.afterWord ? 'w' : '-'}${state.atStart ? '^' : ''}${state.steps.join()}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#states.push(state) - 1;
    this.#ids.set(key, id);
    const needed = (id + 1) * this.#width;
    if (needed > this.#table.length) {
      const larger = new Int32Array(Math.max(needed, this.#table.length * 2)).fill(UNKNOWN);
      larger.set(this.#table);
      this.#table = larger;
    }
    return id;
  }

  #forget(): void {
    this.#states = [];
    this.#ids.clear();
    this.#table.fill(UNKNOWN);
    this.#intern({ steps: [0], atStart: true, afterWord: false });
  }

  #search(unit: number): number {
    let low = 0;
    let high = this.#classStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#classStarts[middle]! <= unit) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function classStarts(sets: readonly CharSet[]): readonly number[] {
  const starts = new Set<number>([0]);
  for (const set of sets)
    for (let at = 0; at < set.length; at += 2) {
      starts.add(set[at]!);
      starts.add(set[at + 1]! + 1);
    }
  return [...starts].sort((a, b) => a - b);
}
