/**
 * The pages of reference say what is so: they are what the docstrings make them, and no export lacks a place, an example
 * or a docstring.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { examplePath } from '../../support/example-path.ts';
import { repositoryRoot } from '../../support/repository-root.ts';
import { PAGES, type Page } from '../contents.ts';
import type { Declaration } from '../declarations.ts';
import {
  findMisplaced,
  findNarrowOptions,
  findUndocumented,
  findUnknownTypes,
  findWithoutExample,
  findWithoutUnit,
} from '../findings.ts';
import { exportsOf, makePage, pagePath } from '../pages.ts';
import { isType } from '../render-page.ts';

/** Types of the language that have no value of their name. */
const languageTypes = new Set([
  'AsyncDisposable',
  'AsyncIterableIterator',
  'AsyncGenerator',
  'AsyncIterable',
  'AsyncIterator',
  'Awaited',
  'Disposable',
  'Exclude',
  'Extract',
  'Iterable',
  'NodeJS',
  'Partial',
  'Pick',
  'PromiseLike',
  'PromiseSettledResult',
  'Readonly',
  'ReadonlyMap',
  'Record',
  'ReturnType',
]);
/** What the library gives and never takes. */
const OUTPUTS = new Set(['Configuration, events and status', 'Problem']);
const isGlobal = (name: string): boolean => languageTypes.has(name) || name in globalThis;

for (const page of PAGES) {
  const declarations = exportsOf(page);
  const example = (file: string): string => readFileSync(examplePath(page.name, file), 'utf8');

  suite(`the reference of ${page.specifier}`, () => {
    test('the generator sees what the module exports', async () => {
      const built = join(repositoryRoot(), 'dist/lib', page.folder, 'index.js');
      const module = await import(pathToFileURL(built).href);
      const values = [...declarations.values()].filter((declaration) => !isType(declaration));
      assert.deepEqual(values.map(({ name }) => name).sort(), Object.keys(module).sort());
    });

    test('every export has one place on its page', () => {
      assert.deepEqual(findMisplaced(page, declarations), []);
    });

    test('every export has an example', () => {
      assert.deepEqual(findWithoutExample(page, declarations, example), []);
    });

    test('every example is on the page', () => {
      const files = page.groups.flatMap(({ entries }) => entries.flatMap(({ examples }) => examples));
      assert.deepEqual([...files].sort(), readdirSync(examplePath(page.name)).sort());
    });

    test('every export and every method has a docstring', () => {
      assert.deepEqual(findUndocumented(declarations), []);
    });

    test('what takes a time tells the unit', () => {
      assert.deepEqual(findWithoutUnit(declarations), []);
    });

    test('what may be left out may be undefined, in everything that is handed in', () => {
      const groups = page.groups.filter(({ title }) => !OUTPUTS.has(title));
      const names = new Set(groups.flatMap(({ entries }) => entries.flatMap((entry) => entry.names)));
      const handedIn = [...declarations].filter(([name]) => names.has(name) && !OUTPUTS.has(name));
      assert.deepEqual(findNarrowOptions(new Map(handedIn)), []);
    });

    test('what a signature names can be imported', () => {
      assert.deepEqual(findUnknownTypes(declarations, isGlobal), []);
    });

    test('the committed page is made of the docstrings as they are: if not, npm run reference', () => {
      assert.ok(readFileSync(pagePath(page), 'utf8') === makePage(page), `${pagePath(page)} is out of date`);
    });

    test('links lead somewhere', () => {
      const text = makePage(page);
      const anchors = new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => anchorOf(title!)));
      const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor!);
      assert.ok(links.length > 0);
      assert.deepEqual(
        links.filter((anchor) => !anchors.has(anchor)),
        [],
      );
    });
  });
}

function anchorOf(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-');
}

suite('what the checks of reference find', () => {
  const method = { kind: 'method', doc: undefined } as const;
  const nap: Declaration = {
    name: 'nap',
    kind: 'function',
    doc: 'Rests for a while.',
    code: 'function nap(napMs: number, pillow: Pillow): void;',
    members: [],
    local: [],
  };
  const bed: Declaration = {
    name: 'Bed',
    kind: 'class',
    doc: undefined,
    code: 'class Bed {',
    members: [{ ...method, name: 'make', code: 'make(): void;' }],
    local: [],
  };
  const declarations = new Map([nap, bed].map((one) => [one.name, one]));
  const page: Page = {
    specifier: 'rest',
    name: 'rest',
    folder: 'rest',
    groups: [{ title: 'All', entries: [{ names: ['nap', 'nap', 'Pill'], examples: ['nap.mjs'] }] }],
  };

  test('an export without a place, one with two, and a place without an export', () => {
    assert.deepEqual(findMisplaced(page, declarations), [
      'Bed is exported by rest and is not in test/reference/contents.ts',
      'nap is there twice',
      'Pill is not exported',
    ]);
  });

  test('an export that its example does not import', () => {
    const one: Page = {
      ...page,
      groups: [{ title: 'All', entries: [{ names: ['nap', 'Bed'], examples: ['a'] }] }],
    };
    const program = "import { nap } from 'rest';\nimport { Bed } from 'elsewhere';\n// Bed\n";
    assert.deepEqual(
      findWithoutExample(one, declarations, () => program),
      ['Bed is in no example: add one to examples/rest'],
    );
  });

  test('a class and a method without docstrings', () => {
    assert.deepEqual(findUndocumented(declarations), ['Bed has no docstring', 'Bed.make has no docstring']);
  });

  test('a time without a unit', () => {
    const nothing = ['nap takes a time, and its docstring has no unit'];
    assert.deepEqual(findWithoutUnit(declarations), nothing);
    assert.deepEqual(findWithoutUnit(new Map([['nap', { ...nap, doc: 'Rests for `napMs`.' }]])), nothing);
    assert.deepEqual(findWithoutUnit(new Map([['nap', { ...nap, doc: 'Rests for `napMs` ms.' }]])), []);
  });

  test('an option that may be left out and not be undefined, at any depth', () => {
    const code =
      'readonly bed?: { readonly soft?: boolean; readonly wide?: boolean | undefined } | undefined;';
    const options: Declaration = {
      ...bed,
      kind: 'interface',
      members: [
        { ...method, kind: 'property', name: 'bed', code },
        { ...method, name: 'lie', code: 'lie(ms?: 1): void;' },
      ],
    };
    assert.deepEqual(findNarrowOptions(new Map([['Bed', options]])), [
      'Bed: "soft" may be left out, but not be undefined',
    ]);
    const narrow = {
      ...options,
      members: [{ ...options.members[0]!, code: 'readonly a?: (b: 1) => void;' }],
    };
    assert.equal(findNarrowOptions(new Map([['Bed', narrow]])).length, 1);
  });

  test('a type that nobody can name', () => {
    assert.deepEqual(findUnknownTypes(declarations, isGlobal), [
      'nap needs the type Pillow, which is not exported',
    ]);
  });

  test('a type that only a helper beside the export names', () => {
    const local: Declaration = {
      ...bed,
      name: 'Rest',
      kind: 'interface',
      code: 'interface Rest<Kind extends Pillow> {',
      members: [{ ...method, name: 'kind', kind: 'property', code: 'readonly kind: Kind;' }],
    };
    const only = new Map([['doze', { ...nap, name: 'doze', code: 'type Doze = Rest<1>;', local: [local] }]]);
    assert.deepEqual(findUnknownTypes(only, isGlobal), ['doze needs the type Pillow, which is not exported']);
  });
});
