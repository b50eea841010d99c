// node .build/declarations.js FROM TO
// Makes one file of declarations for each name that programs import, of those that the compiler wrote for every file: what is
// exported, and what that needs to be named. What is nobody's affair is in no package. It knows the shape in which the
// compiler writes, which is regular, and no more of the language.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const [from, to] = process.argv.slice(2);
const ENTRIES = ['index.d.ts', 'concurrency/index.d.ts', 'service/index.d.ts'];

const HEAD = /^(?:export )?(?:declare )?(?:abstract )?(function|class|const|interface|type) (\w+)/;
const modules = new Map();

/** The statements of a file by the names that they declare, overloads together; and where other names come from. */
function readModule(path) {
  if (modules.has(path)) return modules.get(path);
  const module = { path, declared: new Map(), imported: new Map(), handedOn: new Map() };
  modules.set(path, module);
  for (const { doc, text } of statementsOf(readFileSync(path, 'utf8').split('\n'))) {
    const [, keyword, list, source] =
      /^(import|export) (?:type )?\{([^}]*)\} from '([^']+)';/s.exec(text) ?? [];
    if (source !== undefined) {
      const place = keyword === 'import' ? module.imported : module.handedOn;
      for (const name of list
        .split(',')
        .map((one) => one.replace('type ', '').trim())
        .filter(Boolean)) {
        if (/\W/.test(name)) throw new Error(`"${path}" gives a name anew, which is not understood: ${name}`);
        place.set(
          name,
          source.startsWith('.') ? resolve(dirname(path), source.replace(/\.[jt]s$/, '.d.ts')) : source,
        );
      }
      continue;
    }
    const [, kind, name] = HEAD.exec(text) ?? [];
    if (name === undefined) {
      if (!/^(?:export \{\};|import ')/.test(text))
        throw new Error(`"${path}" has what is not understood: ${text}`);
      continue;
    }
    const before = module.declared.get(name);
    const own = `${doc}${text}`;
    module.declared.set(name, { kind, text: before === undefined ? own : `${before.text}\n${own}` });
  }
  return module;
}

function statementsOf(lines) {
  const found = [];
  let doc = '';
  for (let index = 0; index < lines.length; index++) {
    if (lines[index].trim() === '') continue;
    const start = index;
    if (lines[index].startsWith('/*')) {
      while (!lines[index].endsWith('*/')) index++;
      // The first one of a file tells of the file; only what stands right before a statement is its own.
      doc = lines[start].startsWith('/**') ? `${lines.slice(start, index + 1).join('\n')}\n` : doc;
      continue;
    }
    if (lines[index].startsWith('//')) continue;
    const end = /^(?:export )?(?:declare )?(?:abstract )?(?:class|interface) /.test(lines[start]) ? '}' : ';';
    while (/^ (?!\|)/.test(lines[index]) || !lines[index].endsWith(end)) index++;
    found.push({
      doc: lines[start].startsWith('import ') ? '' : doc,
      text: lines.slice(start, index + 1).join('\n'),
    });
    doc = '';
  }
  return found;
}

/** Where a name is declared that `module` knows; a package by its name, undefined: it is the language's. */
function originOf(module, name) {
  if (module.declared.has(name)) return { module, name };
  const source = module.imported.get(name) ?? module.handedOn.get(name);
  if (source === undefined) return undefined;
  return source.startsWith('/') ? originOf(readModule(source), name) : { package: source, name };
}

function publicNames(entry) {
  const module = readModule(entry);
  return [...module.declared.keys(), ...module.handedOn.keys()];
}

const keyOf = ({ module, name }) => `${module.path} ${name}`;

/** What is public under another name of the package is imported from there: a class is one class. */
function ownersOf(paths) {
  const owners = new Map();
  for (const path of paths)
    for (const name of publicNames(path)) owners.set(keyOf(originOf(readModule(path), name)), path);
  return owners;
}

function bundle(entry, owners) {
  const names = publicNames(entry);
  const wanted = names.map((name) => originOf(readModule(entry), name));
  const isPublic = new Set(wanted.map(keyOf));
  const taken = new Map();
  const imports = new Map();
  for (const origin of wanted) {
    const key = keyOf(origin);
    if (taken.has(key)) continue;
    const { kind, text } = origin.module.declared.get(origin.name);
    const double = [...taken.values()].find((one) => one.name === origin.name);
    // Each of two files may have the same small type.
    if (double?.text === text) continue;
    if (double !== undefined)
      throw new Error(`Two declarations are called "${origin.name}": ${double.path}, ${origin.module.path}`);
    taken.set(key, { name: origin.name, path: origin.module.path, kind, text });
    for (const needed of neededBy(origin.module, text)) {
      const found = originOf(origin.module, needed);
      if (found === undefined) continue;
      const owner = found.package ?? owners.get(keyOf(found));
      if (owner !== undefined && owner !== entry) imports.set(needed, owner);
      else wanted.push(found);
    }
  }
  return print(entry, [...taken], isPublic, imports);
}

/** Functions and constants are needed only where their type is. */
function neededBy(module, text) {
  const code = text.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/'[^'\n]*'|"[^"\n]*"/g, '');
  const words = new Set([...code.matchAll(/(?<!\.)\b[A-Za-z_]\w*/g)].map(([word]) => word));
  return [...words].filter((word) => {
    const found = originOf(module, word);
    if (found === undefined) return false;
    const kind = found.module?.declared.get(word)?.kind;
    return (kind !== 'function' && kind !== 'const') || new RegExp(`typeof ${word}\\b`).test(code);
  });
}

function print(entry, taken, isPublic, imports) {
  const sources = new Map();
  for (const [name, source] of imports) sources.set(source, [...(sources.get(source) ?? []), name]);
  const lines = [...sources].map(
    ([source, names]) => `import type { ${names.sort().join(', ')} } from '${specifier(entry, source)}';`,
  );
  const statements = taken.map(([key, { text }]) =>
    text.replaceAll(
      /^(?:export )?(?=(?:declare |abstract )*(?:function|class|const|interface|type) )/gm,
      isPublic.has(key) ? 'export ' : '',
    ),
  );
  return `${[...lines, ...statements, 'export {};'].join('\n')}\n`;
}

function specifier(entry, source) {
  if (!source.startsWith('/')) return source;
  const path = relative(dirname(entry), source).replace('.d.ts', '.js');
  return path.startsWith('.') ? path : `./${path}`;
}

const paths = ENTRIES.map((entry) => resolve(from, entry));
const owners = ownersOf(paths);
rmSync(to, { recursive: true, force: true });
for (const entry of ENTRIES) {
  const path = join(to, entry);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bundle(resolve(from, entry), owners));
}
