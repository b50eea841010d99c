/**
 * Bytes as they come, cut into lines of UTF-8. A line that is too long is never held whole: it is told in its place.
 */

const NEWLINE = 0x0a;

/** Yields each line without its end, undefined for one of more than so many bytes; at the end also what had no newline. */
export async function* linesOf(
  input: AsyncIterable<Uint8Array>,
  mostBytes: number,
): AsyncGenerator<string | undefined> {
  let parts: Uint8Array[] = [];
  let size = 0;
  const add = (part: Uint8Array): void => {
    size += part.length;
    if (size > mostBytes) parts = [];
    else parts.push(part);
  };
  const line = (): string | undefined => {
    const text = size > mostBytes ? undefined : Buffer.concat(parts).toString('utf8');
    parts = [];
    size = 0;
    return text;
  };
  for await (const chunk of input) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, at));
      yield line();
      from = at + 1;
    }
    add(chunk.subarray(from));
  }
  if (size > 0) yield line();
}
