/**
 * The query of a question, or everything that is wrong with it, a sentence each. Pure.
 */
import { type Fields, type FieldType, fieldProblems } from './fields.ts';

/** By their names; of `words` there may be several. */
export type QueryFields = Readonly<Record<string, { readonly type: FieldType; readonly about: string }>>;

export type ParsedQuery =
  /** Flags that are false are not there. */
  | { readonly ok: true; readonly query: URLSearchParams }
  | { readonly ok: false; readonly problems: readonly string[] };

export function parseQuery(fields: QueryFields, given: URLSearchParams, about: string): ParsedQuery {
  const types: Fields = Object.fromEntries(Object.entries(fields).map(([name, { type }]) => [name, type]));
  const names = new Set(given.keys());
  const problems = [...names].flatMap((name) => {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    const texts = given.getAll(name);
    if (texts.length > 1 && type !== undefined && type !== 'words')
      return [`${JSON.stringify(name)} is given ${texts.length} times`];
    return fieldProblems(types, Object.fromEntries([[name, meant(type, texts)]]), about);
  });
  if (problems.length > 0) return { ok: false, problems };
  const entries = [...given].filter(([name, text]) => types[name] !== 'flag' || text !== 'false');
  return { ok: true, query: new URLSearchParams(entries) };
}

function meant(type: FieldType | undefined, texts: readonly string[]): unknown {
  const [text = ''] = texts;
  if (type === 'words') return texts;
  return type === 'count' && /^\d+$/.test(text) ? Number(text) : text;
}
