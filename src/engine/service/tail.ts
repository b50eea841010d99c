/**
 * The last output of one instance, kept for the report of its failure; bounded, and cheap for the hot path.
 *
 * Both streams share it in the order in which their chunks came.
 */
const KEPT_BYTES = 4096;

export class OutputTail {
  readonly #keptBytes: number;
  #bytes: Buffer | undefined;
  #length = 0;
  #torn = false;

  constructor(keptBytes = KEPT_BYTES) {
    this.#keptBytes = keptBytes;
  }

  /** Something older than what is kept is not. */
  get isTorn(): boolean {
    return this.#torn;
  }

  /** Another instance: what is kept from here on is its own. */
  begin(): void {
    this.#length = 0;
    this.#torn = false;
  }

  append(chunk: Buffer): void {
    const kept = this.#keptBytes;
    this.#bytes ??= Buffer.allocUnsafeSlow(2 * kept);
    if (chunk.length > kept) {
      // What is missing of it would stand between it and what came before.
      this.#length = 0;
      this.#torn = true;
    }
    const last = chunk.length > kept ? chunk.subarray(chunk.length - kept) : chunk;
    if (this.#length + last.length > this.#bytes.length) {
      this.#bytes.copyWithin(0, this.#length - kept, this.#length);
      this.#length = kept;
      this.#torn = true;
    }
    this.#length += last.copy(this.#bytes, this.#length);
  }

  /** At most `count` whole lines, the oldest first. */
  lines(count: number): string[] {
    if (this.#bytes === undefined) return [];
    const text = this.#bytes.subarray(0, this.#length).toString('utf8');
    const all = text.replace(/\n$/, '').split('\n');
    return all.slice(this.#torn && all.length > 1 ? 1 : 0).slice(-count);
  }
}
