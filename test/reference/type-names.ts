/**
 * The types that the text of a declaration names, those with a capital and more than one letter: by that the library's are
 * known. Pure.
 *
 * Not counted: words of comments and texts, what the declaration itself gives a name to (its own, type parameters, keys of
 * mapped types, `infer`), and the members of a namespace, which is named instead.
 */
import type { Declaration } from './declarations.ts';

export function typesNamedBy(declaration: Declaration): readonly string[] {
  const text = withoutWords([declaration.code, ...declaration.members.map(({ code }) => code)].join('\n'));
  const own = new Set(namesGiven(text));
  return [...text.matchAll(/(?<![\w.])[A-Z]\w+/g)].map(([name]) => name).filter((name) => !own.has(name));
}

function withoutWords(code: string): string {
  return code
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/'[^'\n]*'|"[^"\n]*"/g, '')
    .replaceAll(/`[^`]*`/g, (template) => (template.match(/(?<=\$\{)[^}]*/g) ?? []).join(' '));
}

function namesGiven(text: string): readonly string[] {
  const named = text.matchAll(/^(?:class|interface|type) (\w+)|\[(\w+) in |\binfer (\w+)/gm);
  return [...typeParameters(text), ...[...named].flatMap(([, ...names]) => names.filter(Boolean))];
}

/** A list of type parameters stands after what declares a type, or before the parameters of a call. */
function typeParameters(text: string): readonly string[] {
  return [...text.matchAll(/</g)].flatMap(({ index }) => {
    const end = endOfList(text, index);
    const declares = /\b(?:class|interface|type) \w+$/.test(text.slice(0, index)) || text[end] === '(';
    return declares ? partsOf(text.slice(index + 1, end - 1)).map(firstWord) : [];
  });
}

/** Behind the bracket that closes the one at `start`; an arrow closes nothing. */
function endOfList(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    if (text[index] === '<') depth++;
    else if (text[index] === '>' && text[index - 1] !== '=' && --depth === 0) return index + 1;
  }
  return text.length;
}

/** Cut at the commas that stand in no brackets. */
function partsOf(list: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const [index, sign] of [...list].entries()) {
    if ('<([{'.includes(sign)) depth++;
    else if ('>)]}'.includes(sign) && list.slice(index - 1, index + 1) !== '=>') depth--;
    if (sign === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += sign;
  }
  return parts;
}

function firstWord(parameter: string): string {
  return /^\s*(?:const )?(\w*)/.exec(parameter)?.[1] ?? '';
}
