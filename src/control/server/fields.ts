/**
 * What may stand in a body or a query, as tables; and everything that is wrong with one, a sentence each. Pure.
 *
 * The document of the API is made from the same tables.
 */

export type FieldType =
  | 'boolean'
  /** In a query it may stand alone; `false` is as if it weren't there. */
  | 'flag'
  | 'ms'
  | 'count'
  | 'some'
  | 'words'
  | 'text'
  | 'any text'
  | readonly string[];

export type Fields = Readonly<Record<string, FieldType>>;

export const MOST_CHARACTERS = 200;
export const MOST_WORDS = 1_000;
/** Up to it a number is surely told from the next one, and sums of times are finite. */
export const MOST_COUNT = Number.MAX_SAFE_INTEGER;

const WORDS: Readonly<Record<FieldType & string, string>> = {
  boolean: 'true or false',
  flag: 'true, false or nothing',
  ms: 'a number of milliseconds, from 0 on',
  count: 'a whole number, from 0 on',
  some: 'a whole number, from 1 on',
  words: `a list of at most ${MOST_WORDS} texts of 1 to ${MOST_CHARACTERS} characters`,
  'any text': 'a text',
  text: `a text of 1 to ${MOST_CHARACTERS} characters`,
};

/** `about`: what the fields are of. */
export function fieldProblems(
  fields: Fields,
  given: Readonly<Record<string, unknown>>,
  about: string,
): readonly string[] {
  return Object.entries(given).flatMap(([key, value]) => {
    const type = Object.hasOwn(fields, key) ? fields[key] : undefined;
    const name = JSON.stringify(key);
    if (type === undefined) return [`${name} means nothing for ${about}`];
    if (isOf(type, value)) return [];
    return [`${name} must be ${typeof type === 'string' ? WORDS[type] : `one of ${type.join(', ')}`}`];
  });
}

function isOf(type: FieldType, value: unknown): boolean {
  if (typeof type !== 'string') return type.includes(value as string);
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'flag':
      return value === '' || value === 'true' || value === 'false';
    case 'ms':
      return typeof value === 'number' && value >= 0 && value <= MOST_COUNT;
    case 'count':
      return Number.isSafeInteger(value) && (value as number) >= 0;
    case 'some':
      return Number.isSafeInteger(value) && (value as number) >= 1;
    case 'words':
      return Array.isArray(value) && value.length <= MOST_WORDS && value.every((word) => isOf('text', word));
    case 'any text':
      return typeof value === 'string';
    case 'text':
      return typeof value === 'string' && value !== '' && charactersIn(value) <= MOST_CHARACTERS;
  }
}

/** As everybody but JavaScript counts them. */
function charactersIn(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Whether it can have fields at all. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
