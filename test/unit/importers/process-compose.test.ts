/** process-compose files: what they mean is what is written, and what is lost is told at its line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf, fixture, imported, lossesOf } from './lab.ts';

test('a stack whose processes wait for each other', async () => {
  const { config, text } = await fixture('process-compose/stack.yaml', { format: 'process-compose' });
  const [store, seed, api, docs] = config.services;
  // A line of the log is plain text there, and a pattern here.
  assert.ok(store?.ready?.kind === 'log' && new RegExp(store.ready.pattern).test('Store (v1.0) ready [*]'));
  assert.ok(store.ready.kind === 'log' && !new RegExp(store.ready.pattern).test('Store (v1x0) ready *'));
  assert.equal(store.ready.withinMs, undefined);
  assert.deepEqual([store.stop.signal, store.stop.graceMs], ['SIGINT', 4_000]);
  assert.deepEqual([seed?.type, seed?.restart.policy], ['task', 'no']);
  assert.deepEqual([api?.restart.policy, api?.restart.max, api?.restart.delayMs], ['on-failure', 3, 2_000]);
  assert.deepEqual(docs?.profiles, ['disabled']);
  assert.doesNotMatch(text, /on_end/);
});

test('a test run that ends with its tests', async () => {
  const { config, text } = await fixture('process-compose/tests.yaml', { format: 'process-compose' });
  const [database, tests, nightly] = config.services;
  assert.deepEqual([database?.onFailure, tests?.onFailure], ['ignore', 'shutdown']);
  // It goes to the background, and a command takes it down.
  const run = { kind: 'shell', script: 'pg_ctl stop -D data' };
  assert.deepEqual(database?.command, { kind: 'external' });
  assert.deepEqual(database?.before, [{ kind: 'shell', script: 'pg_ctl start -D data' }]);
  assert.deepEqual(database?.cleanup, [{ run, timeoutMs: 15_000 }]);
  assert.equal(tests?.terminal, true);
  assert.match(text, /^ {2}tests:\n(?: {4}.*\n)* {4}on_end: shutdown$/m);
  // It would start at once, again and again.
  assert.deepEqual(nightly?.profiles, ['scheduled']);
});

test('what a shell fills in stays its own, and the rest is filled in before', async () => {
  const text =
    'processes:\n  a:\n    command: echo $A ${B} $$C\n    environment: ["X=$A ${B} $$C"]\n    working_dir: ./${B}\n';
  const [a] = (await configOf(await imported('process-compose.yaml', text), { env: { A: 'a', B: 'b' } }))
    .services;
  assert.deepEqual(a?.command, { kind: 'shell', script: 'echo $A b $C' });
  assert.deepEqual([a?.env.X, a?.cwd], ['a b $C', '/shop/b']);
});

test('a condition, a policy or a probe that is not known is told', async () => {
  const text =
    'processes:\n  a:\n    command: x\n    availability: { restart: sometimes, exit_on_skipped: true }\n    readiness_probe: { grpc: 1 }\n' +
    '  b:\n    depends_on: { a: { condition: process_perhaps } }\n    colour: red\n';
  const told = lossesOf(await imported('process-compose.yaml', text));
  assert.deepEqual(
    told.map((one) => one.split(' ').slice(0, 4).join(' ')),
    [
      '4 "sometimes" is no',
      '4 "exit_on_skipped" of "a"',
      '5 "readiness_probe" of "a"',
      '6 "b" has no',
      '7 The condition "process_perhaps"',
      '8 "colour" of "b"',
    ],
  );
});
