/**
 * Keeps the end of what a probe command wrote, for the sentence that says why it does not hold.
 *
 * Bounded in memory and in length of text; everything before the end is forgotten.
 */
import { plainText } from '../events/plain-text.ts';

const KEPT_BYTES = 2_048;
const SHOWN_LINES = 3;
const SHOWN_CHARACTERS = 300;

export interface OutputTail {
  push(chunk: Buffer): void;
  /** The last non-empty lines in one, joined by " / ", without colours; empty if nothing was written. */
  text(): string;
}

export function createOutputTail(): OutputTail {
  let kept: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      kept = Buffer.concat([kept, chunk.subarray(-KEPT_BYTES)]).subarray(-KEPT_BYTES);
    },
    text: () => shorten(plainText(kept.toString('utf8'))),
  };
}

function shorten(text: string): string {
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const joined = lines.slice(-SHOWN_LINES).join(' / ');
  return joined.length > SHOWN_CHARACTERS ? `…${joined.slice(-SHOWN_CHARACTERS)}` : joined;
}
