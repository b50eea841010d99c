/**
 * Whether a document is nested so deeply that the full parser would take minutes over it, or all of its stack. Pure, linear.
 *
 * Quotes are not looked at: a text with so many open brackets in it is none that anybody wrote.
 */

const MOST_BRACKETS = 1000;
/** Lists in lists and keys of keys, on one line: `- - - x`. */
const MOST_MARKS = 100;
const MARKS = new RegExp(`(?:[-?:][ \\t]+){${MOST_MARKS}}`);

/** Where it becomes too deep; undefined: it doesn't. */
export function tooDeepAt(text: string): number | undefined {
  const marks = text.search(MARKS);
  if (marks !== -1) return marks;
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) open += 1;
    else if ((code === 0x5d || code === 0x7d) && open > 0) open -= 1;
    if (open > MOST_BRACKETS) return at;
  }
  return undefined;
}
