/**
 * Whatever the configuration and its files of variables hold, `check` says what is wrong and ends with 0 or 2: it neither
 * throws nor hangs, and nothing of what it prints can do anything to a terminal.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { check } from '../../../../src/cli/check/check.ts';
import type { CheckDocument } from '../../../../src/cli/check/document.ts';
import type { World } from '../../../../src/cli/world.ts';
import { assertAsyncProperty } from '../../../support/assert-property.ts';
import { repositoryRoot } from '../../../support/repository-root.ts';

const UNFIT = /[^\P{Cc}\n]|[\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufeff]/u;
const RUNS = Number(process.env.PROPERTY_RUNS ?? 300);

interface Checked {
  readonly status: number;
  /** All of it, and what of it was asked for. */
  readonly said: string;
  readonly printed: string;
}

async function checked(file: Uint8Array, env: Uint8Array, output?: 'json'): Promise<Checked> {
  let said = '';
  let printed = '';
  const world: Partial<World> = {
    cwd: '/project',
    env: { HOME: '/root', PORT: '80' },
    isInit: false,
    readFile(path) {
      if (path === '/project/supervisor.yaml') return file;
      if (/env$/.test(path)) return env;
      throw Object.assign(new Error('missing'), { code: 'ENOENT' });
    },
    print(text) {
      said += text;
      printed += text;
      return undefined;
    },
    complain(text) {
      said += `${text}\n`;
    },
    surroundings: { kind: 'machine', text: 'a machine: 28 s', budgetMs: 28_000 },
    untilMountAnswers: async () => undefined,
    fileIdentity: () => undefined,
    whyNotWritten: () => undefined,
    descriptorIdentity: () => undefined,
    findTrouble: () => [],
    findPortHolder: async () => undefined,
    resolveRights: async (asked) => asked.map(() => ({ kind: 'troubles', troubles: [] }) as never),
    whyNoSystemdNotify: async () => undefined,
    openFilesLimit: () => undefined,
    mayEnter: async () => true,
  };
  const { status } = await check(world as World, [], {
    file: ['supervisor.yaml'],
    ...(output && { output }),
  });
  return { status, said, printed };
}

async function assertFine(file: Uint8Array, env: Uint8Array = Buffer.from('A=1\n')): Promise<void> {
  const { status, said } = await checked(file, env);
  assert.ok(status === 0 || status === 2, String(status));
  assert.notEqual(said, '');
  assert.doesNotMatch(said, UNFIT);
}

/** Programs are told the same, in one document. */
async function assertTold(file: Uint8Array, env: Uint8Array): Promise<void> {
  const { status, said, printed } = await checked(file, env, 'json');
  const document = JSON.parse(printed) as CheckDocument;
  assert.equal(said, printed);
  assert.deepEqual([document.status, status], [status, (await checked(file, env)).status]);
  assert.doesNotMatch(printed, UNFIT);
}

const root = repositoryRoot();
const real = [
  join(root, 'supervisor.yaml.example'),
  ...readdirSync(join(root, 'examples')).map((name) => join(root, 'examples', name, 'supervisor.yaml')),
].flatMap((path) => {
  try {
    return [readFileSync(path, 'utf8')];
  } catch {
    return []; // an example without a configuration
  }
});

const scraps = [
  ...[
    '\t',
    '\r',
    '\r\n',
    '\n',
    '\n  ',
    ' ',
    '\u2028',
    '\u00a0',
    '\ufeff',
    '\0',
    '\x1b[31m',
    '\x85',
    '\ud800',
    '\u202e',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    ': ',
    '- ',
    '? ',
    '&a ',
    '*a',
    '<<: *a',
    '!!binary ',
    '!x ',
    '|',
    '>-',
    '"',
    "'",
    '#',
    '---\n',
    '%YAML 1.1\n',
  ],
  ...[
    '${',
    '${A:-${B:-',
    '}',
    '$$',
    '${db.port}',
    '${a.b}',
    '${HOME}',
    '$',
    '`',
    '\\',
    "'${a.b}'",
    'sh -c "${a.b}"',
  ],
  ...[
    '~',
    'null',
    '1e999',
    '-0',
    '0x1F',
    '.nan',
    '99999999999999999999h',
    '1ms',
    'true',
    '2001-01-01',
    '__proto__',
    'constructor',
  ],
  ...[
    'services:\n',
    'depends_on: [',
    'env: { ',
    'env_file: x.env\n',
    'command: ',
    'ready: { log: "(" }',
    'defaults: ',
    'type: task',
  ],
];

const KEYS = [
  'services',
  'defaults',
  'env',
  'a',
  'b',
  'command',
  'depends_on',
  'ready',
  'health',
  'stop',
  'restart',
  'log',
  'cleanup',
  'type',
  'on_failure',
  'tcp',
  'exec',
  'all',
  'within',
  'grace',
  'signal',
  'file',
  '__proto__',
  'constructor',
  'toString',
  'valueOf',
  'toJSON',
  'length',
  'then',
  '<<',
  'x-y',
  '',
];
const { node } = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom<unknown>(
      null,
      true,
      -1,
      0,
      5,
      1.5,
      1e300,
      'a',
      'b',
      'x ${b.port}',
      '${PORT}',
      '5s',
      '9999999h',
      'task',
      'SIGTERM',
      '',
      '((',
      '\0',
      '\x1b',
    ),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('node'), { maxKeys: 5 }),
  ),
}));

test('a document of random maps, lists and scalars is checked', async () => {
  const document = fc.dictionary(fc.constantFrom('a', 'b', 'constructor'), node, { minKeys: 1, maxKeys: 3 });
  await assertAsyncProperty(
    fc.asyncProperty(document, node, async (services, more) => {
      const rest = typeof more === 'object' && more !== null && !Array.isArray(more) ? more : {};
      await assertFine(Buffer.from(JSON.stringify({ ...rest, services })));
    }),
    { numRuns: RUNS },
  );
});

test('a real document in which anything is changed is checked', async () => {
  const change = fc.record({ at: fc.nat(), cut: fc.nat(12), put: fc.constantFrom('', ...scraps) });
  await assertAsyncProperty(
    fc.asyncProperty(
      fc.constantFrom(...real),
      fc.array(change, { minLength: 1, maxLength: 6 }),
      async (text, changes) => {
        let changed = text;
        for (const { at, cut, put } of changes) {
          const from = at % (changed.length + 1);
          changed = changed.slice(0, from) + put + changed.slice(from + cut);
        }
        await assertFine(Buffer.from(changed), Buffer.from(changed));
        await assertTold(Buffer.from(changed), Buffer.from(changed));
      },
    ),
    { numRuns: RUNS },
  );
});

test('scraps of syntax, and bytes that are no text, are checked', async () => {
  const texts = fc
    .array(fc.constantFrom(...scraps), { maxLength: 30 })
    .map((some) => Buffer.from(some.join('')));
  const bytes = fc.oneof(
    texts,
    fc.uint8Array({ maxLength: 200 }),
    texts.map((text) => Buffer.from(text.toString(), 'utf16le')),
  );
  const config = Buffer.from('env_file: x.env\nservices: { a: { command: "${PORT} ${NOT_SET:-x}" } }\n');
  await assertAsyncProperty(
    fc.asyncProperty(bytes, async (some) => {
      await assertFine(some);
      await assertFine(config, some);
    }),
    { numRuns: RUNS },
  );
});

test('keys that are made of anything are checked', async () => {
  const scalars = [
    '-0',
    '0x1F',
    '1.10',
    'TRUE',
    '.nan',
    '1e999',
    '~',
    '2001-01-01',
    '"x"',
    '!!str 1',
    '&k 1',
    '*k',
  ];
  const keys = (scalar: string) => [
    scalar,
    `[${scalar}]`,
    `[a, [${scalar}]]`,
    `{ a: ${scalar} }`,
    `{ [${scalar}]: ${scalar} }`,
    `a: ${scalar}`,
    `- ${scalar}`,
    `&k [${scalar}]`,
    `!!set { ${scalar} }`,
    `!!omap [a: ${scalar}]`,
  ];
  for (const key of scalars.flatMap(keys)) {
    for (const text of [
      `? ${key}\n`,
      `? ${key}\n: *k\n`,
      `services:\n  ? ${key}\n  : { command: a }\n`,
      `a: { ? ${key} : 1 }\n`,
    ])
      await assertFine(Buffer.from(text));
  }
});

test('maps that have the names of methods as keys are checked, wherever something else is wanted', async () => {
  const names = ['valueOf', 'toJSON', 'length', 'then', 'constructor', '__proto__', 'hasOwnProperty', 'map'];
  const whole: unknown = parse(readFileSync(join(root, 'supervisor.yaml.example'), 'utf8'));
  for (const [at, path] of placesIn(whole).entries()) {
    for (const name of ['toString', names[at % names.length]!]) {
      const text = JSON.stringify(replaced(whole, path, { [name]: null }));
      await assertFine(Buffer.from(text));
    }
  }
});

type Path = readonly (string | number)[];

function placesIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((inner, at) => (String(at) === key ? replaced(inner, rest, by) : inner));
  const map = value as Record<string, unknown>;
  return { ...map, [key]: replaced(map[key], rest, by) };
}

const many = (count: number, entry: (index: number) => string): string =>
  `services:\n${Array.from({ length: count }, (_, index) => `  s${index}: ${entry(index)}\n`).join('')}`;

const large: readonly [what: string, text: string][] = [
  ['brackets', '['.repeat(100_000)],
  ['lists in lists', '- '.repeat(50_000)],
  ['maps in maps', Array.from({ length: 2_000 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
  [
    'aliases of aliases',
    `a: &a [x,x,x,x,x]\n${[...'bcdefghij'].map((name, at) => `${name}: &${name} [${`*${'abcdefghij'[at]},`.repeat(5)}]\n`).join('')}`,
  ],
  ['an anchor in itself', 'a: &a [*a]\n'],
  ['defaults in defaults', many(1, () => `{ command: '${'${A:-'.repeat(10_000)}${'}'.repeat(10_000)}' }`)],
  ['values', many(1, () => `{ command: '${'${a.b}'.repeat(20_000)}' }`)],
  ['a long text', many(1, () => `{ command: "${'x '.repeat(2_000_000)}" }`)],
  ['a long key', `${'k'.repeat(1_000_000)}: 1\n`],
  [
    'a wide map',
    many(
      1,
      () =>
        `{ command: x, labels: { ${Array.from({ length: 10_000 }, (_, at) => `k${at}: v`).join(', ')} } }`,
    ),
  ],
  ['tasks', many(3_000, () => '{ command: x, type: task }')],
  [
    'tasks in a chain',
    many(2_000, (at) => `{ command: x, type: task${at > 0 ? `, depends_on: [s${at - 1}]` : ''} }`),
  ],
  [
    'services in a chain',
    many(3_000, (at) => `{ command: x, ready: { file: x }${at > 0 ? `, depends_on: [s${at - 1}]` : ''} }`),
  ],
  ['warnings', many(2_000, (at) => `{ command: x${at > 0 ? ', depends_on: [s0]' : ''} }`)],
  ['errors', many(2_000, (at) => `{ comand: x, depends_on: [nobody${at}] }`)],
  [
    'edges',
    many(
      250,
      (at) => `{ command: x, depends_on: [${Array.from({ length: at }, (_, on) => `s${on}`).join(', ')}] }`,
    ),
  ],
  ['a circle', many(1_500, (at) => `{ command: x, depends_on: [s${(at + 1) % 1_500}] }`)],
  [
    'circles',
    many(
      100,
      (at) =>
        `{ command: x, depends_on: [${Array.from({ length: 100 }, (_, on) => on)
          .filter((on) => on !== at)
          .map((on) => `s${on}`)
          .join(', ')}] }`,
    ),
  ],
];

for (const [what, text] of large) {
  test(`${what}: a great many are checked in the time that their number takes`, {
    timeout: 60_000,
  }, async () => {
    await assertFine(Buffer.from(text));
  });
}
