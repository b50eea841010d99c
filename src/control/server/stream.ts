/**
 * A stream of JSON values, one a line, to a client that may be slow. What a client doesn't read is bounded: nothing waits for it.
 */
import type { ServerResponse } from 'node:http';

/** Beyond it a client is too slow. */
const MOST_WAITING_BYTES = 1024 * 1024;

export class JsonStream {
  readonly #response: ServerResponse;
  #dropped = 0;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    response.flushHeaders();
  }

  /** False: the client is too slow, and this was left out. */
  write(value: unknown): boolean {
    return this.writeText(`${JSON.stringify(value)}\n`, 1);
  }

  /** Whole lines, that were made already; `count`: how many. */
  writeText(lines: string, count: number): boolean {
    if (this.#response.writableEnded || this.#response.destroyed) return false;
    if (this.#response.writableLength > MOST_WAITING_BYTES) {
      this.#dropped += count;
      return false;
    }
    if (this.#dropped > 0) this.#response.write(`${JSON.stringify({ dropped: this.#dropped })}\n`);
    this.#dropped = 0;
    this.#response.write(lines);
    return true;
  }

  /** Nothing follows. */
  end(): void {
    if (this.#dropped > 0 && !this.#response.writableEnded)
      this.#response.write(`${JSON.stringify({ dropped: this.#dropped })}\n`);
    this.#response.end();
  }

  /** It can't be told what is missing: the client is cut off. */
  cut(): void {
    this.#response.destroy();
  }

  onClosed(closed: () => void): void {
    this.#response.once('close', closed);
  }
}
