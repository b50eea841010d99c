/**
 * The house rules that a program can check: who may import whom, where packages live, where the world is touched,
 * and how large a file may grow.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../support/repository-root.ts';

const source = join(repositoryRoot(), 'src');

/** What each room may import. A path is one file of a room; a room alone is all of it. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  concurrency: [],
  events: [],
  patterns: [],
  config: ['patterns', 'events/printable'],
  graph: ['config/types', 'config/diagnostics/problem', 'config/duration', 'events/printable'],
  conditions: [
    'concurrency',
    'config/types',
    'config/shell/values',
    'config/variables/template',
    'events',
    'patterns',
    'process/ports',
  ],
  process: ['concurrency', 'events'],
  engine: [
    'concurrency',
    'conditions',
    'config/types',
    'config/variables/template',
    'events',
    'graph',
    'process/ports',
  ],
  output: ['config/types', 'events'],
  service: [],
  tasks: ['concurrency', 'events', 'process/ports'],
  library: [
    'cli/preflight',
    'concurrency',
    'config',
    'engine',
    'events',
    'graph',
    'output',
    'process',
    'tasks',
  ],
  cli: [
    'concurrency',
    'config',
    'engine',
    'events',
    'graph',
    'output',
    'process/file-identity',
    'process/spawn/find-trouble',
    'process/machine/finding',
    'process/ports',
    'process/rights/asked-rights',
    'process/guard/run-guard',
    'process/surroundings/caught-signal',
    'process/surroundings/signal-meaning',
    'process/surroundings/tell-surroundings',
  ],
};

/** The order inside of big rooms, the lowest first: folders, and files beside them. None imports what stands after it. */
const INSIDE: Readonly<Record<string, readonly string[]>> = {
  concurrency: ['kernel', 'primitives', 'patterns', 'tasks', 'index'],
  'concurrency/kernel': ['checks', 'errors', 'clock', 'scope', 'wait', 'task', 'testing'],
  config: [
    'types',
    'duration',
    'diagnostics',
    'read-text',
    'find-files',
    'variables',
    'shell',
    'yaml',
    'schema',
    'resolve',
    'load-config',
  ],
};

/** Rooms in which no files import each other in a circle, for their types neither: such two are understood only together. */
const WITHOUT_CIRCLES: readonly string[] = ['concurrency', 'config', 'graph', 'patterns'];

/** Only types may come from these: what they name is handed in by the composition root. */
const TYPES_ONLY = new Set([
  'process/file-identity',
  'process/spawn/find-trouble',
  'process/machine/finding',
  'process/ports',
  'process/rights/asked-rights',
  'process/guard/run-guard',
  'process/surroundings/caught-signal',
]);

const PACKAGE_HOMES: Readonly<Record<string, string>> = {
  chalk: 'output',
  commander: 'cli',
  execa: 'process',
  koffi: 'process',
  yaml: 'config',
};

const files = sourceFiles();
const imports = files.flatMap(importsOf);
const local = imports.filter(({ target }) => !target.startsWith('node:') && !(target in PACKAGE_HOMES));

test('imports go one way', () => {
  const offending = local.filter(({ room, target }) => {
    const isRoot = room === 'main';
    const sameRoom = target.startsWith(`${room}/`);
    const allowed = ALLOWED[room]?.some((edge) => target === edge || target.startsWith(`${edge}/`));
    return !isRoot && !sameRoom && !allowed;
  });
  assert.deepEqual(
    offending.map(({ file, target }) => `${file} -> ${target}`),
    [],
  );
});

test('no import runs back up between the rooms of a big room', () => {
  const offending = Object.entries(INSIDE).flatMap(([folder, order]) => {
    const placeOf = (path: string): number => order.indexOf(path.slice(folder.length + 1).split(/[/.]/)[0]!);
    return local
      .filter(({ file, target }) => [file, target].every((path) => path.startsWith(`${folder}/`)))
      .filter(
        ({ file, target }) =>
          placeOf(file) === -1 || placeOf(target) === -1 || placeOf(target) > placeOf(file),
      );
  });
  assert.deepEqual(
    offending.map(({ file, target }) => `${file} -> ${target}`),
    [],
  );
});

test('every room of a big room has its place in the order', () => {
  const unplaced = Object.entries(INSIDE).flatMap(([folder, order]) =>
    readdirSync(join(source, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !order.includes(entry.name))
      .map(({ name }) => `${folder}/${name}`),
  );
  assert.deepEqual(unplaced, []);
});

test('no circle of files', () => {
  const found = WITHOUT_CIRCLES.flatMap((folder) => circlesIn(folder));
  assert.deepEqual(found, []);
});

test('ports are imported as types', () => {
  const offending = local.filter(
    ({ file, room, target, isType }) =>
      room !== 'process' && !ROOTS.test(file) && TYPES_ONLY.has(target) && !isType,
  );
  assert.deepEqual(
    offending.map(({ file, target }) => `${file} -> ${target}`),
    [],
  );
});

test('every package has one home, and no package is imported that has none', () => {
  const packages = imports.filter(
    ({ target }) => !target.startsWith('node:') && !/^[a-z-]+\/|^main$/.test(target),
  );
  const offending = packages.filter(({ room, target }) => PACKAGE_HOMES[target] !== room);
  assert.deepEqual(
    offending.map(({ file, target }) => `${file} -> ${target}`),
    [],
  );
});

test('time, chance, the process and the console are touched only by the root and the real ports', () => {
  const world =
    /(?<!\.)\b(?:process\.(?!ts)[a-z]|setTimeout\(|setInterval\(|Date\.now\(|new Date\(|Math\.random\(|console\.)/;
  const ports =
    /^(?:main|library\/(?:surroundings|process-system)|process\/|output\/(?:ticker|\w+-writer|open-writer)|concurrency\/(?:kernel\/clock\/system-clock|patterns\/system-signals))/;
  const offending = files
    .map((path) => ({ file: relative(source, path), text: codeOnly(readFileSync(path, 'utf8')) }))
    .filter(({ file, text }) => !ports.test(file) && world.test(text));
  assert.deepEqual(
    offending.map(({ file, text }) => `${file}: ${world.exec(text)?.[0]}`),
    [],
  );
});

test('files stay small: half of them under 100 lines, none over 300', () => {
  const lengths = files
    .map((path) => ({
      file: relative(source, path),
      lines: readFileSync(path, 'utf8').split('\n').length - 1,
    }))
    .sort((a, b) => a.lines - b.lines);
  assert.ok(lengths[Math.floor(lengths.length / 2)]!.lines < 100);
  assert.deepEqual(
    lengths.filter(({ lines }) => lines > 300),
    [],
  );
});

test('every file begins with what it guarantees', () => {
  const bare = files.filter((path) => !readFileSync(path, 'utf8').startsWith('/**'));
  assert.deepEqual(
    bare.map((path) => relative(source, path)),
    [],
  );
});

/** Without comments and string literals. */
function codeOnly(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\/\/.*$/gm, '')
    .replaceAll(/'[^'\n]*'/g, "''");
}

/** Each as the trail that leads back to its first file. */
function circlesIn(folder: string): string[] {
  const next = new Map<string, string[]>();
  for (const { file, target } of local.filter(({ file }) => file.startsWith(`${folder}/`))) {
    const path = file.replace(/\.ts$/, '');
    next.set(path, [...(next.get(path) ?? []), target]);
  }
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] => {
    if (trail.includes(path)) return [[...trail.slice(trail.indexOf(path)), path].join(' -> ')];
    if (done.has(path)) return [];
    done.add(path);
    return (next.get(path) ?? []).flatMap((target) => visit(target, [...trail, path]));
  };
  return [...next.keys()].flatMap((path) => visit(path, []));
}
