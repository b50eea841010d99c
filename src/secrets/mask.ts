/**
 * Puts `***` in the place of each run of bytes that secrets cover: of those that overlap or touch, one. Everything else is passed
 * on byte for byte, and the chunks in which bytes come make no difference.
 *
 * What may still become a secret is held back: fewer bytes than the longest secret has, and only while they are the beginning
 * of one.
 */
import type { Automaton } from './automaton.ts';

export const MASK = '***';

const MASK_BYTES = Buffer.from(MASK);
const NOTHING = Buffer.alloc(0);

interface Covered {
  readonly from: number;
  to: number;
}

/** One stream. */
export class MaskedStream {
  readonly #current: () => Automaton | undefined;
  #automaton: Automaton | undefined;
  #state = 0;
  #held: Buffer = NOTHING;
  /** Of what is held. */
  #covered: Covered[] = [];
  /** The byte before what is held was covered. */
  #isInside = false;

  /** What is asked for with each chunk; undefined: there are no secrets. Each one finds what those before it find. */
  constructor(current: () => Automaton | undefined) {
    this.#current = current;
  }

  /** What may be passed on now, the chunk itself where nothing is to be done; it may be empty, and is valid as long as the chunk. */
  push(chunk: Buffer): Buffer {
    this.#adopt();
    const automaton = this.#automaton;
    if (automaton === undefined) return chunk;
    const held = this.#held.length;
    const bytes = held === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#state = scan(automaton, this.#state, bytes, held, this.#covered);
    return this.#pass(bytes, bytes.length - automaton.pending(this.#state));
  }

  /** What was held back: nothing follows. */
  end(): Buffer {
    const rest = this.#pass(this.#held, this.#held.length);
    this.#state = 0;
    this.#isInside = false;
    return rest;
  }

  /** Others are secret now: what is held is looked at anew. */
  #adopt(): void {
    const current = this.#current();
    if (current === this.#automaton) return;
    this.#automaton = current;
    if (current === undefined) return;
    const found = [...this.#covered];
    const more: Covered[] = [];
    this.#state = scan(current, 0, this.#held, 0, more);
    this.#covered = [];
    for (const one of [...found, ...more].sort((a, b) => a.from - b.from)) join(this.#covered, one);
  }

  #pass(bytes: Buffer, count: number): Buffer {
    const passed = replaced(bytes, count, this.#covered, this.#isInside);
    if (count > 0) this.#isInside = this.#covered.some(({ from, to }) => from < count && to >= count);
    this.#covered = this.#covered.flatMap(({ from, to }) =>
      to > count ? [{ from: Math.max(0, from - count), to: to - count }] : [],
    );
    // The chunk is the caller's again after the call.
    this.#held = count === bytes.length ? NOTHING : Buffer.from(bytes.subarray(count));
    return passed;
  }
}

/** A text without secrets: the very same if there is none in it. What was cut in the middle of one shows nothing of it. */
export function maskText(automaton: Automaton, text: string): string {
  const bytes = Buffer.from(text);
  const covered: Covered[] = [];
  let state = 0;
  for (let from = 0; from < bytes.length; ) {
    const cut = bytes.indexOf(ELLIPSIS, from);
    const to = cut === -1 ? bytes.length : cut;
    state = scan(automaton, state, bytes.subarray(0, to), from, covered);
    const begun = automaton.pending(state);
    if (cut !== -1 && begun >= LEAST_BEGUN_BYTES) cover(covered, to - begun, to);
    from = to;
    if (cut !== -1) {
      state = scan(automaton, state, bytes.subarray(0, to + ELLIPSIS.length), to, covered);
      from = to + ELLIPSIS.length;
    }
  }
  return covered.length === 0 ? text : replaced(bytes, bytes.length, covered, false).toString();
}

/** Where a text was cut off. */
const ELLIPSIS = Buffer.from('…');
/** Fewer are the beginning of too many words. */
const LEAST_BEGUN_BYTES = 4;

/** The state after the bytes from there on; what texts cover is added, by its end. */
function scan(automaton: Automaton, first: number, bytes: Uint8Array, from: number, into: Covered[]): number {
  let state = first;
  for (let at = from; at < bytes.length; at += 1) {
    if (state === 0) at = automaton.skip(bytes, at);
    state = automaton.step(state, bytes[at]!);
    const matched = automaton.matched(state);
    if (matched > 0) cover(into, at + 1 - matched, at + 1);
  }
  return state;
}

/** One that ends no earlier than those before it: what it overlaps or touches becomes one with it. */
function cover(covered: Covered[], from: number, to: number): void {
  let first = from;
  let last = to;
  while (covered.length > 0 && covered.at(-1)!.to >= first) {
    const before = covered.pop()!;
    first = Math.min(first, before.from);
    last = Math.max(last, before.to);
  }
  covered.push({ from: first, to: last });
}

/** One that begins no earlier than those before it. */
function join(covered: Covered[], { from, to }: Covered): void {
  const before = covered.at(-1);
  if (before === undefined || before.to < from) covered.push({ from, to });
  else before.to = Math.max(before.to, to);
}

/** The first so many bytes; `isInside`: a mask stands before them already. */
function replaced(bytes: Buffer, count: number, covered: readonly Covered[], isInside: boolean): Buffer {
  if (covered.length === 0) return count === bytes.length ? bytes : bytes.subarray(0, count);
  const pieces: Buffer[] = [];
  let done = 0;
  for (const { from, to } of covered) {
    if (from >= count) break;
    pieces.push(bytes.subarray(done, from));
    if (from > 0 || !isInside) pieces.push(MASK_BYTES);
    done = Math.min(to, count);
  }
  pieces.push(bytes.subarray(done, count));
  return Buffer.concat(pieces);
}
