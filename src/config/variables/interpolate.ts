/**
 * Interpolation in one scalar: `${VAR}`, `${VAR:-default}`, `${VAR-default}`, `${VAR:?message}`, `${VAR?message}`,
 * `${VAR:+then}`, `${VAR+then}`, `${service.value}`, `$$` for a dollar. `$VAR` without braces is left alone for the
 * shell. What stands behind the name may hold further `${…}`, and braces in pairs.
 *
 * A variable that is set but empty counts as unset for the forms with a colon, as in the shell (POSIX, parameter
 * expansion). How deep such texts may be in each other is bounded, so that no text takes more than its length in time,
 * or more stack than there is.
 */
import type { Template, ValueReference } from '../types.ts';
import { joinTemplate } from './template.ts';

export interface InterpolationProblem {
  /** The expression as written, `${X}`. */
  readonly expression: string;
  /** Why it could not be filled in, the end of a sentence. */
  readonly why: string;
  readonly hint: string | undefined;
  /** The variable that is not set, though the text is right. */
  readonly unset?: string;
}

export interface Interpolation {
  readonly template: Template;
  readonly problems: readonly InterpolationProblem[];
}

/** What `${…}` can stand for. */
export interface Names {
  /** Undefined: the variable is not set. */
  readonly variable: (name: string) => string | undefined;
  readonly isService: (name: string) => boolean;
  /** `$NAME` is filled in too, as in files of variables. */
  readonly isBare?: boolean;
}

type Pieces = (string | ValueReference)[];

const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?+])([\s\S]*))?$/;
/** What stands before the last dot is the service. */
const REFERENCE = /^([A-Za-z0-9_][A-Za-z0-9_.:-]*)\.([A-Za-z0-9_][A-Za-z0-9_-]*)$/;
const REFERENCE_WITH_FORM = /^\w[\w.:-]*?\.\w[\w-]*(?::[-?+]|[?+])/;
/** `${HOST-db.local}`, `${host:-db.local}`: the form of a variable too. Variables are written in capitals, services are not. */
const LIKE_VARIABLE = /^(?:[A-Z0-9_]+-|\w+:[-?+])/;
const FORMS =
  'Known are ${NAME}, ${NAME:-default}, ${NAME:?message}, ${NAME:+then}, the same without the colon, and ${service.value}; write $${ for a literal ${';

/** What a name begins with. */
const BARE = /[A-Za-z_]/;

/** Deeper is no configuration. */
const MOST_NESTED = 100;

/**
 * Fills in the variables of a text; what can't be filled in is named as a problem: a variable that is not set stands in the
 * template as it is written, anything else is left out.
 */
export function interpolate(text: string, names: Names): Interpolation {
  const problems: InterpolationProblem[] = [];
  return { template: joinTemplate(expandText(text, names, problems, 0)), problems };
}

function expandText(text: string, names: Names, problems: InterpolationProblem[], depth: number): Pieces {
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
        for (const piece of expandExpression(body, expression, names, problems, depth)) pieces.push(piece);
      }
      done = end === -1 ? text.length : end + 1;
    } else if (names.isBare === true && (next === '(' || BARE.test(text.slice(dollar + 1, dollar + 2)))) {
      const name = /^\w*/.exec(text.slice(dollar + 1))![0];
      const why = 'nothing is executed here';
      if (next === '(') problems.push({ expression: '$(', why, hint: undefined });
      else for (const piece of expandExpression(name, `$${name}`, names, problems, depth)) pieces.push(piece);
      done = dollar + 1 + Math.max(name.length, 1);
    } else {
      pieces.push('$');
      done = dollar + (next === '$' ? 2 : 1);
    }
  }
  pieces.push(text.slice(done));
  return pieces;
}

/** Where the brace that was opened before `from` closes, past those inside it; -1 if it doesn't. */
function closingBrace(text: string, from: number): number {
  let open = 1;
  for (let index = from; index < text.length; index++) {
    if (text[index] === '{') {
      open += 1;
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
  names: Names,
  problems: InterpolationProblem[],
  depth: number,
): Pieces {
  const reference = REFERENCE.exec(body);
  const match = VARIABLE.exec(body);
  if (reference && (!LIKE_VARIABLE.test(body) || names.isService(reference[1]!)))
    return [{ service: reference[1]!, value: reference[2]! }];
  if (!match) {
    const why = REFERENCE_WITH_FORM.test(body)
      ? 'a value of a service takes no default and no message'
      : 'this form is not known';
    problems.push({ expression, why, hint: FORMS });
    return [];
  }
  const [, name = '', operator, rest = ''] = match;
  const value = names.variable(name);
  const isThere = operator?.startsWith(':') ? Boolean(value) : value !== undefined;
  const then = (): Pieces => expandNested(rest, expression, names, problems, depth);
  if (operator?.endsWith('+')) return isThere ? then() : [];
  if (isThere) return [value!];
  if (operator?.endsWith('-')) return then();
  if (operator !== undefined && rest !== '') {
    // As it is written: what is filled in may be a secret, and this is told.
    problems.push({ expression, why: rest, hint: undefined, unset: name });
  } else {
    const hint = `Set ${name} in the environment or in .env, or give a default: \${${name}:-default}`;
    problems.push({ expression, why: `the variable ${name} is not set`, hint, unset: name });
  }
  return [expression];
}

function expandNested(
  text: string,
  expression: string,
  names: Names,
  problems: InterpolationProblem[],
  depth: number,
): Pieces {
  if (depth < MOST_NESTED) return expandText(text, names, problems, depth + 1);
  const why = `more than ${MOST_NESTED} defaults are nested in each other there`;
  problems.push({ expression, why, hint: 'Give a default that is nested less deeply' });
  return [];
}

const UNREAD = /\$(?:([A-Za-z_][A-Za-z0-9_]*)|\()/g;

/**
 * What a shell would fill in and interpolation doesn't: `$NAME`, `$(`, or `~/` at the beginning; undefined: nothing of
 * the kind. What is behind a doubled dollar is meant as it is.
 */
export function unreadForm(text: string): string | undefined {
  if (text.startsWith('~/')) return '~/';
  const [found] = text.replaceAll('$$', '').matchAll(UNREAD);
  return found?.[0];
}
