/**
 * What of a service's lines reaches a terminal that many share: text, styles (SGR) and links. What clears, moves, hides,
 * switches the screen or names the window would be done to everybody's lines, so it is left out; a line that writes over
 * itself is shown as it was last. Each line ends with styles off. Pure.
 */
import { plainText } from '../../events/printable.ts';

/** Anything but printable characters and tabs, in UTF-8 as latin1. */
const UNUSUAL = /[\0-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]/;

/** `lines` are whole, without the last line end; in and out UTF-8 as latin1, a character a byte. */
export function forSharedTerminal(lines: string): string {
  if (!UNUSUAL.test(lines)) return lines;
  const text = Buffer.from(lines, 'latin1').toString('utf8').split('\n').map(sharedLine).join('\n');
  return Buffer.from(text, 'utf8').toString('latin1');
}

const LINE_END = /\r+$/;
/** To the first column, or all of the line erased: what comes is written over it. */
const BEGINS_ANEW = /\x1b\[(?:[01]?G|2K)/g;
/** But for what begins or ends a sequence. */
const CONTROLS = /[\0-\x06\x08\x0b-\x1a\x1c-\x1f\x7f\x80-\x9a\x9d-\x9f]/g;
const STYLE = /^\x1b\[[\d;:]*m$/;
const LINK = /^\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\)$/;
const STYLE_OFF = '\x1b[0m';
const LINK_OFF = '\x1b]8;;\x1b\\';

function sharedLine(line: string): string {
  const last = line.replace(BEGINS_ANEW, '\r').replace(LINE_END, '').split('\r').at(-1) ?? '';
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
