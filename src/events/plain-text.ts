/**
 * Text without the commands of terminals: colours, titles, links, moves of the cursor (ECMA-48). Reads each character a
 * bounded number of times, whatever the text. Pure.
 *
 * What isn't finished goes as far as it is one: of a title without an end only its beginning.
 */

const ESCAPE = 0x1b;
const BELL = 0x07;
/** The C1 forms of ESC [ and of ESC \\. */
const CSI = 0x9b;
const STRING_END = 0x9c;
/** ESC with one of these begins a string that a bell or ST ends: DCS, SOS, OSC, PM, APC. */
const STRINGS = 'PX]^_';

export function plainText(text: string): string {
  if (!text.includes('\x1b') && !text.includes('\x9b')) return text;
  const kept: string[] = [];
  let from = 0;
  // No string that begins from here on has an end: looked for once.
  let endless = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit !== ESCAPE && unit !== CSI) continue;
    if (at > from) kept.push(text.slice(from, at));
    if (unit === CSI) from = afterSequence(text, at + 1);
    else if (text[at + 1] === '[') from = afterSequence(text, at + 2);
    else if (at + 1 < text.length && STRINGS.includes(text[at + 1]!)) {
      const end: number | undefined = endless ? undefined : afterString(text, at + 2);
      endless = end === undefined;
      from = end ?? at + 2;
    } else from = afterShort(text, at + 1);
    at = from - 1;
  }
  return kept.join('') + text.slice(from);
}

/** Parameters, then intermediates, then one final character. */
function afterSequence(text: string, from: number): number {
  let at = from;
  while (isBetween(text, at, 0x30, 0x3f)) at += 1;
  while (isBetween(text, at, 0x20, 0x2f)) at += 1;
  return isBetween(text, at, 0x40, 0x7e) ? at + 1 : at;
}

/** ESC with intermediates and one final character, such as "ESC ( B". */
function afterShort(text: string, from: number): number {
  let at = from;
  while (isBetween(text, at, 0x20, 0x2f)) at += 1;
  return isBetween(text, at, 0x30, 0x7e) ? at + 1 : at;
}

/** Undefined: it has no end. */
function afterString(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === BELL || unit === STRING_END) return at + 1;
    // Any other command ends the string as well.
    if (unit === ESCAPE) return text[at + 1] === '\\' ? at + 2 : at;
  }
  return undefined;
}

function isBetween(text: string, at: number, first: number, last: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= first && unit <= last;
}
