/**
 * The dotenv format: `KEY=VALUE` lines, `export ` before them allowed, `#` comments, quotes.
 *
 * 'single quoted' is literal; "double quoted" knows \n \r \t \" \\ \$; both may span lines. An unquoted value ends
 * at ` #` and is trimmed, of spaces and tabs alone. Values are not interpolated. A line ends with LF, CRLF or CR.
 */

export interface DotenvProblem {
  readonly message: string;
  readonly hint: string;
  /** Where in the text, and how many characters. */
  readonly offset: number;
  readonly length: number;
}

export interface Dotenv {
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly DotenvProblem[];
}

// No group is repeated in these: a repeated one needs stack for each time, and files may be of any length.
const EMPTY_LINE = /[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n)/y;
const LAST_LINE = /[ \t]*(?:#[^\r\n]*$)?/y;
const START = /(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*/y;
const END = /[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n|$)/y;
const LINE = /([^\r\n]*)(?:\r\n?|\n|$)/y;
const COMMENT = /[ \t]#.*$/s;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };

/** Every value, later lines over earlier ones, and every line that could not be read. */
export function parseDotenv(source: string): Dotenv {
  const values = new Map<string, string>();
  const problems: DotenvProblem[] = [];
  let position = 0;
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
    const from = position;
    const name = take(START)?.[1];
    if (name === undefined) {
      const length = take(LINE)![0].trimEnd().length;
      problems.push({
        message: 'Cannot read this line: it is not KEY=VALUE',
        hint: 'Put # before it if it is a comment',
        offset: from,
        length,
      });
      continue;
    }
    const quote = source[position];
    if (quote !== '"' && quote !== "'") {
      // With what stands before it: only behind a blank is # a comment.
      const raw = source[position - 1]! + take(LINE)![1]!;
      values.set(name, withoutBlanksAtEnd(raw.replace(COMMENT, '').slice(1)));
      continue;
    }
    const close = closingQuote(source, position);
    const text = source.slice(position + 1, close);
    const quoted = close !== -1;
    if (quoted) position = close + 1;
    if (quoted && take(END)) {
      values.set(name, quote === '"' ? unescapeText(lines(text)) : lines(text));
      continue;
    }
    const message = quoted
      ? `Cannot read the value of ${name}: there is something after its closing quote`
      : `Cannot read the value of ${name}: its closing ${quote} is missing`;
    problems.push({
      message,
      hint: 'Quote the whole value, or none of it',
      offset: from,
      length: name.length,
    });
    take(LINE);
  }
  return { values, problems };
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

function unescapeText(text: string): string {
  return text.replace(/\\([\s\S])/g, (whole, escaped: string) => ESCAPES[escaped] ?? whole);
}
