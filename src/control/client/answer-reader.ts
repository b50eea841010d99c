/**
 * Reads the bytes of one answer of HTTP/1.1 as they come (RFC 9112, sections 4 to 7): its head, and its body in any of the three ways in
 * which the end of one is told. Pure.
 *
 * Node's own client can do more. It also takes 4 ms to load and to set up, a fifth of what Node itself takes to start, and so most of
 * what `orderly ps` is waited for.
 */

/** That isn't HTTP. */
export class NotHttpError extends Error {
  override readonly name = 'NotHttpError';
}

export interface AnswerHead {
  readonly status: number;
  /** Of a `content-type`, in small letters; empty: it isn't told. */
  readonly type: string;
}

/** How much of the body is left: bytes, in chunks, or all that comes. */
type Left = number | 'chunks' | 'until its end';

const MOST_HEAD_BYTES = 64 * 1024;
const MOST_LINE_BYTES = 1024;
const BEGIN = 'HTTP/1.';

export class AnswerReader {
  head: AnswerHead | undefined;
  /** Nothing more is to come. */
  isComplete = false;
  #rest: Buffer = Buffer.alloc(0);
  #left: Left = 0;
  /** Of the chunk that is being read; undefined: its size comes next. */
  #chunkLeft: number | undefined;
  #isTrailer = false;

  /** What of the body is in them. Throws a `NotHttpError`. */
  push(bytes: Buffer): Buffer[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const parts: Buffer[] = [];
    while (!this.isComplete && this.#step(parts));
    return parts;
  }

  /** The other side says no more. */
  end(): void {
    if (this.head !== undefined && this.#left === 'until its end') this.isComplete = true;
  }

  /** False: there is nothing more to do until more comes. */
  #step(parts: Buffer[]): boolean {
    if (this.head === undefined) return this.#readHead();
    if (this.#left === 'chunks') return this.#readChunk(parts);
    const part = this.#take(this.#left === 'until its end' ? this.#rest.length : this.#left);
    if (part.length > 0) parts.push(part);
    if (typeof this.#left === 'number') {
      this.#left -= part.length;
      this.isComplete = this.#left === 0;
    }
    return false;
  }

  #readHead(): boolean {
    const begin = this.#rest.toString('latin1', 0, BEGIN.length);
    if (!BEGIN.startsWith(begin) && begin !== BEGIN) throw new NotHttpError('no status line');
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end < 0) {
      if (this.#rest.length > MOST_HEAD_BYTES) throw new NotHttpError('a head without an end');
      return false;
    }
    const [first = '', ...lines] = this.#take(end + 4)
      .toString('latin1')
      .split('\r\n');
    const status = Number(/^HTTP\/1\.[01] ([1-5]\d\d)(?: |$)/.exec(first)?.[1] ?? Number.NaN);
    if (Number.isNaN(status) || status === 101) throw new NotHttpError('no status');
    // It only says that more is to come.
    if (status < 200) return true;
    const headers = new Map<string, string>();
    for (const line of lines) {
      const colon = line.indexOf(':');
      if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    }
    this.head = { status, type: (headers.get('content-type') ?? '').toLowerCase() };
    this.#left = leftOf(status, headers);
    this.isComplete = this.#left === 0;
    return true;
  }

  #readChunk(parts: Buffer[]): boolean {
    if (this.#chunkLeft === undefined || this.#isTrailer) return this.#readChunkLine();
    if (this.#chunkLeft === 0) {
      if (this.#rest.length < 2) return false;
      if (this.#take(2).toString('latin1') !== '\r\n') throw new NotHttpError('a chunk without an end');
      this.#chunkLeft = undefined;
      return true;
    }
    if (this.#rest.length === 0) return false;
    const part = this.#take(this.#chunkLeft);
    this.#chunkLeft -= part.length;
    parts.push(part);
    return true;
  }

  /** The size of the next chunk, or after the last one a line of the trailer. */
  #readChunkLine(): boolean {
    const end = this.#rest.indexOf('\r\n');
    if (end > MOST_LINE_BYTES || (end < 0 && this.#rest.length > MOST_LINE_BYTES))
      throw new NotHttpError('a line without an end');
    if (end < 0) return false;
    const line = this.#take(end + 2).toString('latin1', 0, end);
    if (this.#isTrailer) {
      this.isComplete = line === '';
      return true;
    }
    const size = /^([0-9a-f]{1,8})[ \t]*(?:;|$)/i.exec(line)?.[1];
    if (size === undefined) throw new NotHttpError('no size of a chunk');
    this.#chunkLeft = Number.parseInt(size, 16);
    this.#isTrailer = this.#chunkLeft === 0;
    return true;
  }

  /** At most so many bytes off the front. */
  #take(count: number): Buffer {
    const taken = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }
}

function leftOf(status: number, headers: ReadonlyMap<string, string>): Left {
  if (status === 204 || status === 304) return 0;
  const coding = headers.get('transfer-encoding');
  if (coding !== undefined) {
    if (coding.toLowerCase() !== 'chunked') throw new NotHttpError(`a coding that was not asked for`);
    return 'chunks';
  }
  const length = headers.get('content-length');
  if (length === undefined) return 'until its end';
  if (!/^\d{1,15}$/.test(length)) throw new NotHttpError('no length');
  return Number(length);
}
