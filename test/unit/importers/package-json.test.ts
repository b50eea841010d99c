/** The scripts of a package: concurrently, npm-run-all, turbo. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf, fixture, imported, refusal } from './lab.ts';

const PATH = { PATH: '/bin' };

test('concurrently with names, a pattern of scripts and --kill-others', async () => {
  const { services, text } = await fixture('package-json/package.json', { env: PATH });
  assert.deepEqual(services, ['web', 'api', 'css']);
  assert.equal(text.match(/on_end: shutdown/g)?.length, 3);
});

test('npm-run-all: one after the other, then side by side', async () => {
  const { config } = await fixture('package-json/run-all.json', { format: 'package-json' });
  assert.deepEqual(
    config.services.map(({ name, type, dependsOn }) => [
      name,
      type,
      dependsOn.map(({ service, condition }) => `${service} ${condition}`),
    ]),
    [
      ['clean', 'task', []],
      ['build-js', 'task', ['clean completed']],
      ['build-css', 'task', ['build-js completed']],
      ['watch-js', 'service', ['build-css completed']],
      ['watch-css', 'service', ['build-css completed']],
      ['serve-web', 'service', ['build-css completed']],
    ],
  );
});

test('concurrently that tries again, and what it does that we do not', async () => {
  const { config } = await fixture('package-json/tries.json', { format: 'package-json', env: PATH });
  assert.deepEqual(
    config.services.map(({ name }) => name),
    ['server', 'server-2', 'js'],
  );
  assert.ok(config.services.every(({ onFailure, restart }) => onFailure === 'isolate' && restart.max === 3));
});

test('turbo stays one service, and is told', async () => {
  const { services } = await fixture('package-json/turbo.json', { format: 'package-json' });
  assert.deepEqual(services, ['dev']);
});

test('what follows when one of them ends is what the options say', async () => {
  for (const [command, pattern] of [
    ['concurrently a b', /on_failure: isolate/],
    ['concurrently -k a b', /on_end: shutdown/],
    ['concurrently --kill-others-on-fail a b', /^(?!.*on_)/s],
    ['concurrently --kill-signal SIGKILL --kill-timeout 2000 a b', /stop: \{ signal: SIGKILL, grace: 2s \}/],
    [
      'concurrently --restart-tries -1 --restart-after exponential a b',
      /restart: \{ policy: on-failure, max: 0 \}/,
    ],
    ['run-p a b', /^(?!.*on_)/s],
    ['run-p -r a b', /on_end: shutdown/],
    ['run-p -c a b', /on_failure: isolate/],
  ] as const) {
    const scripts = { a: 'x', b: 'y', dev: command };
    const good = await imported('package.json', JSON.stringify({ scripts }));
    assert.match(good.text, pattern, command);
    await configOf(good, { env: PATH });
  }
});

test('a package that starts nothing, or is no JSON, is a sentence', async () => {
  assert.match((await refusal('package.json', '{"scripts":{"test":"x"}}'))[0]!, /there is no service in it/);
  assert.match((await refusal('package.json', '{"scripts":'))[0]!, /^Cannot import "package\.json": /);
  assert.equal((await imported('package.json', '{"scripts":{"start":"node ."}}')).services[0], 'start');
});
