/**
 * Plain data as the YAML that a person would write. Pure.
 *
 * Every text is read back as it was: what is no plain word is written as JSON has it, and a dollar that would be filled in is
 * doubled.
 */
export type Plain =
  | string
  | number
  | boolean
  | readonly string[]
  | { readonly [key: string]: Plain | undefined };

/** A map, a key a line; what is undefined is left out. */
export function writeYaml(map: { readonly [key: string]: Plain | undefined }, indent = ''): string {
  return Object.entries(map)
    .map(([key, value]) =>
      value === undefined ? '' : `${indent}${writeText(key)}:${writeValue(value, indent)}`,
    )
    .join('');
}

function writeValue(value: Plain, indent: string): string {
  if (typeof value === 'number' || typeof value === 'boolean') return ` ${value}\n`;
  if (typeof value === 'string') return ` ${writeText(value)}\n`;
  if (isList(value)) return ` [${value.map(writeText).join(', ')}]\n`;
  return `\n${writeYaml(value, `${indent}  `)}`;
}

function isList(value: Plain): value is readonly string[] {
  return Array.isArray(value);
}

const WORD = /^[A-Za-z][\w-]*$/;
/** Words that one version of YAML or another takes for something else. */
const NO_TEXT = /^(?:true|false|yes|no|on|off|null|y|n)$/i;
/** A duration: it begins with a digit, and is no number. */
const DURATION = /^(?:\d+(?:h|m|s|ms))+$/;

function writeText(text: string): string {
  if (DURATION.test(text) || (WORD.test(text) && !NO_TEXT.test(text))) return text;
  return JSON.stringify(text.replace(/\$(?=[{$])/g, '$$$$')).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    escaped,
  );
}

/** What YAML doesn't print as it is, and JSON does. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
