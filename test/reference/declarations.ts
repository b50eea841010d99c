/**
 * Reads what the compiler wrote about one module into `.d.ts` files: its exports, each with its docstring, its text and
 * its members. It knows the shape in which the compiler writes, which is regular, and no more of the language.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** A member of a class or an interface. */
export interface Member {
  /** `[Symbol.asyncIterator]` for one that has no word. */
  readonly name: string;
  readonly kind: 'method' | 'getter' | 'setter' | 'property' | 'constructor';
  /** The text of the docstring, without its comment signs; undefined: it has none. */
  readonly doc: string | undefined;
  readonly code: string;
}

/** What one name stands for. */
export interface Declaration {
  readonly name: string;
  readonly kind: 'function' | 'class' | 'const' | 'interface' | 'type';
  readonly doc: string | undefined;
  /** Without `export` and `declare`; overloads stand below each other. Of what has members, the first line. */
  readonly code: string;
  readonly members: readonly Member[];
  /** What it needs of its file and the file does not export. */
  readonly local: readonly Declaration[];
}

/** The exports of the module whose types are in `path`, by name. */
export function readModule(path: string): ReadonlyMap<string, Declaration> {
  const exported = new Map<string, Declaration>();
  for (const { name, file } of exportsOf(path)) {
    const declarations = readFile(file);
    const declaration = declarations.get(name);
    if (declaration === undefined) throw new Error(`"${path}" exports "${name}", which is not in "${file}"`);
    exported.set(name, withInherited(declaration, file, declarations));
  }
  return exported;
}

interface Found extends Declaration {
  readonly isExported: boolean;
  readonly parents: readonly string[];
}

/** Exports of its own, and those of other files that it hands on. */
function exportsOf(path: string): readonly { readonly name: string; readonly file: string }[] {
  const own = [...readFile(path).values()].filter(({ isExported }) => isExported);
  const handedOn = [
    ...readFileSync(path, 'utf8').matchAll(/^export (?:type )?\{([^}]*)\} from '([^']+)';/gm),
  ];
  return [
    ...own.map(({ name }) => ({ name, file: path })),
    ...handedOn.flatMap(([, names = '', from = '']) =>
      names
        .split(',')
        .map((name) => name.replace('type ', '').trim())
        .filter((name) => name !== '')
        .map((name) => ({ name, file: typesOf(path, from) })),
    ),
  ];
}

function typesOf(path: string, specifier: string): string {
  return resolve(dirname(path), specifier.replace(/\.ts$/, '.d.ts'));
}

/** Members of a class that it is made from count as its own, as do docstrings of what it implements. */
function withInherited(
  declaration: Found,
  file: string,
  declarations: ReadonlyMap<string, Found>,
): Declaration {
  const members = [...declaration.members];
  let { code } = declaration;
  for (const parent of declaration.parents) {
    const found = declarations.get(parent) ?? importedInto(file, parent);
    if (found?.kind === 'class') code = code.replace(new RegExp(` extends ${parent}(?:<.*?>)?`), '');
    for (const member of found?.members ?? []) {
      const index = members.findIndex(({ name, kind }) => name === member.name && kind === member.kind);
      const own = members[index];
      if (own !== undefined) members[index] = { ...own, doc: own.doc ?? member.doc };
      else if (declaration.kind === 'class' && member.kind !== 'constructor') members.push(member);
    }
  }
  return { ...declaration, code, members, local: localOf(declaration, declarations) };
}

function importedInto(file: string, name: string): Found | undefined {
  const imports = readFileSync(file, 'utf8').matchAll(/^import (?:type )?\{([^}]*)\} from '(\.[^']+)';/gm);
  const from = [...imports].find(([, names = '']) => new RegExp(`\\b${name}\\b`).test(names))?.[2];
  return from === undefined ? undefined : readFile(typesOf(file, from)).get(name);
}

function localOf(declaration: Found, declarations: ReadonlyMap<string, Found>): readonly Found[] {
  const needed = new Set<Found>([declaration]);
  for (const one of needed) {
    const text = [one.code, ...one.members.map(({ code }) => code)].join('\n');
    for (const other of declarations.values())
      if (!other.isExported && new RegExp(`\\b${other.name}\\b`).test(text)) needed.add(other);
  }
  needed.delete(declaration);
  return [...needed];
}

const HEAD =
  /^(export )?(?:declare )?(?:abstract )?(function|class|const|interface|type) (\w+)(?:<.*?>)?(?: extends (\w+)| implements (\w+))?/;

function readFile(path: string): ReadonlyMap<string, Found> {
  const declarations = new Map<string, Found>();
  for (const { doc, lines } of chunks(readFileSync(path, 'utf8').split('\n'), '')) {
    const head = HEAD.exec(lines[0]!);
    if (head === null) continue;
    const [, exported, kind, name] = head as unknown as [string, string?, Declaration['kind']?, string?];
    const hasMembers = kind === 'class' || kind === 'interface';
    const code = (hasMembers ? lines[0]! : lines.join('\n')).replace(/^(?:export )?(?:declare )?/, '');
    const overloaded = declarations.get(name!);
    declarations.set(name!, {
      name: name!,
      kind: kind!,
      doc: overloaded?.doc ?? doc,
      code: overloaded === undefined ? code : `${overloaded.code}\n${code}`,
      members: hasMembers ? membersOf(lines.slice(1, -1)) : [],
      local: [],
      isExported: exported !== undefined,
      parents: head.slice(4).filter((parent) => parent !== undefined),
    });
  }
  return declarations;
}

function membersOf(lines: readonly string[]): readonly Member[] {
  return chunks(lines, '    ')
    .filter(({ lines: [first = ''] }) => !/^ +(?:#|private |protected )/.test(first))
    .map(({ doc, lines: own }) => {
      const code = own.map((line) => line.slice(4)).join('\n');
      const [, keyword, name = ''] =
        /^(?:(?:static|readonly|abstract) )*(?:(get|set) )?(\[[\w.]+\]|\w+)/.exec(code) ?? [];
      return { name, kind: kindOf(name, keyword, code), doc, code };
    });
}

function kindOf(name: string, keyword: string | undefined, code: string): Member['kind'] {
  if (name === 'constructor') return 'constructor';
  if (keyword !== undefined) return keyword === 'get' ? 'getter' : 'setter';
  return /^[^:=]*\(/.test(code) ? 'method' : 'property';
}

/** Statements that begin at one depth, each with the docstring before it. */
function chunks(
  lines: readonly string[],
  indent: string,
): readonly { readonly doc: string | undefined; readonly lines: readonly string[] }[] {
  const found: { doc: string | undefined; lines: string[] }[] = [];
  let doc: string | undefined;
  for (let index = 0; index < lines.length; index++) {
    if (lines[index]!.trim() === '') continue;
    const start = index;
    if (lines[index]!.startsWith(`${indent}/**`)) {
      while (!lines[index]!.endsWith('*/')) index++;
      doc = docText(lines.slice(start, index + 1));
      continue;
    }
    while (!isEnd(lines[index]!, indent, lines[start]!)) index++;
    found.push({ doc, lines: lines.slice(start, index + 1) });
    doc = undefined;
  }
  return found;
}

/** A class or an interface ends with a brace, all else with a semicolon; a comment in a union comes before a ` |`. */
function isEnd(line: string, indent: string, first: string): boolean {
  if (!line.startsWith(indent) || /^ (?!\|)/.test(line.slice(indent.length))) return false;
  return line.endsWith(
    /^(?:export )?(?:declare )?(?:abstract )?(?:class|interface) /.test(first) ? '}' : ';',
  );
}

function docText(lines: readonly string[]): string {
  return lines
    .map((line) => line.replace(/^ *\/?\*+\/? ?/, '').replace(/ ?\*\/$/, ''))
    .join('\n')
    .trim();
}
