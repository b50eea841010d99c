/**
 * Why a text can't be used as a pattern for lines of output, as half a sentence, and what to do about it. Pure.
 */
import { compilePattern } from './compile-pattern.ts';
import { UnusablePatternError } from './parse-pattern.ts';

export interface PatternTrouble {
  /** It is a regular expression, but can't be used. */
  readonly isPattern: boolean;
  readonly why: string;
  readonly hint: string;
}

export function patternTrouble(source: string): PatternTrouble | undefined {
  try {
    new RegExp(source);
    compilePattern(source);
    return undefined;
  } catch (error) {
    if (error instanceof UnusablePatternError)
      return { isPattern: true, why: error.message, hint: error.hint };
    if (!(error instanceof SyntaxError)) throw error;
    return {
      isPattern: false,
      why: error.message.replace(/^Invalid regular expression: /, '').replace(/^\/[\s\S]*\/\w*: /, ''),
      hint: 'Put a backslash before characters that stand for themselves, and the whole in single quotes',
    };
  }
}
