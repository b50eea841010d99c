/**
 * Finds many texts in bytes at once, each byte looked at a bounded number of times on average, however many texts there are (Aho
 * and Corasick, 1975).
 *
 * It is a tree of the texts in flat arrays: state 0 is its root, and a state is how much of some text the last bytes are.
 */
export class Automaton {
  readonly #ofRoot = new Int32Array(256);
  readonly #firstChild: Int32Array;
  readonly #sibling: Int32Array;
  readonly #byte: Uint8Array;
  /** The state of the longest end of this one that begins a text too. */
  readonly #fallback: Int32Array;
  /** How long the longest text is that ends here; 0: none does. */
  readonly #matched: Int32Array;
  /** How many of the last bytes may go on as a text. */
  readonly #pending: Int32Array;
  /** The first two bytes of texts: most of an output is passed over by them. */
  readonly #pairs = new Uint8Array(65_536);

  /** Texts of two bytes at least. */
  constructor(texts: readonly Buffer[]) {
    const most = 1 + texts.reduce((sum, { length }) => sum + length, 0);
    this.#firstChild = new Int32Array(most);
    this.#sibling = new Int32Array(most);
    this.#byte = new Uint8Array(most);
    this.#fallback = new Int32Array(most);
    this.#matched = new Int32Array(most);
    this.#pending = new Int32Array(most);
    let count = 1;
    for (const text of texts) {
      let state = 0;
      for (const byte of text) {
        const known = this.#child(state, byte);
        if (known === 0) this.#grow(state, byte, count);
        state = known === 0 ? count++ : known;
      }
      this.#matched[state] = text.length;
      this.#pairs[(text[0]! << 8) | text[1]!] = 1;
    }
    this.#link(count);
  }

  /** The first place from here on at which a text can begin; the last byte, if none can before it. */
  skip(bytes: Uint8Array, from: number): number {
    const last = bytes.length - 1;
    let at = from;
    while (at < last && this.#pairs[(bytes[at]! << 8) | bytes[at + 1]!] === 0) at += 1;
    return at;
  }

  step(from: number, byte: number): number {
    for (let state = from; state !== 0; state = this.#fallback[state]!) {
      const next = this.#child(state, byte);
      if (next !== 0) return next;
    }
    return this.#ofRoot[byte]!;
  }

  /** The length of the longest text that ends here; 0: none does. */
  matched(state: number): number {
    return this.#matched[state]!;
  }

  /** How many of the last bytes are the beginning of a text that may go on. */
  pending(state: number): number {
    return this.#pending[state]!;
  }

  #child(state: number, byte: number): number {
    if (state === 0) return this.#ofRoot[byte]!;
    let child = this.#firstChild[state]!;
    while (child !== 0 && this.#byte[child] !== byte) child = this.#sibling[child]!;
    return child;
  }

  #grow(state: number, byte: number, made: number): void {
    this.#byte[made] = byte;
    if (state === 0) {
      this.#ofRoot[byte] = made;
      return;
    }
    this.#sibling[made] = this.#firstChild[state]!;
    this.#firstChild[state] = made;
  }

  /** Level by level: what a state falls back to is shorter, and known before. */
  #link(count: number): void {
    const queue = new Int32Array(count);
    const depth = new Int32Array(count);
    let end = 0;
    for (const state of this.#ofRoot) if (state !== 0) queue[end++] = state;
    for (let at = 0; at < end; at += 1) {
      const state = queue[at]!;
      // Of the first level it is the root.
      if (depth[state] === 0) depth[state] = 1;
      const fallback = this.#fallback[state]!;
      if (this.#matched[state] === 0) this.#matched[state] = this.#matched[fallback]!;
      this.#pending[state] = this.#firstChild[state] === 0 ? this.#pending[fallback]! : depth[state]!;
      for (let child = this.#firstChild[state]!; child !== 0; child = this.#sibling[child]!) {
        depth[child] = depth[state]! + 1;
        this.#fallback[child] = this.step(fallback, this.#byte[child]!);
        queue[end++] = child;
      }
    }
  }
}
