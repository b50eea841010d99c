/**
 * The house rules that a program can check: who may import whom, where packages live, where the world is touched,
 * and how large a file may grow.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
  importers: ['config/diagnostics', 'config/duration', 'config/schema/edge', 'config/yaml'],
  graph: ['config/types', 'config/diagnostics/problem', 'config/duration', 'events/printable'],
  conditions: [
    'concurrency',
    'config/types',
    'config/variables/template',
    'config/shell/values',
    'events',
    'patterns',
    'process/ports',
    'process/rights-ports',
  ],
  process: ['concurrency', 'events'],
  engine: [
    'concurrency',
    'conditions',
    'config/env-from-types',
    'config/types',
    'config/variables/template',
    'events',
    'graph',
    'process/ports',
    'process/rights-ports',
  ],
  hooks: ['concurrency', 'config/hook-types', 'events', 'process/ports'],
  manual: [],
  secrets: [
    'concurrency',
    'config/diagnostics',
    'config/env-from-types',
    'config/read-text',
    'config/types',
    'config/variables/dotenv',
    'events',
    'hooks/run-hook',
    'hooks/whole-lines',
    'hooks/within-time',
    'process/ports',
  ],
  output: ['config/types', 'events'],
  preflight: [
    'config/diagnostics/closest',
    'config/diagnostics/problem',
    'config/env-from-types',
    'config/hook-types',
    'config/types',
    'process/files/identity',
    'process/ports',
    'process/rights-ports',
    'process/rights/asked-rights',
    'process/spawn/find-trouble',
  ],
  service: [],
  tasks: ['concurrency', 'events', 'process/ports'],
  library: ['concurrency', 'config', 'engine', 'events', 'graph', 'output', 'preflight', 'process', 'tasks'],
  control: [
    'concurrency',
    'engine/requests/command',
    'engine/requests/match-names',
    'engine/supervise',
    'events',
    'output/lines',
    'process/usage-ports',
  ],
  cli: [
    'concurrency',
    'config',
    'control',
    'engine',
    'events',
    'graph',
    'hooks',
    'manual',
    'importers',
    'output',
    'preflight',
    'secrets',
    'process/machine/finding',
    'process/ports',
    'process/rights-ports',
    'process/guard/find-run',
    'process/guard/project-key',
    'process/guard/run-guard',
    'process/spawn/background',
    'process/spawn/own-program',
    'process/surroundings/signal-meaning',
    'process/surroundings/tell-surroundings',
    'process/terminal/run-command',
    'process/usage-ports',
  ],
};

/** Only types may come from these: what they name is handed in by the composition root. */
const TYPES_ONLY = new Set([
  'process/files/identity',
  'process/spawn/find-trouble',
  'process/machine/finding',
  'process/ports',
  'process/rights/asked-rights',
  'process/guard/find-run',
  'process/guard/run-guard',
  'process/spawn/background',
  'process/spawn/own-program',
  'process/terminal/run-command',
  'process/rights-ports',
  'process/usage-ports',
]);

/**
 * What a big room consists of, its folders and single files, lowest first: an import leads to what stands before. What is
 * missing here has no place in its room.
 */
const INSIDE: Readonly<Record<string, readonly string[]>> = {
  concurrency: ['kernel', 'primitives', 'patterns', 'tasks', 'index'],
  engine: [
    'ports',
    'service',
    'shutdown',
    'requests',
    'run',
    'instance',
    'life',
    'generation',
    'outcome',
    'supervise',
  ],
  'concurrency/kernel': ['checks', 'errors', 'clock', 'scope', 'wait', 'task', 'testing'],
  config: [
    'rights-types',
    'hook-types',
    'duration',
    'diagnostics',
    'env-from-types',
    'types',
    'read-text',
    'find-files',
    'variables',
    'shell',
    'yaml',
    'schema',
    'files',
    'resolve',
    'load-config',
  ],
  conditions: ['probe', 'kinds', 'health', 'create-readiness-probe', 'create-health-check'],
  control: ['protocol', 'picture', 'server', 'openapi', 'client'],
  output: [
    'ticker',
    'time-of-day',
    'output',
    'writers',
    'lines',
    'log-files',
    'json',
    'terminal',
    'timeline',
  ],
  'output/timeline': [
    'timeline',
    'xml',
    'axis',
    'ticks',
    'record',
    'paths',
    'describe-lane',
    'describe-path',
    'svg',
    'html',
    'text',
  ],
  preflight: [
    'machine',
    'preflight',
    'file-clashes',
    'unwritable-files',
    'missing-command',
    'start-warnings',
  ],
  process: [
    'rights-ports',
    'ports',
    'usage-ports',
    'native',
    'own-children',
    'will-supervise',
    'thrift',
    'exit-now',
    'slices',
    'wall-time',
    'files',
    'tree',
    'orphans',
    'helper',
    'pipes',
    'surroundings',
    'spawn',
    'cgroup',
    'guard',
    'rights',
    'notify',
    'pty',
    'machine',
    'terminal',
    'sockets',
    'usage',
    'network',
    'commands',
    'instance',
  ],
  'process/tree': [
    'proc',
    'signals',
    'members',
    'table',
    'describe-survivor',
    'until-gone',
    'process-tree',
    'process-group',
    'cell-tree',
    'claim-strays',
    'leftovers',
    'end-hooks',
  ],
};

const PACKAGE_HOMES: Readonly<Record<string, string>> = {
  chalk: 'output',
  commander: 'cli',
  koffi: 'process',
  yaml: 'config',
};

/** Where the real ports are put together. */
const ROOTS = /^(?:main|open-system|client|library\/process-system)\.ts$/;

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
  readonly isType: boolean;
}

function sourceFiles(folder = source): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

function importsOf(path: string): Import[] {
  const file = relative(source, path);
  const room = file.includes('/') ? file.slice(0, file.indexOf('/')) : 'main';
  const text = readFileSync(path, 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?[^;]*?from '([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  return [...statements].map(([, type, named, called]) => {
    const specifier = named ?? called ?? '';
    const target = specifier.startsWith('.')
      ? relative(source, resolve(dirname(path), specifier)).replace(/\.ts$/, '')
      : specifier;
    return { file, room, target, isType: type !== undefined };
  });
}

const files = sourceFiles();
const imports = files.flatMap(importsOf);
const local = imports.filter(({ target }) => !target.startsWith('node:') && !(target in PACKAGE_HOMES));

test('imports go one way', () => {
  const offending = local.filter(({ room, target }) => {
    const isRoot = room === 'main' || room === 'client';
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
  const offending = Object.entries(INSIDE).flatMap(([room, order]) => {
    const placeOf = (path: string) => order.indexOf(partOf(room, path));
    return local
      .filter(({ file, target }) => file.startsWith(`${room}/`) && target.startsWith(`${room}/`))
      .filter(
        ({ file, target }) =>
          placeOf(file) === -1 || placeOf(target) === -1 || placeOf(target) > placeOf(file),
      )
      .map(({ file, target }) => `${file} -> ${target}`);
  });
  assert.deepEqual(offending, []);
});

test('no circle of files in the whole house, types included', () => {
  const edges = local.map(({ file, target }) => [file.replace(/\.ts$/, ''), target] as const);
  assert.deepEqual(circleIn(edges) ?? [], []);
});

test('the lists of rooms and files name what there is', () => {
  const gone = Object.entries(INSIDE).flatMap(([room, parts]) =>
    parts
      .map((part) => join(source, room, part))
      .filter((path) => !existsSync(path) && !existsSync(`${path}.ts`))
      .map((path) => relative(source, path)),
  );
  assert.deepEqual(gone, []);
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
    ({ target }) => !target.startsWith('node:') && !/^[a-z-]+\/|^main$|^open-system$|^client$/.test(target),
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
    /^(?:main|open-system|client\.|library\/(?:surroundings|process-system)|process\/|output\/(?:ticker|time-of-day|writers\/|log-files\/writer)|control\/server\/serve|concurrency\/(?:kernel\/clock\/system-clock|patterns\/system-signals))/;
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

/** The folder or the file of a room that a path in it belongs to. */
function partOf(room: string, path: string): string {
  return path.slice(room.length + 1).replace(/(?:\/.*|\.ts)$/, '');
}

/** Some files each of which leads to the next, and the last to the first; undefined: there are none. */
function circleIn(edges: readonly (readonly [string, string])[]): readonly string[] | undefined {
  const targets = new Map<string, string[]>();
  for (const [from, to] of edges) targets.set(from, [...(targets.get(from) ?? []), to]);
  const done = new Set<string>();
  const search = (file: string, above: readonly string[]): readonly string[] | undefined => {
    if (above.includes(file)) return above.slice(above.indexOf(file));
    if (done.has(file)) return undefined;
    done.add(file);
    for (const target of targets.get(file) ?? []) {
      const circle = search(target, [...above, file]);
      if (circle !== undefined) return circle;
    }
    return undefined;
  };
  for (const file of targets.keys()) {
    const circle = search(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

/** Without comments and string literals. */
function codeOnly(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\/\/.*$/gm, '')
    .replaceAll(/'[^'\n]*'/g, "''");
}

test('a comment names no file of ours that is not there', () => {
  const files = sourceFiles();
  const there = new Set(files.map((file) => file.split('/').at(-1)));
  const dead = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/`([a-z-]+\.ts)`/g)]
      .filter(([, name]) => !there.has(name))
      .map(([, name]) => `${relative(source, file)}: ${name}`),
  );
  assert.deepEqual(dead, []);
});

test('the helper stays a small program', () => {
  const lines = readdirSync(join(source, 'native'))
    .filter((name) => name.endsWith('.c'))
    .map((name) => readFileSync(join(source, 'native', name), 'utf8').split('\n').length - 1);
  const all = lines.reduce((sum, count) => sum + count, 0);
  assert.ok(lines.length > 3 && all <= 1000, `${all} lines`);
});
