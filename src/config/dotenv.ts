/**
 * The dotenv format: `KEY=VALUE` lines, `export ` before them allowed, `#` comments, quotes.
 *
 * 'single quoted' is literal; "double quoted" knows \n \r \t \" \\ \$; both may span lines. An unquoted value ends
 * at ` #` and is trimmed. Values are not interpolated.
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

const NOTHING = /(?:[^\S\n]*(?:#.*)?\n)*[^\S\n]*(?:#.*$)?/y;
const START = /(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*/y;
const QUOTED = /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"/y;
const END = /[^\S\n]*(?:#.*)?(?:\n|$)/y;
const PLAIN = /(.*?)(?:(?<=[^\S\n])#.*)?(?:\n|$)/y;
const LINE = /.*(?:\n|$)/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };

/** Every value, later lines over earlier ones, and every line that could not be read. */
export function parseDotenv(source: string): Dotenv {
  const text = source.replaceAll('\r\n', '\n');
  const values = new Map<string, string>();
  const problems: DotenvProblem[] = [];
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match) position = pattern.lastIndex;
    return match;
  };
  for (take(NOTHING); position < text.length; take(NOTHING)) {
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
    const quote = text[position];
    if (quote !== '"' && quote !== "'") {
      values.set(name, take(PLAIN)![1]!.trimEnd());
      continue;
    }
    const quoted = take(QUOTED);
    if (quoted && take(END)) {
      values.set(name, quoted[1] ?? unescapeText(quoted[2]!));
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

function unescapeText(text: string): string {
  return text.replace(/\\([\s\S])/g, (whole, escaped: string) => ESCAPES[escaped] ?? whole);
}
