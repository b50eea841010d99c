/**
 * The dotenv format as Docker Compose reads it: `KEY=VALUE` or `KEY: VALUE` lines, `export ` before them allowed, `#`
 * comments, quotes.
 *
 * 'single quoted' is literal; "double quoted" knows the escapes of C; both may span lines. An unquoted value ends at ` #`
 * and is trimmed, of spaces and tabs alone. `$NAME` and all forms of `${NAME}` are filled in where there are no single
 * quotes. A line ends with LF, CRLF or CR. What others read otherwise is an error: backquotes, `$(command)`.
 *
 * A message never has a part of a value.
 */
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
}

// No group is repeated in these: a repeated one needs stack for each time, and files may be of any length.
const EMPTY_LINE = /[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n)/y;
const LAST_LINE = /[ \t]*(?:#[^\r\n]*$)?/y;
const START = /(?:export[ \t]+)?(\w[\w.-]*)[ \t]*[=:][ \t]*/y;
const END = /[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n|$)/y;
const LINE = /([^\r\n]*)(?:\r\n?|\n|$)/y;
const COMMENT = /[ \t]#.*$/s;
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' },
  ...{ '"': '"', '\\': '\\' },
};
const ESCAPE = /\\(?:0([0-7]{0,3})|([\s\S]))/g;

/** Every line in order, and what could not be read: of neighbouring lines the first. `isLiteral`: no dollar is doubled. */
export function parseDotenv(source: string, isLiteral = false): Dotenv {
  const entries: DotenvEntry[] = [];
  const problems: DotenvProblem[] = [];
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
      // With what stands before it: only behind a blank is # a comment.
      const raw = source[position - 1]! + take(LINE)![1]!;
      entries.push({ name, text: withoutBlanksAtEnd(raw.replace(COMMENT, '').slice(1)), offset });
      continue;
    }
    const close = closingQuote(source, position);
    const text = lines(source.slice(position + 1, close));
    const quoted = close !== -1;
    if (quoted) position = close + 1;
    if (quoted && take(END)) {
      const meant = quote === '"' ? unescapeText(text) : text.replaceAll('$', '$$$$');
      entries.push({ name, text: isLiteral ? literal(quote, text) : meant, offset });
      continue;
    }
    const why = quoted ? 'there is something after its closing quote' : `its closing ${quote} is missing`;
    wrong(why, 'Quote the whole value, or none of it');
    take(LINE);
  }
  return { entries, problems };
}

const NO_PAIR = {
  message: 'Cannot read this line: it is not KEY=VALUE',
  why: 'it is not KEY=VALUE',
  hint: 'Put # before it if it is a comment; a value of several lines stands in quotes, and NAME=${NAME} passes a variable on',
};

/**
 * The values, later lines over earlier ones: what stands for a variable is what `variable` gives, else an earlier line, else
 * `earlier`, what other files say (compose-spec, interpolation). Those with a variable that is not set are left out, and are problems.
 */
export function fillDotenv(
  entries: readonly DotenvEntry[],
  variable: (name: string) => string | undefined,
  earlier: (name: string) => string | undefined = () => undefined,
): { readonly values: ReadonlyMap<string, string>; readonly problems: readonly DotenvProblem[] } {
  const values = new Map<string, string>();
  const found: DotenvProblem[] = [];
  const names = {
    variable: (name: string) => variable(name) ?? values.get(name) ?? earlier(name),
    isService: () => false,
    isBare: true,
  };
  for (const { name, text, offset } of entries) {
    if (!text.includes('$')) {
      values.set(name, text);
      continue;
    }
    const { template, problems } = interpolate(text, names);
    if (problems.length === 0 && typeof template === 'string') {
      values.set(name, template);
      continue;
    }
    const isUnset = problems.length > 0 && problems.every(({ unset }) => unset !== undefined);
    const why = isUnset
      ? 'it uses a variable that is not set'
      : 'it has a dollar before what can not be filled in';
    found.push({
      message: `Cannot fill in the value of ${name}: ${why}`,
      why,
      hint: 'Put the value in single quotes if the dollar is meant as it is; ${NAME:-} is nothing where NAME is not set',
      ...{ offset, length: name.length },
    });
  }
  return { values, problems: found };
}

/** Where the quote that opens here is closed; -1 if it isn't. */
function closingQuote(source: string, from: number): number {
  const quote = source[from]!;
  for (let at = from + 1; at < source.length; at++) {
    if (source[at] === quote) return at;
    if (quote === '"' && source[at] === '\\') at += 1;
  }
  return -1;
}

function withoutBlanksAtEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === ' ' || text[end - 1] === '\t') end -= 1;
  return text.slice(0, end);
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
    if (octal !== undefined) {
      const code = Number.parseInt(octal, 8) || 0;
      // No variable can hold a NUL.
      return code === 0 ? whole : String.fromCharCode(code);
    }
    return escaped === '$' ? dollar : (ESCAPES[escaped!] ?? whole);
  });
}
