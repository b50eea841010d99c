/**
 * What is wrong with a page of reference: exports without a place, an example or a docstring. Each finding is a sentence
 * that names what lacks. Pure.
 */
import type { Page } from './contents.ts';
import type { Declaration, Member } from './declarations.ts';
import { isType } from './render-page.ts';
import { typesNamedBy } from './type-names.ts';

type Declarations = ReadonlyMap<string, Declaration>;

/** Every export has one place, and nothing else has. */
export function findMisplaced(page: Page, declarations: Declarations): readonly string[] {
  const names = page.groups.flatMap(({ entries }) => entries.flatMap((entry) => entry.names));
  return [
    ...[...declarations.keys()]
      .filter((name) => !names.includes(name))
      .map((name) => `${name} is exported by ${page.specifier} and is not in test/reference/contents.ts`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} is there twice`),
    ...names.filter((name) => !declarations.has(name)).map((name) => `${name} is not exported`),
  ];
}

/** Every export that exists at run time is imported by one of the examples that stand with it. */
export function findWithoutExample(
  page: Page,
  declarations: Declarations,
  example: (file: string) => string,
): readonly string[] {
  return page.groups.flatMap(({ entries }) =>
    entries.flatMap(({ names, examples }) => {
      const imported = new Set(examples.flatMap((file) => importsOf(example(file), page.specifier)));
      return names
        .filter((name) => !isType(declarations.get(name)!) && !imported.has(name))
        .map((name) => `${name} is in no example: add one to examples/${page.name}`);
    }),
  );
}

function importsOf(program: string, specifier: string): readonly string[] {
  const statements = [...program.matchAll(/^import \{([^}]*)\} from '([^']+)'/gm)];
  return statements
    .filter(([, , from]) => from === specifier)
    .flatMap(([, names = '']) => names.replaceAll(/\btype /g, '').match(/\w+/g) ?? []);
}

/** Every export has a docstring, and so has what a class lets others call or read. */
export function findUndocumented(declarations: Declarations): readonly string[] {
  return [...declarations.values()].flatMap((declaration) => [
    ...(declaration.doc === undefined ? [`${declaration.name} has no docstring`] : []),
    ...declaration.members
      .filter((member) => needsDoc(declaration, member) && member.doc === undefined)
      .map(({ name }) => `${declaration.name}.${name} has no docstring`),
  ]);
}

function needsDoc({ kind }: Declaration, member: Member): boolean {
  if (member.kind === 'constructor' || member.kind === 'setter') return false;
  // The name of an error says what its class says.
  return member.kind === 'method' || (kind === 'class' && member.name !== 'name');
}

/** Whoever takes or gives a time tells its unit, at the time or at what it belongs to. */
export function findWithoutUnit(declarations: Declarations): readonly string[] {
  return [...declarations.values()].flatMap((declaration) => {
    const { name, doc, members } = declaration;
    const parts: readonly {
      readonly name: string;
      readonly doc: string | undefined;
      readonly code: string;
    }[] =
      members.length === 0
        ? [declaration]
        : members.filter(hasOwnWords).map((member) => ({ ...member, name: `${name}.${member.name}` }));
    return parts
      .filter((part) => takesTime(part.code) && !tellsUnit(`${part.doc} ${members.length > 0 ? doc : ''}`))
      .map((part) => `${part.name} takes a time, and its docstring has no unit`);
  });
}

/** A setter is told of at its getter, and a constructor of no docstring at the properties that it fills. */
function hasOwnWords({ kind, doc }: Member): boolean {
  return kind !== 'setter' && (kind !== 'constructor' || doc !== undefined);
}

function takesTime(code: string): boolean {
  return /\b(?:ms|\w+Ms|\w+_ms|deadline)\??:|\bget deadline\b/.test(code);
}

function tellsUnit(doc: string): boolean {
  return /(?<!`)\bms\b(?!`)|\bmilliseconds\b/.test(doc);
}

/** What a signature names stands on the page too, or belongs to the language. */
export function findUnknownTypes(
  declarations: Declarations,
  isGlobal: (name: string) => boolean,
): readonly string[] {
  return [...declarations.values()].flatMap((declaration) => {
    const local = declaration.local.map(({ name }) => name);
    const names = new Set([declaration, ...declaration.local].flatMap(typesNamedBy));
    return [...names]
      .filter((name) => !declarations.has(name) && !local.includes(name) && !isGlobal(name))
      .map((name) => `${declaration.name} needs the type ${name}, which is not exported`);
  });
}

/** Under `exactOptionalPropertyTypes` what may be left out may be undefined only if it says so. */
export function findNarrowOptions(declarations: Declarations): readonly string[] {
  return [...declarations.values()].flatMap((declaration) => {
    const codes = [declaration, ...declaration.local].flatMap(({ code, members }) => [
      code,
      ...members.map((member) => member.code),
    ]);
    return codes.flatMap((code) =>
      [...withoutComments(code).matchAll(/readonly (\w+)\?: /g)]
        .filter(
          ({ 0: head, index }) =>
            !/\bundefined$|^unknown$|^infer /.test(typeAt(withoutComments(code), index + head.length)),
        )
        .map(([, name]) => `${declaration.name}: "${name}" may be left out, but not be undefined`),
    );
  });
}

function withoutComments(code: string): string {
  return code.replaceAll(/\/\*.*?\*\//gs, '');
}

/** Up to what ends it, outside of the brackets in it. */
function typeAt(code: string, start: number): string {
  let depth = 0;
  for (let index = start; index < code.length; index++) {
    const sign = code[index]!;
    if ('{(['.includes(sign)) depth++;
    if ('})]'.includes(sign)) depth--;
    if (depth < 0 || (depth === 0 && sign === ';')) return code.slice(start, index).trim();
  }
  return code.slice(start).trim();
}
