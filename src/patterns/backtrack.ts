/**
 * Finds the match that `RegExp` finds, groups included: tries the ways in their order, and goes back.
 *
 * Where it can, it remembers which steps it has tried at which place, so that none is tried there twice; else only the
 * budget ends it.
 */
import type { Budget } from './budget.ts';
import { contains, wordUnits } from './char-set.ts';
import { canonical } from './fold-case.ts';
import type { Operation, Program, Step } from './program.ts';

/** Where groups begin and end, two numbers each, the whole first; -1: it took no part. */
export type Places = Int32Array;

/** Undefined: it matches nowhere. Throws `TooMuchWorkError`. */
export function backtrack(program: Program, text: string, budget: Budget): Places | undefined {
  const { steps, tables, groupLists, first, mainLength, rounds } = program;
  const same = program.ignoreCase ? canonical : (unit: number): number => unit;
  const width = text.length + 1;
  const tried = program.memoryless ? new Uint32Array(((program.states * width) >>> 5) + 1) : undefined;
  const places = new Int32Array(program.slots).fill(-1);
  // Pairs: a step and where, or (negative) a place and what it was.
  const stack: number[] = [];

  const set = (slot: number, value: number): void => {
    stack.push(-1 - slot, places[slot]!);
    places[slot] = value;
  };

  // The choice that `goBack` went back to.
  let step = 0;
  let at = 0;
  /** Back to the last choice above `base`; false: there is none. */
  const goBack = (base: number): boolean => {
    while (stack.length > base) {
      at = stack.pop()!;
      step = stack.pop()!;
      if (step >= 0) return true;
      places[-1 - step] = at;
    }
    return false;
  };

  /** Forgets the choices above `base`, but not what the groups were. */
  const keepOnlyPlaces = (base: number): void => {
    let kept = base;
    for (let from = base; from < stack.length; from += 2) {
      if (stack[from]! >= 0) continue;
      stack[kept] = stack[from]!;
      stack[kept + 1] = stack[from + 1]!;
      kept += 2;
    }
    stack.length = kept;
  };

  /** The place after the text of the group again; undefined: it isn't there. */
  const again = (groups: readonly number[], back: boolean): number | undefined => {
    const group = groups.find((index) => places[index * 2]! >= 0 && places[index * 2 + 1]! >= 0);
    if (group === undefined) return at;
    const from = places[group * 2]!;
    const length = places[group * 2 + 1]! - from;
    const begin = back ? at - length : at;
    if (begin < 0 || begin + length > text.length) return undefined;
    budget.take(length);
    for (let index = 0; index < length; index += 1)
      if (same(text.charCodeAt(from + index)) !== same(text.charCodeAt(begin + index))) return undefined;
    return back ? begin : begin + length;
  };

  /** Whether it is the first time that this step is tried here. */
  const isNew = (): boolean => {
    if (tried === undefined || step >= mainLength) return true;
    let state = step;
    for (let index = 0; index < rounds.length; index += 1)
      if (places[rounds[index]!] === at) state += mainLength << index;
    const place = state * width + at;
    const bits = tried[place >>> 5]!;
    const bit = 1 << (place & 31);
    tried[place >>> 5] = bits | bit;
    return (bits & bit) === 0;
  };

  /** Makes one step; false: this way leads nowhere. */
  const go = ({ op, x, y }: Step): boolean => {
    switch (op) {
      case 'unit': {
        const unit = text.charCodeAt(at - y);
        at += 1 - 2 * y;
        step += 1;
        return tables[x]!.has(unit);
      }
      case 'split':
        stack.push(y, at);
        step = x;
        return true;
      case 'jump':
        step = x;
        return true;
      case 'save':
      case 'enter':
        set(x, at);
        step += 1;
        return true;
      case 'forget':
        budget.take((y - x) >> 3);
        for (let slot = x; slot < y; slot += 1) if (places[slot] !== -1) set(slot, -1);
        step += 1;
        return true;
      case 'advance':
        step += 1;
        return places[x] !== at;
      case 'look':
        return look(x, y === 1);
      case 'again': {
        const next = again(groupLists[x]!, y === 1);
        at = next ?? at;
        step += 1;
        return next !== undefined;
      }
      default:
        step += 1;
        return holds(op, text, at);
    }
  };

  const look = (begin: number, negated: boolean): boolean => {
    const [base, here, next] = [stack.length, at, step + 1];
    const found = run(begin, here);
    if (found && !negated) keepOnlyPlaces(base);
    else while (goBack(base));
    at = here;
    step = next;
    return found !== negated;
  };

  const run = (begin: number, from: number): boolean => {
    const base = stack.length;
    step = begin;
    at = from;
    for (;;) {
      budget.take(1);
      const todo = steps[step]!;
      if (todo.op === 'match') return true;
      if (!(isNew() && go(todo)) && !goBack(base)) return false;
    }
  };

  for (let from = 0; from <= text.length; from += 1)
    if (first?.has(text.charCodeAt(from)) !== false && run(0, from)) return places;
  return undefined;
}

function holds(op: Operation, text: string, at: number): boolean {
  switch (op) {
    case 'start':
      return at === 0;
    case 'end':
      return at === text.length;
    default: {
      const isEdge = isWordAt(text, at - 1) !== isWordAt(text, at);
      return isEdge === (op === 'word-edge');
    }
  }
}

function isWordAt(text: string, at: number): boolean {
  return at >= 0 && at < text.length && contains(wordUnits, text.charCodeAt(at));
}
