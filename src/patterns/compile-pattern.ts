/**
 * From the tree of a regular expression to its steps.
 *
 * Counted repetitions are written out; what would become too long by that is refused.
 */
import { type CharSet, UnitTable, union } from './char-set.ts';
import { parsePattern, UnusablePatternError } from './parse-pattern.ts';
import type { PatternNode, RepeatNode } from './pattern-tree.ts';
import type { Operation, Program, Step } from './program.ts';

/** More than anybody writes by hand; each costs memory with each service that has the pattern. */
const MOST_STEPS = 5_000;

/** Each doubles what has to be remembered of a line. */
const MOST_TOLD_APART = 3;

/** Rounds of repetitions that are written out, empty ones too. */
const MOST_ROUNDS = 20_000;

type Look = Extract<PatternNode, { kind: 'look' }>;

/** Throws `UnusablePatternError`. */
export function compilePattern(source: string, ignoreCase = false): Program {
  const { root, groupCount, names } = parsePattern(source, ignoreCase);
  const steps: Step[] = [];
  const sets: CharSet[] = [];
  const setIndex = new Map<string, number>();
  const groupLists: (readonly number[])[] = [];
  const looks: { readonly step: Step; readonly node: Look }[] = [];
  let slots = groupCount * 2;
  let rounds = 0;
  const mayReadNothing: number[] = [];
  let inLook = false;
  let groupInLook = false;

  const add = (op: Operation, x = 0, y = 0): Step => {
    if (steps.length >= MOST_STEPS) throw tooLarge();
    const step = { op, x, y };
    steps.push(step);
    return step;
  };

  const indexOf = (set: CharSet): number => {
    const key = set.join();
    const known = setIndex.get(key);
    if (known !== undefined) return known;
    setIndex.set(key, sets.push(set) - 1);
    return sets.length - 1;
  };

  const emit = (node: PatternNode, back: boolean): void => {
    switch (node.kind) {
      case 'unit':
        add('unit', indexOf(node.set), Number(back));
        break;
      case 'assert':
        add(node.what);
        break;
      case 'sequence':
        for (const part of back ? node.of.toReversed() : node.of) emit(part, back);
        break;
      case 'choice':
        emitChoice(node.of, back);
        break;
      case 'group':
        groupInLook ||= inLook;
        add('save', node.index * 2 + Number(back));
        emit(node.of, back);
        add('save', node.index * 2 + Number(!back));
        break;
      case 'repeat':
        emitRepeat(node, back);
        break;
      case 'look':
        looks.push({ step: add('look', 0, Number(node.negated)), node });
        break;
      case 'again':
        add('again', groupLists.push(node.groups) - 1, Number(back));
        break;
    }
  };

  const emitChoice = (of: readonly PatternNode[], back: boolean): void => {
    const ends: Step[] = [];
    of.forEach((way, index) => {
      const split = index === of.length - 1 ? undefined : add('split', steps.length + 1);
      emit(way, back);
      if (split === undefined) return;
      ends.push(add('jump'));
      split.y = steps.length;
    });
    for (const end of ends) end.x = steps.length;
  };

  const emitRepeat = ({ of, min, max, lazy, groups }: RepeatNode, back: boolean): void => {
    const round = (): void => {
      rounds += 1;
      if (rounds > MOST_ROUNDS) throw tooLarge();
      if (groups[0] < groups[1]) add('forget', groups[0] * 2, groups[1] * 2);
      emit(of, back);
    };
    for (let count = 0; count < min; count += 1) round();
    if (max <= min) return;
    const isEndless = max === Number.POSITIVE_INFINITY;
    const exits: Step[] = [];
    // What always reads something needs no look at whether it did.
    const slot = of.kind === 'unit' ? undefined : slots++;
    if (slot !== undefined && !inLook && canBeEmpty(of)) mayReadNothing.push(slot);
    const [into, past] = lazy ? (['y', 'x'] as const) : (['x', 'y'] as const);
    const choose = (inside: number): void => {
      const split = add('split');
      split[into] = inside;
      exits.push(split);
    };
    for (let count = min; count < (isEndless ? min + 1 : max); count += 1) {
      const inside = steps.length + 1;
      choose(inside);
      if (slot !== undefined) add('enter', slot);
      round();
      if (slot !== undefined) add('advance', slot);
      // The way back is a choice again, not a jump to the first one: a step less for each round.
      if (isEndless) choose(inside);
    }
    for (const exit of exits) exit[past] = steps.length;
  };

  add('save', 0);
  emit(root, false);
  add('save', 1);
  add('match');
  const mainLength = steps.length;
  inLook = true;
  // Looks inside of looks are added while this goes on.
  for (const { step, node } of looks) {
    step.x = steps.length;
    emit(node.of, !node.ahead);
    add('match');
  }
  const memoryless = groupLists.length === 0 && !groupInLook;
  const tables = sets.map((set) => new UnitTable(set));
  const toldApart = mayReadNothing.length > MOST_TOLD_APART ? [] : mayReadNothing;
  const states = mainLength * 2 ** toldApart.length;
  const first = firstUnits(steps, sets);
  const told = { rounds: toldApart, states };
  return {
    steps,
    sets,
    tables,
    first,
    groupLists,
    names,
    slots,
    mainLength,
    memoryless,
    ...told,
    ignoreCase,
  };
}

/** Whether it may match without having read anything. */
function canBeEmpty(node: PatternNode): boolean {
  switch (node.kind) {
    case 'unit':
      return false;
    case 'sequence':
      return node.of.every(canBeEmpty);
    case 'choice':
      return node.of.some(canBeEmpty);
    case 'group':
      return canBeEmpty(node.of);
    case 'repeat':
      return node.min === 0 || canBeEmpty(node.of);
    default:
      return true;
  }
}

/** What may be read first; undefined: perhaps nothing is. */
function firstUnits(steps: readonly Step[], sets: readonly CharSet[]): UnitTable | undefined {
  const ranges: number[] = [];
  const reached = new Set([0]);
  // A set passes on what is added while it is walked.
  for (const at of reached) {
    const { op, x, y } = steps[at]!;
    if (op === 'match' || op === 'again') return undefined;
    if (op === 'unit') ranges.push(...sets[x]!);
    else if (op === 'split') reached.add(x).add(y);
    else reached.add(op === 'jump' ? x : at + 1);
  }
  return new UnitTable(union(ranges));
}

function tooLarge(): Error {
  const why = 'it is too large once its counted repetitions are written out';
  return new UnusablePatternError(why, 'Write * or + in place of a large count');
}

// Why a text can't be used as a pattern for lines of output, as half a sentence, and what to do about it. Pure.

interface PatternTrouble {
  /** It is a regular expression, but can't be used. */
  readonly isPattern: boolean;
  readonly why: string;
  readonly hint: string;
}

export function patternTrouble(source: string, ignoreCase = false): PatternTrouble | undefined {
  try {
    new RegExp(source);
    compilePattern(source, ignoreCase);
    return undefined;
  } catch (error) {
    if (error instanceof UnusablePatternError)
      return { isPattern: true, why: error.message, hint: error.hint };
    if (!(error instanceof SyntaxError)) throw error;
    return {
      isPattern: false,
      why: error.message.replace(/^Invalid regular expression: /, '').replace(/^\/[\s\S]*\/\w*: /, ''),
      hint: 'Put a backslash before characters that stand for themselves, and the whole in single quotes',
    };
  }
}
