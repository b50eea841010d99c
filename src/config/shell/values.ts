/**
 * Values in a text for the shell: each is given as a parameter, and the text holds no more than its name, quoted so
 * that the value is one word, whatever is in it. So no value is ever read as code, split, or taken for a pattern.
 * Pure.
 */
import type { Template, ValueReference } from '../types.ts';
import { references, referenceText } from '../variables/template.ts';
import type { Quoting, Refusal, ShellPlace } from './frames.ts';
import { MARK, shellPlaces } from './places.ts';
import { scriptIndex } from './words.ts';

/** Why a value can't stand at a place, a clause with its remedy. */
export interface RefusedValue {
  readonly reference: ValueReference;
  readonly why: string;
  readonly hint: string;
}

/** A script with names in place of values, and the values by those names; undefined: it uses none. */
export interface ShellScript {
  readonly script: string;
  readonly parameters: Readonly<Record<string, string>> | undefined;
}

/** The values that can't stand where they do. */
export function refusedValues(script: Template): readonly RefusedValue[] {
  const places = placesOf(script);
  return references(script).flatMap((reference, index) => {
    const { kind } = places[index]!;
    return isRefusal(kind) ? [{ reference, ...REFUSALS[kind](referenceText(reference)) }] : [];
  });
}

/**
 * `fill` gives the text of a value, and throws where it is to be a number and is none. Scripts with refused values are
 * not for here: they are errors of the configuration.
 */
export function parameterize(
  script: Template,
  fill: (value: Template, asNumber: boolean) => string,
): ShellScript {
  if (typeof script === 'string') return { script, parameters: undefined };
  const places = placesOf(script);
  const parameters = new Map<string, string>();
  const names = new Map<string, string>();
  let index = 0;
  let text = '';
  for (const part of script) {
    if (typeof part === 'string') text += part;
    else {
      const { kind, calculates } = places[index++]!;
      const written = referenceText(part);
      const name = names.get(written) ?? `ORDERLY_VALUE_${names.size + 1}`;
      names.set(written, name);
      parameters.set(name, fill([part], calculates));
      text += quoted(`\${${name}}`, kind);
    }
  }
  return { script: text, parameters: Object.fromEntries(parameters) };
}

/** The script in a list that is executed as it is, if it is a shell's: `[sh, -c, …]`. */
export function scriptOf(
  argv: readonly Template[],
): { readonly index: number; readonly script: Template } | undefined {
  const index = scriptIndex(argv);
  const script = index === undefined ? undefined : argv[index];
  return index === undefined || script === undefined || typeof script === 'string'
    ? undefined
    : { index, script };
}

function placesOf(script: Template): readonly ShellPlace[] {
  if (typeof script === 'string') return [];
  return shellPlaces(script.map((part) => (typeof part === 'string' ? part : MARK)).join(''));
}

function quoted(parameter: string, kind: ShellPlace['kind']): string {
  if (isRefusal(kind)) throw new Error(`a value can't stand there: ${kind}`);
  return QUOTES[kind].replace('$', () => parameter);
}

/** In single quotes nothing is expanded: they are closed before it, and opened again. */
const QUOTES: Readonly<Record<Quoting, string>> = { bare: '"$"', double: '$', single: `'"$"'`, comment: '$' };

type Refused = Omit<RefusedValue, 'reference'>;

const BY_VARIABLE = (written: string) => `Assign it before, value=${written}, and write "$value" there`;

const REFUSALS: Readonly<Record<Refusal, (written: string) => Refused>> = {
  reread: (written) => ({
    why: 'a shell would execute it: it stands in a text that is read as a script once more',
    hint: `Give it as an argument of that script: sh -c 'echo "$1"' sh ${written}`,
  }),
  escaped: (written) => ({
    why: 'a backslash stands before it',
    hint: `Write $${written} for a literal ${written}`,
  }),
  dollar: (written) => ({ why: 'a dollar sign stands before it', hint: BY_VARIABLE(written) }),
  here: () => ({
    why: 'nothing is filled in by the shell in a here-document whose end word is quoted, or in that word',
    hint: 'Take the quotes of the end word away',
  }),
  backquote: () => ({
    why: 'it stands in backquotes with a backslash in them',
    hint: 'Write $(…) in place of the backquotes',
  }),
  ansi: (written) => ({ why: "shells don't agree on what $'…' is", hint: BY_VARIABLE(written) }),
  brace: (written) => ({
    why: 'inside ${…} of the shell it would be a pattern or an index',
    hint: BY_VARIABLE(written),
  }),
};

function isRefusal(kind: ShellPlace['kind']): kind is Refusal {
  return Object.hasOwn(REFUSALS, kind);
}
