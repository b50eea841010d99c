/**
 * Why a text can't be used as a pattern for lines of output, as half a sentence, and what to do about it. Pure.
 */
import { compilePattern, PatternTooLargeError } from './compile-pattern.ts';
import { UnknownSyntaxError } from './parse-pattern.ts';

export interface PatternTrouble {
  readonly why: string;
  readonly hint: string;
}

export function patternTrouble(source: string): PatternTrouble | undefined {
  try {
    new RegExp(source);
    compilePattern(source);
    return undefined;
  } catch (error) {
    if (error instanceof PatternTooLargeError)
      return { why: error.message, hint: 'Write * or + in place of a large count' };
    if (error instanceof UnknownSyntaxError)
      return { why: error.message, hint: 'Write it without flags, such as [Rr]eady for both cases' };
    if (!(error instanceof SyntaxError)) throw error;
    return {
      why: error.message.replace(/^Invalid regular expression: /, '').replace(/^\/[\s\S]*\/\w*: /, ''),
      hint: 'Put a backslash before characters that stand for themselves, and the whole in single quotes',
    };
  }
}
