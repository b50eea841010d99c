/**
 * What the YAML parser complains about, in sentences with a remedy.
 */
import type { ErrorCode } from 'yaml';

/** What the parser has, and what it would throw. */
export type TroubleCode = ErrorCode | 'BAD_MERGE';

export interface Explanation {
  readonly message: string;
  readonly hint: string | undefined;
}

const DOLLAR: Explanation = {
  message: 'A text with ${…} must be in quotes inside [ ] or { }',
  hint: 'Write it as "${…}"',
};
const QUOTE_HINT = 'Put the text in quotes';

/** Says what is wrong; `token` is the text at the place the parser names, `line` the whole line. */
export function explainYamlError(
  code: TroubleCode,
  message: string,
  token: string,
  line: string,
): Explanation {
  const before = line.slice(0, line.lastIndexOf('${') + 1);
  const isUnquotedDollar = /[[{]/.test(before) && !/["'][^"']*$/.test(before.slice(-MOST_LOOKED_AT));
  return isUnquotedDollar && SYNTAX.has(code) ? DOLLAR : explainCode(code, message, token);
}

/** Of a line: more is no line of a person. */
const MOST_LOOKED_AT = 500;

const SYNTAX: ReadonlySet<TroubleCode> = new Set([
  'UNEXPECTED_TOKEN',
  'MISSING_CHAR',
  'BAD_INDENT',
  'BLOCK_IN_FLOW',
]);

function explainCode(code: TroubleCode, message: string, token: string): Explanation {
  switch (code) {
    case 'BAD_MERGE':
      return {
        message: 'A merge key takes a map, or a list of maps',
        hint: 'Write <<: *name, where &name stands before a map',
      };
    case 'DUPLICATE_KEY':
      return { message: `The key "${token}" is there twice in the same map`, hint: 'Keep one of the two' };
    case 'TAB_AS_INDENT':
      return { message: 'A tab cannot be used for indentation', hint: 'Indent with spaces' };
    case 'MULTIPLE_DOCS':
      return {
        message: 'There is a second document in this file, after "---"',
        hint: 'Keep one document a file; give several files with -f, later ones override',
      };
    case 'BAD_SCALAR_START':
      return { message: `A text without quotes cannot start with "${token[0]}"`, hint: QUOTE_HINT };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return /mapping/.test(message)
        ? {
            message: 'A map cannot start on the line of its key',
            hint: 'Put a text with ": " in quotes, or start the map on a line of its own',
          }
        : { message: 'A list cannot be a key', hint: QUOTE_HINT };
    case 'BLOCK_IN_FLOW':
      return { message: 'A text with ": " in it inside [ ] or { }', hint: QUOTE_HINT };
    case 'MULTILINE_IMPLICIT_KEY':
      return {
        message: 'A key must be on one line and be followed by ":"',
        hint: 'Look for a missing ":" on this line',
      };
    case 'BAD_DQ_ESCAPE':
      return {
        message: `${message} in double quotes`,
        hint: 'Write a backslash twice, or use single quotes',
      };
    case 'TAG_RESOLVE_FAILED':
      return { message: `Cannot use the tag "${token}"`, hint: 'Remove it, or put the text in quotes' };
    case 'BAD_ALIAS':
      return {
        message: `The alias "${token}" has no anchor "&${token.slice(1)}" before it`,
        hint: 'Put the text in quotes if it is no alias',
      };
    case 'RESOURCE_EXHAUSTION':
      return { message: 'Cannot read this: it is nested too deeply', hint: undefined };
    case 'BAD_INDENT':
      return /^Flow/.test(message)
        ? {
            message: `A ${/sequence/.test(message) ? 'list that began with "["' : 'map that began with "{"'} is not closed before this line`,
            hint: 'Close it, or indent what belongs to it',
          }
        : {
            message: 'This line is not indented like the others of its map or list',
            hint: 'Indent entries of one map or list alike, with spaces',
          };
    case 'MISSING_CHAR':
      if (/closing ["']/.test(message))
        return {
          message: `The closing ${/"quote/.test(message) ? '"' : "'"} is missing`,
          hint: 'Close the quotes',
        };
      if (/Implicit map keys/.test(message))
        return { message: 'A ":" is missing after a key', hint: 'Write key: value' };
      if (/between flow/.test(message))
        return { message: 'A "," is missing between two entries', hint: 'Put a comma between them' };
      return { message: `Cannot read this: ${message}`, hint: undefined };
    default:
      return { message: `Cannot read this: ${plainly(message)}`, hint: UNEXPECTED_HINT };
  }
}

const UNEXPECTED_HINT = 'Put a text with special characters in quotes';

function plainly(message: string): string {
  return message
    .replace(/^Unexpected (\S+)( token)? at node end$/, 'something follows the end of a value')
    .replace(/^Unexpected \S+ token in YAML stream: /, 'it is unexpected here: ')
    .replace(
      /^Unexpected block-seq-ind on same line with key$/,
      'a list cannot start on the line of its key',
    );
}
