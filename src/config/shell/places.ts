/**
 * How the shell will see each place of a script at which a value is to stand: bare, in quotes, in a comment, …
 *
 * A pushdown automaton over the grammar of POSIX sh, with what bash adds. Pure, linear, without recursion. Safety does
 * not hang on it: a value is given as a parameter, and a shell never reads the result of an expansion as code. What
 * hangs on it is that the value arrives whole; and those few places are refused at which a shell does read it again.
 */
import {
  arithFrame,
  backquoteEnd,
  braceFrame,
  commandFrame,
  extendWord,
  type Frame,
  finishCommand,
  finishWord,
  hereDocumentAt,
  hereEnd,
  type ShellPlace,
} from './frames.ts';
import { isSubscript, type Use, useOf } from './words.ts';

/** Stands for a value in the text. No configuration can hold it. */
export const MARK = '\0';

/** The place of each `MARK`, in order. */
export function shellPlaces(text: string): readonly ShellPlace[] {
  return new Scan(text).places();
}

class Scan {
  readonly #text: string;
  readonly #places: ShellPlace[] = [];
  readonly #frames: Frame[];
  #at = 0;
  /** Set for good where shells disagree on how the text goes on. */
  #lost = false;

  constructor(text: string) {
    this.#text = text;
    this.#frames = [commandFrame('script', text.length)];
  }

  places(): readonly ShellPlace[] {
    while (this.#at < this.#text.length) {
      const frame = this.#frames.at(-1)!;
      if (this.#at >= frame.end && this.#frames.length > 1) this.#close(frame);
      else this.#step(frame, this.#text[this.#at]!);
    }
    return this.#places;
  }

  #step(frame: Frame, character: string) {
    if (character === MARK) {
      this.#place(frame);
      extendWord(frame, MARK);
      this.#at += 1;
    } else if (character === '\\') {
      if (this.#text[this.#at + 1] === MARK) this.#place(frame, 'escaped');
      if (this.#text[this.#at + 1] !== '\n') extendWord(frame, '\\');
      this.#at += 2;
    } else if (character === '`') this.#openBackquote(frame);
    else if (character === '$') this.#dollar(frame);
    else if (frame.kind === 'command') this.#stepCommand(frame, character);
    else if (frame.kind === 'double') this.#stepDouble(character);
    else if (frame.kind === 'brace') this.#stepBrace(frame, character);
    else if (frame.kind === 'arith') this.#stepArith(frame, character);
    else this.#at += 1;
  }

  #place(frame: Frame, kind: ShellPlace['kind'] = frame.place) {
    const use = this.#useIn(frame);
    const isSeen = kind !== 'comment';
    const calculates =
      isSeen &&
      (use === 'number' || frame.kind === 'arith' || (frame.kind === 'command' && isSubscript(frame)));
    if (this.#lost) this.#places.push({ kind: 'ansi', calculates });
    else this.#places.push({ kind: isSeen && use === 'reread' ? 'reread' : kind, calculates });
  }

  #useIn(frame: Frame): Use {
    return frame.use ?? useOf(frame.words, this.#text);
  }

  #push(frame: Frame, length: number) {
    const under = this.#frames.at(-1)!;
    const use = this.#useIn(under);
    // What a command in it prints is not the value any more.
    if (use === 'reread' || frame.kind !== 'command') frame.use = use ?? frame.use;
    frame.end = Math.min(frame.end, under.end);
    extendWord(under, '"');
    this.#frames.push(frame);
    this.#at += length;
  }

  #pop(length: number) {
    this.#frames.pop();
    this.#at += length;
  }

  /** It ends where it stands: with it ends what is still open in it. */
  #close(frame: Frame) {
    this.#frames.pop();
    if (frame.after !== undefined) this.#at = frame.after;
    const under = this.#frames.at(-1)!;
    if (frame.kind === 'here' && under.kind === 'command') this.#openHere(under);
  }

  #stepCommand(frame: Frame, character: string) {
    switch (character) {
      case "'":
        return this.#single(frame);
      case '"':
        return this.#push({ ...commandFrame('double', frame.end), place: 'double' }, 1);
      case '#':
        if (frame.word === '') return this.#skipTo(this.#text.indexOf('\n', this.#at), frame, 'comment');
        extendWord(frame, character);
        break;
      case '\n':
        finishCommand(frame);
        this.#at += 1;
        return this.#openHere(frame);
      case '(': {
        const calculates = this.#text[this.#at + 1] === '(' && frame.word === '' && frame.words.length === 0;
        if (calculates) return this.#push(arithFrame(frame.end), 2);
        finishCommand(frame);
        frame.parens += 1;
        break;
      }
      case ')':
        finishCommand(frame);
        if (frame.parens > 0) frame.parens -= 1;
        else if (frame.cases === 0 && frame.closes) return this.#pop(1);
        break;
      case ';':
      case '&':
      case '|':
        finishCommand(frame);
        break;
      case '<':
        finishWord(frame);
        if (this.#text.startsWith('<<', this.#at)) return this.#hereDocument(frame);
        break;
      case '>':
      case ' ':
      case '\t':
        finishWord(frame);
        break;
      default:
        extendWord(frame, character);
    }
    this.#at += 1;
  }

  #stepDouble(character: string) {
    if (character === '"') this.#pop(1);
    else this.#at += 1;
  }

  #stepBrace(frame: Frame, character: string) {
    if (character === '}') this.#pop(1);
    else if (character === '"') this.#push({ ...commandFrame('double', frame.end), place: 'double' }, 1);
    else if (character === "'" && frame.place === 'bare') this.#single(frame);
    else this.#at += 1;
  }

  #stepArith(frame: Frame, character: string) {
    if (character === '(') frame.parens += 1;
    if (character === ')') frame.parens -= 1;
    if (frame.parens === 0) this.#pop(1);
    else this.#at += 1;
  }

  #dollar(frame: Frame) {
    const rest = this.#text.slice(this.#at + 1, this.#at + 3);
    const isText = frame.kind === 'double' || frame.kind === 'here' || frame.kind === 'arith';
    if (rest === '((') return this.#push(arithFrame(frame.end), 3);
    if (rest[0] === '(') return this.#push({ ...commandFrame('command', frame.end), closes: true }, 2);
    if (rest[0] === '{') return this.#push(braceFrame(this.#text, this.#at + 2, frame), 2);
    if (rest[0] === "'" && !isText && frame.place === 'bare') return this.#ansi(frame);
    this.#at += 1;
    extendWord(frame, '$');
    if (rest[0] !== MARK) return;
    this.#place(frame, 'dollar');
    this.#at += 1;
  }

  #single(frame: Frame) {
    const end = this.#text.indexOf("'", this.#at + 1);
    extendWord(frame, '"');
    this.#skipTo(end === -1 ? -1 : end + 1, frame, 'single');
  }

  /** `$'…'` is one quoted text to bash and busybox, a dollar and a quoted text to dash: they may end differently. */
  #ansi(frame: Frame) {
    const from = this.#at + 2;
    const end = this.#text.indexOf("'", from);
    if (end === -1 || this.#text.slice(from, end).includes('\\')) this.#lost ||= this.#text[end - 1] === '\\';
    extendWord(frame, '"');
    this.#skipTo(end === -1 ? -1 : end + 1, frame, 'ansi');
  }

  /** -1: to the end. */
  #skipTo(end: number, frame: Frame, kind: ShellPlace['kind']) {
    const to = end === -1 ? frame.end : Math.min(end, frame.end);
    for (let mark = this.#nextMark(this.#at); mark < to; mark = this.#nextMark(mark + 1)) {
      this.#place(frame, kind);
    }
    this.#at = to;
  }

  #nextMark(from: number): number {
    const mark = this.#text.indexOf(MARK, from);
    return mark === -1 ? this.#text.length : mark;
  }

  #openBackquote(frame: Frame) {
    const end = backquoteEnd(this.#text, this.#at + 1, frame.end);
    const body = this.#text.slice(this.#at + 1, end);
    // Backslashes are taken away there before it is read: what is quoted then is another question.
    if (body.includes('\\')) {
      this.#at += 1;
      return this.#skipTo(end + 1, frame, 'backquote');
    }
    this.#push({ ...commandFrame('command', end), after: end + 1 }, 1);
  }

  #hereDocument(frame: Frame) {
    const found = hereDocumentAt(this.#text, this.#at);
    if (found.here) frame.pending.push(found.here);
    this.#skipTo(found.end, frame, 'here');
  }

  #openHere(frame: Frame) {
    for (let here = frame.pending.shift(); here !== undefined; here = frame.pending.shift()) {
      const { end, after } = hereEnd(this.#text.slice(0, frame.end), this.#at, here);
      if (!here.isQuoted) return this.#push({ ...commandFrame('here', end), place: 'double', after }, 0);
      this.#skipTo(end, frame, 'here');
      this.#at = Math.max(this.#at, after);
    }
  }
}
