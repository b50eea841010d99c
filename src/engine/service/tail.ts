/**
 * The last output of one instance, kept for the report of its failure; bounded, and cheap for the hot path.
 *
 * Both streams share it in the order in which their chunks came.
 */
const KEPT_BYTES = 4096;

export class OutputTail {
  #bytes: Buffer | undefined;
  #length = 0;
  #torn = false;

  /** Another instance: what is kept from here on is its own. */
  begin(): void {
    this.#length = 0;
    this.#torn = false;
  }

  append(chunk: Buffer): void {
    this.#bytes ??= Buffer.allocUnsafeSlow(2 * KEPT_BYTES);
    if (chunk.length > KEPT_BYTES) this.#torn = true;
    const kept = chunk.length > KEPT_BYTES ? chunk.subarray(chunk.length - KEPT_BYTES) : chunk;
    if (this.#length + kept.length > this.#bytes.length) {
      this.#bytes.copyWithin(0, this.#length - KEPT_BYTES, this.#length);
      this.#length = KEPT_BYTES;
      this.#torn = true;
    }
    this.#length += kept.copy(this.#bytes, this.#length);
  }

  /** At most `count` whole lines, the oldest first. */
  lines(count: number): string[] {
    if (this.#bytes === undefined) return [];
    const text = this.#bytes.subarray(0, this.#length).toString('utf8');
    const all = text.replace(/\n$/, '').split('\n');
    return all.slice(this.#torn && all.length > 1 ? 1 : 0).slice(-count);
  }
}
