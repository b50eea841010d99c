/**
 * One question over a Unix socket, and what is answered, as it comes.
 */
import { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { type AnswerHead, AnswerReader } from './answer-reader.ts';

export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object | undefined;
  /** What the client calls itself. */
  readonly client: string;
  readonly signal?: AbortSignal | undefined;
  /** How long it may be silent, in milliseconds; missing: for as long as it likes. */
  readonly patienceMs?: number | undefined;
}

export interface Exchange extends AnswerHead {
  /** As it comes, to be read once. Throws the error of the connection; one that says `aborted` where it ends too early. */
  readonly body: AsyncGenerator<string>;
  /** All of it, in place of `body`. Rejects as that throws. */
  whole(): Promise<string>;
  /** Takes no more of it. */
  leave(): void;
}

/** So much is taken in ahead of whoever reads it. */
const MOST_AHEAD = 1024 * 1024;

/** Resolves with the head of the answer. Rejects with the error of the connection, or a `NotHttpError`. */
export function exchange(path: string, asked: Asked): Promise<Exchange> {
  const { signal, patienceMs } = asked;
  const socket = new Socket();
  const reader = new AnswerReader();
  const inbox = new Inbox(socket);
  const giveUp = (): void => void socket.destroy(new Error('aborted'));
  if (patienceMs !== undefined)
    socket.setTimeout(patienceMs, () => socket.destroy(new Error(`it was silent for ${patienceMs} ms`)));
  return new Promise((resolve, reject) => {
    socket.on('data', (bytes: Buffer) => {
      const isFirst = reader.head === undefined;
      try {
        inbox.push(reader.push(bytes));
      } catch (error) {
        socket.destroy(error as Error);
        return;
      }
      if (isFirst && reader.head !== undefined)
        resolve({
          ...reader.head,
          body: inbox.read(),
          whole: () => inbox.whole(),
          leave: () => void socket.destroy(),
        });
      if (!reader.isComplete) return;
      inbox.end(undefined);
      closeLater(socket);
    });
    socket.on('end', () => reader.end());
    let trouble: Error | undefined;
    socket.on('error', (error) => {
      trouble = error;
    });
    // What came is read before its end is told, also where it breaks off right after.
    socket.on('close', () => {
      signal?.removeEventListener('abort', giveUp);
      const why = trouble ?? new Error('aborted');
      inbox.end(reader.isComplete ? undefined : why);
      reject(why);
    });
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp);
    socket.connect({ path });
    socket.write(textOf(asked));
  });
}

function textOf({ method, path, body, client }: Asked): string {
  const text = body === undefined ? '' : JSON.stringify(body);
  const about =
    body === undefined
      ? []
      : ['content-type: application/json', `content-length: ${Buffer.byteLength(text)}`];
  const head = [
    `${method} ${path} HTTP/1.1`,
    'host: localhost',
    `user-agent: ${client}`,
    'connection: close',
    ...about,
  ];
  return `${head.join('\r\n')}\r\n\r\n${text}`;
}

/** Whoever has the answer is first, and mostly ends the program. */
function closeLater(socket: Socket): void {
  setImmediate(() => socket.destroy());
}

/** What came of a body and was not read yet. */
class Inbox {
  readonly #parts: string[] = [];
  readonly #decoder = new StringDecoder('utf8');
  readonly #socket: Socket;
  #ahead = 0;
  #isOver = false;
  #trouble: Error | undefined;
  #wake = (): void => {};

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  push(parts: readonly Buffer[]): void {
    for (const bytes of parts) {
      const part = this.#decoder.write(bytes);
      this.#parts.push(part);
      this.#ahead += part.length;
    }
    if (this.#ahead > MOST_AHEAD) this.#socket.pause();
    this.#wake();
  }

  /** `trouble`: there should have been more. */
  end(trouble: Error | undefined): void {
    this.#isOver = true;
    this.#trouble = trouble;
    this.#wake();
  }

  /** Mostly it has come at once. */
  async whole(): Promise<string> {
    if (!this.#isOver || this.#trouble !== undefined) {
      let text = '';
      for await (const part of this.read()) text += part;
      return text;
    }
    return this.#parts.splice(0).join('') + this.#decoder.end();
  }

  async *read(): AsyncGenerator<string> {
    try {
      for (;;) {
        const part = this.#parts.shift();
        if (part !== undefined) {
          this.#ahead -= part.length;
          yield part;
          continue;
        }
        if (this.#isOver) break;
        if (this.#socket.isPaused()) this.#socket.resume();
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      closeLater(this.#socket);
    }
    if (this.#trouble !== undefined) throw this.#trouble;
    const rest = this.#decoder.end();
    if (rest !== '') yield rest;
  }
}
