/**
 * Interpolation in one scalar: `${VAR}`, `${VAR:-default}`, `${VAR:?message}`, `${service.value}`, `$$` for a
 * dollar. `$VAR` without braces is left alone for the shell. A default may hold further `${…}`.
 *
 * A variable that is set but empty counts as unset for `:-` and `:?`, as in the shell. How deep defaults may be in
 * defaults is bounded, so that no text takes more than its length in time, or more stack than there is.
 */
import type { Template, ValueReference } from '../types.ts';
import { joinTemplate } from './template.ts';

export interface InterpolationProblem {
  /** The expression as written, `${X}`. */
  readonly expression: string;
  /** Why it could not be filled in, the end of a sentence. */
  readonly why: string;
  readonly hint: string | undefined;
}

export interface Interpolation {
  readonly template: Template;
  readonly problems: readonly InterpolationProblem[];
}

type Variables = (name: string) => string | undefined;
type Pieces = (string | ValueReference)[];

const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]*)(?:(:[-?])([\s\S]*))?$/;
const REFERENCE = /^([A-Za-z0-9][A-Za-z0-9_-]*)\.([A-Za-z0-9_][A-Za-z0-9_-]*)$/;
const FORMS =
  'Known are ${NAME}, ${NAME:-default}, ${NAME:?message} and ${service.value}; write $${ for a literal ${';

/** Deeper is no configuration. */
const MOST_NESTED = 100;

/** Fills in the variables of a text; what can't be filled in is left out of the template and named as a problem. */
export function interpolate(text: string, variables: Variables): Interpolation {
  const problems: InterpolationProblem[] = [];
  return { template: joinTemplate(expandText(text, variables, problems, 0)), problems };
}

function expandText(
  text: string,
  variables: Variables,
  problems: InterpolationProblem[],
  depth: number,
): Pieces {
  const pieces: Pieces = [];
  let done = 0;
  for (let dollar = text.indexOf('$'); dollar !== -1; dollar = text.indexOf('$', done)) {
    const next = text[dollar + 1];
    pieces.push(text.slice(done, dollar));
    if (next === '{') {
      const end = closingBrace(text, dollar + 2);
      const expression = text.slice(dollar, end === -1 ? text.length : end + 1);
      if (end === -1) {
        problems.push({ expression, why: 'its "}" is missing', hint: 'Write $${ for a literal ${' });
      } else {
        const body = text.slice(dollar + 2, end);
        for (const piece of expandExpression(body, expression, variables, problems, depth))
          pieces.push(piece);
      }
      done = end === -1 ? text.length : end + 1;
    } else {
      pieces.push('$');
      done = dollar + (next === '$' ? 2 : 1);
    }
  }
  pieces.push(text.slice(done));
  return pieces;
}

/** Where the brace that was opened before `from` closes, past those of `${…}` inside it; -1 if it doesn't. */
function closingBrace(text: string, from: number): number {
  let open = 1;
  for (let index = from; index < text.length; index++) {
    if (text[index] === '$' && text[index + 1] === '{') {
      open += 1;
      index += 1;
    } else if (text[index] === '}') {
      open -= 1;
      if (open === 0) return index;
    }
  }
  return -1;
}

function expandExpression(
  body: string,
  expression: string,
  variables: Variables,
  problems: InterpolationProblem[],
  depth: number,
): Pieces {
  const reference = REFERENCE.exec(body);
  if (reference) return [{ service: reference[1]!, value: reference[2]! }];
  const match = VARIABLE.exec(body);
  if (!match) {
    const isReference = REFERENCE.test(body.replace(/:[-?][\s\S]*$/, ''));
    const why = isReference
      ? 'a value of a service takes no default and no message'
      : 'this form is not known';
    problems.push({ expression, why, hint: FORMS });
    return [];
  }
  const [, name = '', operator, rest = ''] = match;
  const value = variables(name);
  if (operator === undefined ? value !== undefined : value) return [value!];
  if (operator === ':-' && depth < MOST_NESTED) return expandText(rest, variables, problems, depth + 1);
  if (operator === ':-') {
    const why = `more than ${MOST_NESTED} defaults are nested in each other there`;
    problems.push({ expression, why, hint: 'Give a default that is nested less deeply' });
    return [];
  }
  if (operator === ':?' && rest !== '') {
    problems.push({ expression, why: rest, hint: undefined });
  } else {
    const hint = `Set ${name} in the environment or in .env, or give a default: \${${name}:-default}`;
    problems.push({ expression, why: `the variable ${name} is not set`, hint });
  }
  return [];
}
