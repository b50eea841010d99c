/**
 * Cuts a byte stream into lines of text, the same ones however the bytes were chunked.
 *
 * A line is decoded whole, never a chunk: the byte of "\n" occurs in no other UTF-8 character. Memory is bounded:
 * what of a line exceeds the limit is dropped. It knows nothing of colours or patterns.
 */

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const FIRST_BYTES = 256;

export interface LineSplitter {
  /** Passes on every line that the chunk ends; keeps nothing of the chunk itself. */
  push(chunk: Buffer): void;
  /** Passes on the last line if it had no newline. */
  end(): void;
}

/**
 * Lines come without "\n" or "\r\n"; one longer than `limitBytes` is cut to its first ones. What `isOfNoUse` is passed
 * over undecoded; it is asked about bytes of a line that lies in one chunk.
 */
export function createLineSplitter(
  limitBytes: number,
  onLine: (line: string) => void,
  isOfNoUse: (bytes: Buffer, from: number, to: number) => boolean = () => false,
): LineSplitter {
  // One buffer that grows by doubling: a service that writes byte by byte must not make an array of bytes.
  let line = Buffer.alloc(0);
  let length = 0;

  const keep = (piece: Buffer): void => {
    const needed = Math.min(length + piece.length, limitBytes);
    if (needed > line.length) {
      const larger = Buffer.alloc(Math.min(limitBytes, Math.max(FIRST_BYTES, needed, line.length * 2)));
      line.copy(larger, 0, 0, length);
      line = larger;
    }
    length += piece.copy(line, length);
  };

  const emit = (): void => {
    const end = endOf(line, 0, length);
    length = 0;
    onLine(line.toString('utf8', 0, end));
  };

  const pass = (chunk: Buffer, from: number, to: number): void => {
    if (length === 0) {
      const end = endOf(chunk, from, Math.min(to, from + limitBytes));
      if (!isOfNoUse(chunk, from, end)) onLine(chunk.toString('utf8', from, end));
      return;
    }
    keep(chunk.subarray(from, to));
    emit();
  };

  return {
    push(chunk) {
      let from = 0;
      for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
        pass(chunk, from, to);
        from = to + 1;
      }
      keep(chunk.subarray(from));
    },
    end() {
      if (length > 0) emit();
    },
  };
}

function endOf(bytes: Buffer, from: number, to: number): number {
  return to > from && bytes[to - 1] === CARRIAGE_RETURN ? to - 1 : to;
}
