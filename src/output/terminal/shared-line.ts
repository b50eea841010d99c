/**
 * What of a service's lines reaches a terminal that many share: text, styles (SGR) and links. What clears, moves, hides,
 * switches the screen or names the window would be done to everybody's lines, so it is left out; a line that writes over
 * itself is shown as it was last. Each line ends with styles off. Pure.
 */
import { plainText } from '../../events/printable.ts';
import { cutBeforeCharacter } from '../lines/line-cutter.ts';

/** Anything but printable characters and tabs, in UTF-8 as latin1. */
const UNUSUAL = /[\0-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]/;

/** `lines` are whole, without the last line end; in and out UTF-8 as latin1, a character a byte. */
export function forSharedTerminal(lines: string): string {
  if (!UNUSUAL.test(lines)) return lines;
  const text = Buffer.from(lines, 'latin1').toString('utf8').split('\n').map(sharedLine).join('\n');
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** To the first column, or all of the line erased: what comes is written over it. */
const BEGINS_ANEW = /\x1b\[(?:[01]?G|2K)/g;
/** But for what begins or ends a sequence. */
const CONTROLS = /[\0-\x06\x08\x0b-\x1a\x1c-\x1f\x7f\x80-\x9a\x9d-\x9f]/g;
const STYLE = /^\x1b\[[\d;:]*m$/;
const LINK = /^\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\)$/;
const STYLE_OFF = '\x1b[0m';
const LINK_OFF = '\x1b]8;;\x1b\\';

const CARRIAGE_RETURN = 0x0d;

/** Where in the text stands what is shown of the line; behind `to` is only what comes before something else is written over it. */
function lastState(line: string): { readonly text: string; readonly from: number; readonly to: number } {
  const text = line.replace(BEGINS_ANEW, '\r');
  let to = text.length;
  // Not by an expression: that would look at a run of them once for each of them.
  while (to > 0 && text.charCodeAt(to - 1) === CARRIAGE_RETURN) to--;
  return { text, from: to === 0 ? 0 : text.lastIndexOf('\r', to - 1) + 1, to };
}

/** What of an unfinished line can still come to be shown, whatever follows; latin1. */
export function shortenUnfinished(line: string): string {
  const { text, from } = lastState(line);
  return text.slice(from);
}

/** A line of at most so many bytes is looked at as a whole; of a longer one, which nobody can read, the end. */
const LOOKED_AT_BYTES = 64 * 1024;
/** More than any terminal is wide. */
const SHOWN_BYTES = 4 * 1024;

/** An unfinished line as it stands now, with its styles; `line` is latin1, the result isn't. */
export function unfinishedLine(line: string): string {
  const { text, from, to } = lastState(line.slice(-LOOKED_AT_BYTES));
  const state = text.slice(from, Math.min(to, from + SHOWN_BYTES));
  const end = cutBeforeCharacter((index) => state.charCodeAt(index), state.length);
  return sharedLine(Buffer.from(state.slice(0, end), 'latin1').toString('utf8'));
}

function sharedLine(line: string): string {
  const { text, from, to } = lastState(line);
  const last = text.slice(from, to);
  let isStyled = false;
  let isLinked = false;
  const kept = plainText(last.replace(CONTROLS, ''), (sequence) => {
    if (STYLE.test(sequence)) {
      isStyled = !/^\x1b\[0*m$/.test(sequence);
      return true;
    }
    if (!LINK.test(sequence)) return false;
    isLinked = !/^\x1b\]8;[^;]*;(?:\x07|\x1b\\)$/.test(sequence);
    return true;
  });
  return `${kept.replace(/\x9c/g, '')}${isLinked ? LINK_OFF : ''}${isStyled ? STYLE_OFF : ''}`;
}
