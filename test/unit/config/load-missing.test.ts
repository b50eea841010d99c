/** What only one service needs of its surroundings, and is not there, is of no concern to the others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../../src/config/load-config.ts';
import { badConfig, places } from './load.ts';

/** What each service misses; or what is wrong with the whole. */
async function missing(services: string, files: Readonly<Record<string, string>> = {}) {
  const all: Readonly<Record<string, string>> = {
    '/shop/supervisor.yaml': `services:\n${services}`,
    ...files,
  };
  const readFile = (path: string): string => {
    const text = all[path];
    if (text === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    return text;
  };
  const read = await readConfig({ files: [], cwd: '/shop', env: { SET: '1' }, readFile });
  if (!read.ok) return places(read.diagnostics);
  return Object.fromEntries([...read.missing].map(([name, diagnostics]) => [name, places(diagnostics)]));
}

const TEXTS: readonly (readonly [entry: string, what: string])[] = [
  [
    'command: "echo ${X}"',
    '3:17 Cannot fill in "${X}" in "command" of service "b": the variable X is not set',
  ],
  [
    'command: ["${X}"]',
    '3:18 Cannot fill in "${X}" in "command[0]" of service "b": the variable X is not set',
  ],
  ['command: "${X:?tell me}"', '3:17 Cannot fill in "${X:?tell me}" in "command" of service "b": tell me'],
  [
    'command: x, env: { A: "${X}" }',
    '3:30 Cannot fill in "${X}" in "env.A" of service "b": the variable X is not set',
  ],
  [
    'command: x, cwd: "${X}"',
    '3:25 Cannot fill in "${X}" in "cwd" of service "b": the variable X is not set',
  ],
  [
    'command: x, env_file: b.env',
    '3:30 Cannot read the environment file "/shop/b.env": there is no such file',
  ],
  // What follows from what is missing is not told besides.
  [
    'command: x, ready: { tcp: "${X}" }',
    '3:34 Cannot fill in "${X}" in "ready.tcp" of service "b": the variable X is not set',
  ],
  [
    'command: x, restart: { max: "${X}" }',
    '3:36 Cannot fill in "${X}" in "restart.max" of service "b": the variable X is not set',
  ],
  [
    'command: x, ready: { http: "${X}" }',
    '3:35 Cannot fill in "${X}" in "ready.http" of service "b": the variable X is not set',
  ],
];

for (const [entry, what] of TEXTS) {
  test(`missing for one service alone: ${entry}`, async () => {
    assert.deepEqual(await missing(`  a: { command: x }\n  b: { ${entry} }\n`), { b: [what] });
  });
}

test('G10 what is wrong, and what shapes the graph, is an error whoever is started', async () => {
  for (const entry of [
    'command: "${X"',
    'command: x, depends_on: ["${X}"]',
    'command: x, profiles: ["${X}"]',
    'command: x, type: "${X}"',
    'command: "${X}", zzz: 1',
  ]) {
    const found = await missing(`  a: { command: x }\n  b: { ${entry} }\n`);
    assert.ok(Array.isArray(found) && found.length > 0, entry);
  }
  assert.ok(Array.isArray(await missing('  a: { command: x }\nenv: { A: "${X}" }\n')));
  assert.ok(Array.isArray(await missing('  a: { command: x }\ndefaults: { cwd: "${X}" }\n')));
});

test('G10 where something is wrong, all that is missing is told in the same round', async () => {
  assert.deepEqual(await missing('  a: { command: x, zzz: 1 }\n  b: { command: "${X}" }\n'), [
    '2:20 Unknown key "zzz" in service "a"',
    '3:17 Cannot fill in "${X}" in "command" of service "b": the variable X is not set',
  ]);
});

test('a program that loads a configuration is told of everything that is missing', async () => {
  const diagnostics = await badConfig('services:\n  a: { command: x }\n  b: { command: "${X}" }\n');
  assert.deepEqual(places(diagnostics), [
    '3:17 Cannot fill in "${X}" in "command" of service "b": the variable X is not set',
  ]);
});
