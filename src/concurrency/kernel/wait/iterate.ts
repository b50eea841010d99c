/**
 * Reading what knows nothing of scopes: any async iterable, a Node stream, a web stream. A plain `for await` over one
 * is not interrupted while it waits for the next item; here each read is a wait. A reader that stops leaves the source
 * as well: it is told to end, shielded, and awaited where that can end.
 */
import { finished } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { shield } from '../scope/out-of-reach.ts';
import { wait } from './foreign.ts';
import { refusal, type WaitOptions } from './suspend.ts';

/** What can be read with `iterate`; Node's `Readable` is an `AsyncIterable`. */
export type IterableSource<T> = AsyncIterable<T> | ReadableStream<T>;

/** One source being read. */
interface Reader<T> {
  read(): Promise<IteratorResult<T, unknown>>;
  /** Ends the source before its end; `isReading`: a read has not settled. */
  leave(isReading: boolean): Promise<unknown>;
}

/**
 * The items of `source`, in a `for await` that obeys the scope it is in, and the `signal` of `options`. Errors of the
 * source leave as they are. When the reader leaves early, by `break`, an error or a cancellation, a Node stream is
 * destroyed and awaited until it is closed, a web stream is cancelled, and any other iterator is asked to `return()`,
 * which is awaited unless a read is pending: that read is given up, and what it brings is dropped. In a cancelled scope
 * nothing is read. To be read once. What waits by means of this library, such as a `Queue`, obeys its scope without it.
 */
export async function* iterate<T>(
  source: IterableSource<T>,
  options?: WaitOptions,
): AsyncGenerator<T, void, undefined> {
  const reader = readerOf(source);
  let isReading = false;
  let hasEnded = false;
  try {
    for (;;) {
      const refused = refusal(options);
      if (refused !== undefined) await refused;
      const read = reader.read();
      isReading = true;
      read.then(
        () => {
          isReading = false;
        },
        () => {
          hasEnded = true;
        },
      );
      const { done, value } = await wait(read, options);
      hasEnded = done === true;
      if (hasEnded) return;
      yield value as T;
    }
  } finally {
    if (!hasEnded) await shield(() => reader.leave(isReading));
  }
}

function readerOf<T>(source: IterableSource<T>): Reader<T> {
  if (isWebStream(source)) return webReader(source);
  const iterator = source[Symbol.asyncIterator]();
  return isNodeStream(source) ? nodeReader(iterator, source) : iteratorReader(iterator);
}

function iteratorReader<T>(iterator: AsyncIterator<T>): Reader<T> {
  return {
    read: () => iterator.next(),
    async leave(isReading) {
      const left = iterator.return?.();
      if (!isReading) return left;
      // A generator ends only after its pending read, which may never settle.
      left?.catch(() => undefined);
    },
  };
}

interface NodeStream extends NodeJS.ReadableStream {
  destroy(): unknown;
}

function nodeReader<T>(iterator: AsyncIterator<T>, stream: NodeStream): Reader<T> {
  return {
    read: () => iterator.next(),
    async leave() {
      stream.destroy();
      await finished(stream, { writable: false }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
      });
    },
  };
}

function webReader<T>(stream: ReadableStream<T>): Reader<T> {
  const reader = stream.getReader();
  return {
    async read() {
      const result = await reader.read();
      if (result.done) reader.releaseLock();
      return result as IteratorResult<T, unknown>;
    },
    async leave() {
      try {
        await reader.cancel();
      } finally {
        reader.releaseLock();
      }
    },
  };
}

function isWebStream<T>(source: IterableSource<T>): source is ReadableStream<T> {
  return 'getReader' in source;
}

function isNodeStream(source: object): source is NodeStream {
  return 'destroy' in source && 'readable' in source && typeof source.destroy === 'function';
}
