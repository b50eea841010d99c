/**
 * A stream of JSON values, one a line, to a client that may be slow. What a client doesn't read is bounded: nothing waits for it.
 */
import type { ServerResponse } from 'node:http';

/** Beyond it a client is too slow. */
export const MOST_WAITING_BYTES = 1024 * 1024;
/** One that has missed more than this in a row doesn't read at all. */
const MOST_MISSED = 100_000;

export class JsonStream {
  readonly #response: ServerResponse;
  #missed = 0;
  #isFed = false;
  #isOver = false;
  #finished = (): void => undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.writeHead(200, {
      'content-type': 'application/x-ndjson',
      'cache-control': 'no-store',
      connection: 'close',
    });
    response.flushHeaders();
  }

  /** False: what is written now is left out. */
  get hasRoom(): boolean {
    return this.#isOpen && this.#response.writableLength <= MOST_WAITING_BYTES;
  }

  /** Nothing follows but what is being fed. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get #isOpen(): boolean {
    return !this.#response.writableEnded && !this.#response.destroyed;
  }

  /** Has `feed` write what there is so far; what comes later is written by whoever it left behind. Never rejects. */
  async feed(feed: (stream: JsonStream) => void | Promise<void>): Promise<void> {
    try {
      await feed(this);
    } catch {
      this.cut();
    }
    this.#isFed = true;
    if (this.#isOver) this.end();
  }

  write(value: unknown): void {
    this.writeLines(`${JSON.stringify(value)}\n`);
  }

  /** Whole lines, that were made already. Ask for room before. */
  writeLines(lines: string): void {
    if (!this.#isOpen) return;
    this.#tellMissed();
    this.#response.write(lines);
  }

  /** So many lines had no room. The client is told when it reads again; if it never does, it is cut off. */
  leaveOut(count: number): void {
    this.#missed += count;
    if (this.#missed > MOST_MISSED) this.cut();
  }

  /** Resolves when the client has read what was written; false: it has gone away. */
  async drained(): Promise<boolean> {
    const response = this.#response;
    if (this.#isOpen && response.writableNeedDrain) {
      await new Promise<void>((resolve) => {
        const settle = (): void => {
          response.off('drain', settle);
          response.off('close', settle);
          resolve();
        };
        response.on('drain', settle);
        response.on('close', settle);
      });
    }
    return this.#isOpen;
  }

  /** Nothing follows but what is being fed. */
  finish(): void {
    this.#isOver = true;
    if (this.#isFed) this.end();
    else this.#finished();
  }

  /** For whoever feeds it all along: nobody else ends it. */
  onFinished(finished: () => void): void {
    this.#finished = finished;
  }

  /** Nothing follows. */
  end(): void {
    if (!this.#isOpen) return;
    this.#tellMissed();
    this.#response.end();
  }

  /** It can't be told what is missing, or nobody reads: the client is cut off. */
  cut(): void {
    this.#response.destroy();
  }

  onClosed(closed: () => void): void {
    if (this.#response.destroyed) closed();
    else this.#response.once('close', closed);
  }

  #tellMissed(): void {
    if (this.#missed > 0) this.#response.write(`${JSON.stringify({ dropped: this.#missed })}\n`);
    this.#missed = 0;
  }
}
