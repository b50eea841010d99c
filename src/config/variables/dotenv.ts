/**
 * The dotenv format as Docker Compose reads it: `KEY=VALUE` or `KEY: VALUE` lines, `export ` before them allowed, `#`
 * comments, quotes.
 *
 * 'single quoted' is literal; "double quoted" knows the escapes of C; both may span lines. An unquoted value ends at
 * ` #` and is trimmed. `$NAME` and all forms of `${NAME}` are filled in where there are no single quotes. A line ends
 * with LF, CRLF or CR. What hardly anybody means as Compose reads it, or others read otherwise, is an error: backquotes,
 * `$(command)`, a single quote behind a backslash, `#` behind a tab, `\$` without quotes.
 *
 * A message never has a part of a value.
 */
import type { Template } from '../types.ts';
import { interpolate } from './interpolate.ts';

export interface DotenvProblem {
  readonly message: string;
  /** The same without the name, a clause. */
  readonly why: string;
  readonly hint: string;
  /** Where in the text, and how many characters. */
  readonly offset: number;
  readonly length: number;
}

/** A line that could be read. */
export interface DotenvEntry {
  readonly name: string;
  /** With `$$` for a dollar that is meant as it is. */
  readonly text: string;
  /** Where its name begins. */
  readonly offset: number;
}

export interface Dotenv {
  readonly entries: readonly DotenvEntry[];
  readonly problems: readonly DotenvProblem[];
  /** What is read as Compose reads it, and otherwise by others. */
  readonly warnings: readonly DotenvProblem[];
}

// No group is repeated in these: a repeated one needs stack for each time, and files may be of any length.
const EMPTY_LINE = /[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n)/y;
const LAST_LINE = /[ \t]*(?:#[^\r\n]*$)?/y;
const START = /(?!export[ \t]+[=:])(?:export[ \t]+)?(\w[\w.-]*)[ \t]*[=:][ \t]*/y;
const END = /[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n|$)/y;
const LINE = /([^\r\n]*)(?:\r\n?|\n|$)/y;
const COMMENT = / #.*$/s;
const BLANK = /[ \t]/;
/** Blanks that Compose takes off and that nobody sees. */
const UNSEEN = /^[\s\x85]|[\s\x85]$/;
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' },
  ...{ '"': '"', '\\': '\\' },
};
const ESCAPE = /\\(?:0([0-7]{3})|([\s\S]))/g;
/** The digits of an octal escape: no NUL, since no variable can hold it, and one byte. */
const BYTE = /^(?!000)[0-3]/;

/** Every line in order, and what could not be read: of neighbouring lines the first. `isLiteral`: no dollar is doubled. */
export function parseDotenv(source: string, isLiteral = false): Dotenv {
  const entries: DotenvEntry[] = [];
  const problems: DotenvProblem[] = [];
  const warnings: DotenvProblem[] = [];
  let position = 0;
  let isAfterBad = false;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const match = pattern.exec(source);
    if (match) position = pattern.lastIndex;
    return match;
  };
  const skipNothing = (): void => {
    while (take(EMPTY_LINE));
    take(LAST_LINE);
  };
  for (skipNothing(); position < source.length; skipNothing()) {
    const offset = position;
    const name = take(START)?.[1];
    if (name === undefined) {
      const text = take(LINE)![0].trimEnd();
      if (!isAfterBad) problems.push({ ...NO_PAIR, offset, length: text.length });
      isAfterBad = true;
      continue;
    }
    isAfterBad = false;
    const wrong = (message: string, hint: string): void => {
      const what = `Cannot read the value of ${name}: ${message}`;
      problems.push({ message: what, why: message, hint, offset, length: name.length });
    };
    const quote = source[position];
    if (quote === '`') {
      wrong(
        'backquotes are no quotes here',
        'Quote it with " or with a single quote; within these ` is a character like others',
      );
      // As far as those who take them for quotes would read.
      const close = source.indexOf('`', position + 1);
      if (close !== -1) position = close;
      take(LINE);
      continue;
    }
    if (quote !== '"' && quote !== "'") {
      const isApart = BLANK.test(source[position - 1]!);
      const text = withoutBlanksAtEnd(take(LINE)![1]!.replace(COMMENT, ''));
      const unclear = whyUnclear(text, isApart, isLiteral);
      if (unclear) wrong(...unclear);
      else entries.push({ name, text, offset });
      if (!unclear && text.includes('#'))
        warnings.push({ ...withNumberSign(name), offset, length: name.length });
      continue;
    }
    const { close, isEscaped } = closingQuote(source, position);
    const text = lines(source.slice(position + 1, close));
    const isClosed = close !== -1;
    if (isClosed) position = close + 1;
    const unclear = quote === "'" ? isEscaped && NO_QUOTE : isClosed && hasNoByte(text) && NO_BYTE;
    if (!unclear && isClosed && take(END)) {
      const meant = quote === '"' ? unescapeText(text) : text.replaceAll('$', '$$$$');
      entries.push({ name, text: isLiteral ? literal(quote, text) : meant, offset });
      continue;
    }
    const why = isClosed ? 'there is something after its closing quote' : `its closing ${quote} is missing`;
    wrong(...(unclear || ([why, 'Quote the whole value, or none of it'] as const)));
    take(LINE);
  }
  return { entries, problems, warnings };
}

/** Why a value is read in several ways, and what to do about it. */
type Unclear = readonly [message: string, hint: string];

const NO_COMMENT: Unclear = [
  'what stands behind its # is a comment for some, and a part of the value for others',
  'Quote the value, "" if it is empty; behind a quoted one # begins a comment, and behind a space',
];
const NO_BLANK: Unclear = [
  'it begins or ends with a blank that is neither a space nor a tab',
  'Quote it if the blank is a part of it, or remove the blank',
];
const NO_QUOTE: Unclear = [
  'a single quote behind a backslash is read in several ways',
  'Quote it with ": there \\$ is a dollar, and \\\\ a backslash',
];
const NO_DOLLAR: Unclear = [
  'a dollar behind a backslash is read in several ways where there are no quotes',
  'Quote it with ", or leave the backslash out and quote it with single quotes',
];
const NO_BYTE: Unclear = [
  'behind \\0 there must be three octal digits, 001 to 377',
  'Write \\\\0 for a backslash and a 0, or quote the value with single quotes',
];

/** Of a value without quotes; `isApart`: a blank stands before it. */
function whyUnclear(text: string, isApart: boolean, isLiteral: boolean): Unclear | undefined {
  if (!isLiteral && text.includes('\\$')) return NO_DOLLAR;
  if ((isApart && text.startsWith('#')) || text.includes('\t#')) return NO_COMMENT;
  return UNSEEN.test(text) ? NO_BLANK : undefined;
}

/** Of # behind a character only Compose makes a part of the value. */
function withNumberSign(name: string): Pick<DotenvProblem, 'message' | 'why' | 'hint'> {
  const why = 'is read with what stands behind its #, which other readers take for a comment';
  return { message: `${name} ${why}`, why, hint: 'Quote the value: then all read the same' };
}

const NO_PAIR = {
  message: 'Cannot read this line: it is not KEY=VALUE',
  why: 'it is not KEY=VALUE',
  hint:
    'Put # before a comment, and quotes around a value of several lines; NAME=${NAME} passes a variable on, ' +
    'and a name has letters of ASCII, digits, _ . and - alone',
};

/**
 * The values, later lines over earlier ones: what stands for a variable is what `variable` gives, else an earlier line,
 * else `earlier`, what other files say (compose-spec, interpolation). Left out, and problems, are those with a variable
 * that is not set, or that waits for another service.
 */
export function fillDotenv(
  entries: readonly DotenvEntry[],
  variable: (name: string) => Template | undefined,
  earlier: (name: string) => string | undefined = () => undefined,
): { readonly values: ReadonlyMap<string, string>; readonly problems: readonly DotenvProblem[] } {
  const values = new Map<string, string>();
  const found: DotenvProblem[] = [];
  let isLate = false;
  const names = {
    variable: (name: string) => {
      const value = variable(name) ?? values.get(name) ?? earlier(name);
      if (typeof value !== 'object') return value;
      isLate = true;
      return undefined;
    },
    isService: () => false,
    isBare: true,
  };
  for (const { name, text, offset } of entries) {
    if (!text.includes('$')) {
      values.set(name, text);
      continue;
    }
    isLate = false;
    const { template, problems } = interpolate(text, names);
    if (problems.length === 0 && typeof template === 'string' && !isLate) {
      values.set(name, template);
      continue;
    }
    const isUnset = problems.length > 0 && problems.every(({ unset }) => unset !== undefined);
    const why = isLate ? WAITS : isUnset ? 'it uses a variable that is not set' : NO_FORM;
    found.push({
      message: `Cannot fill in the value of ${name}: ${why}`,
      why,
      hint: 'Put the value in single quotes if the dollar is meant as it is; ${NAME:-} is nothing where NAME is not set',
      ...{ offset, length: name.length },
    });
  }
  return { values, problems: found };
}

const WAITS = 'it uses a variable that is known only when the service starts';
const NO_FORM = 'it has a dollar before what can not be filled in';

/** Where the quote that opens here is closed, -1 if it isn't, and whether one before that is behind a backslash. */
function closingQuote(source: string, from: number): { readonly close: number; readonly isEscaped: boolean } {
  const quote = source[from]!;
  let isEscaped = false;
  for (let at = from + 1; at < source.length; at++) {
    if (source[at] === quote) return { close: at, isEscaped };
    if (source[at] !== '\\') continue;
    at += 1;
    isEscaped ||= source[at] === quote;
  }
  return { close: -1, isEscaped };
}

function withoutBlanksAtEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === ' ' || text[end - 1] === '\t') end -= 1;
  return text.slice(0, end);
}

/** Of `\0` without its digits Compose leaves a part. */
function hasNoByte(text: string): boolean {
  for (const [, octal, escaped] of text.matchAll(ESCAPE)) {
    if (escaped === '0' || (octal !== undefined && !BYTE.test(octal))) return true;
  }
  return false;
}

/** A text over several lines is the same on every system. */
function lines(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** A dollar is one there, be it escaped or not. */
function literal(quote: string, text: string): string {
  return quote === '"' ? unescapeText(text, '$') : text;
}

function unescapeText(text: string, dollar = '$$'): string {
  return text.replace(ESCAPE, (whole, octal: string | undefined, escaped: string | undefined) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    return escaped === '$' ? dollar : (ESCAPES[escaped!] ?? whole);
  });
}
