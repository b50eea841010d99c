/**
 * Foreign texts as ours: dollars, patterns, and words of a command line. Pure.
 */

/** A text in which nothing is filled in where it comes from, so that we fill nothing in either; `$NAME` is the shell's as before. */
export function literal(text: string): string {
  return text.replaceAll(/\$+(\{?)/g, (dollars: string, brace: string) => {
    const count = dollars.length - brace.length;
    return (brace === '' && count === 1 ? '$' : '$'.repeat(2 * count)) + brace;
  });
}

const FORM = /\$\$|\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)|\$\{(?![A-Za-z_]\w*:?[-?+][\s\S]*\})/g;

/** A text in which `$NAME` and `${NAME}` are filled in before it is used, with nothing where they aren't set. */
export function filledIn(text: string): string {
  return text.replaceAll(FORM, (form: string, braced?: string, bare?: string) =>
    form === '$$' ? form : form === '${' ? '$${' : `\${${braced ?? bare}:-}`,
  );
}

/** The same for a text that a shell reads, which fills in `$NAME` itself. */
export function filledInForShell(text: string): string {
  return text.replaceAll(FORM, (form: string, braced?: string) =>
    form === '${' ? '$${' : braced === undefined ? form : `\${${braced}:-}`,
  );
}

/** A regular expression that finds this text and nothing else. */
export function patternOf(text: string): string {
  return literal(text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
}

/** The words of a command line as a shell would cut it, without expanding anything; undefined: a quote isn't closed. */
export function shellWords(line: string): readonly string[] | undefined {
  const words: string[] = [];
  const part = /\s+|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)/gy;
  let word: string | undefined;
  while (part.lastIndex < line.length) {
    const found = part.exec(line);
    if (found === null) return undefined;
    const [all, single, double, escaped, bare] = found;
    const text = single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? bare;
    if (text !== undefined) word = (word ?? '') + text;
    else if (word !== undefined && /^\s/.test(all)) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

/** Whether a shell would make of it just these words: then it may be written as a text. */
export function isPlainLine(line: string): boolean {
  return /^[\w./:@%+,=-]+(?: [\w./:@%+,=-]+)*$/.test(line) && !/^\w+=/.test(line);
}
