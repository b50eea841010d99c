/** Where bytes of UTF-8 can be cut without cutting a character. Pure; foreign bytes are cut where asked. */

/** The largest cut up to `at` that doesn't part the bytes of one character; `byteAt(i)` for i < `at` is looked at. */
export function cutBeforeCharacter(byteAt: (index: number) => number, at: number): number {
  for (let back = 1; back <= 4 && back <= at; back++) {
    const byte = byteAt(at - back);
    if (byte < 0x80) return at;
    if (byte >= 0xc0) return back < sequenceLength(byte) ? at - back : at;
  }
  return at;
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}
