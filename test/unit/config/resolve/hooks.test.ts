/**
 * The keys `on` and `on_hangup`: commands and webhooks, of services, of all services, and of the whole graph.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { Hook } from '../../../../src/config/hook-types.ts';
import { quickYaml } from '../../../../src/config/yaml/quick/quick-yaml.ts';
import { badConfig, goodConfig, goodService, places } from '../load.ts';

const HOOKS: Readonly<Record<string, Hook>> = {
  './tell.sh': { kind: 'command', run: { kind: 'shell', script: './tell.sh' }, timeoutMs: 10_000 },
  '[sleep, 5, true]': {
    ...{ kind: 'command', run: { kind: 'exec', argv: ['sleep', '5', 'true'] }, timeoutMs: 10_000 },
  },
  '{ run: [a], timeout: 2s }': { kind: 'command', run: { kind: 'exec', argv: ['a'] }, timeoutMs: 2_000 },
  '{ url: "https://${HOST}/x" }': { kind: 'webhook', url: 'https://example.org/x', timeoutMs: 10_000 },
  '{ url: http://localhost:1, timeout: 500ms }': {
    ...{ kind: 'webhook', url: 'http://localhost:1', timeoutMs: 500 },
  },
};

for (const [written, hook] of Object.entries(HOOKS)) {
  test(`a hook is written ${written}`, async () => {
    const { on } = await goodService(`on: { ready: ${JSON.stringify(parse(written))} }`, {
      env: { HOST: 'example.org' },
    });
    assert.deepEqual(on, { ready: hook });
  });
}

test('nothing is written, and nothing is run', async () => {
  const { on, onHangup, services } = await goodConfig('services: { a: { command: x } }');
  assert.deepEqual([on, onHangup, services[0] && 'on' in services[0]], [{}, 'shutdown', false]);
});

test('of services each event counts by itself, the defaults below it; an empty one takes it away', async () => {
  const config = await goodConfig(`
on: { failed: page }
on_hangup: reload
defaults: { on: { ready: r, failed: f } }
services:
  a: { command: x }
  b: { command: x, on: { failed: g } }
  c: { command: x, on: { ready: null, unhealthy: u } }
  d: { command: x, on: null }
`);
  const scripts = (on: object | undefined) =>
    Object.fromEntries(
      Object.entries((on ?? {}) as Record<string, Hook>).map(([event, hook]) => [
        event,
        hook.kind === 'command' && hook.run.kind === 'shell' && hook.run.script,
      ]),
    );
  assert.deepEqual(scripts(config.on), { failed: 'page' });
  assert.equal(config.onHangup, 'reload');
  assert.deepEqual(
    config.services.map(({ on }) => scripts(on)),
    [{ ready: 'r', failed: 'f' }, { ready: 'r', failed: 'g' }, { failed: 'f', unhealthy: 'u' }, {}],
  );
});

test('"on" is a key like any other, in the quick reader and in the slow one', () => {
  for (const text of [
    'on: { ready: x }\n',
    'on:\n  ready: "on"\n  failed: on\n',
    'a: { on: { failed: off } }\n',
  ]) {
    const quick = quickYaml(text);
    assert.notEqual(quick, undefined, 'it is plain enough');
    assert.deepEqual(quick, parse(text));
  }
});

const WRONG: Readonly<Record<string, string>> = {
  '{ redy: x }': '5:7 Unknown key "redy" in "on" of service "a"',
  '{ ready: { run: x, url: "http://x" } }':
    '5:14 "on.ready" of service "a" has "run" and "url", but only one is possible',
  '{ ready: { timeout: 1s } }': '5:14 "on.ready" of service "a" does not say what to do',
  '{ ready: { url: "ftp://x" } }':
    '5:21 "on.ready.url" of service "a" cannot be "ftp://x": it does not start with http:// or https://',
  '{ ready: { url: "http://" } }': '5:21 "on.ready.url" of service "a" cannot be "http://": it is not a URL',
  '{ ready: 5 }':
    '5:14 "on.ready" of service "a" must be a list (executed as it is) or a text (for /bin/sh -c), but is the number 5',
  '{ ready: [] }': '5:14 "on.ready" of service "a" cannot be empty',
  '{ ready: { run: x, timeout: 5 } }':
    '5:33 "on.ready.timeout" of service "a" must be a duration such as 250ms, 2s, 1m30s or 1h, longer than 0, but is the number 5',
  '{ ready: "curl ${b.port}" }':
    '5:14 Cannot use "${b.port}" in "on.ready" of service "a": it must be known before anything is started',
};

for (const [written, wrong] of Object.entries(WRONG)) {
  test(`on: ${written} is wrong, with its place`, async () => {
    const text = `services:\n  b: { command: y }\n  a:\n    command: x\n    on: ${written}\n`;
    const diagnostics = await badConfig(text);
    assert.deepEqual(
      places(diagnostics).map((place) => place.replace(/^5:\d+/, '5:')),
      [wrong.replace(/^5:\d+/, '5:')],
    );
    assert.ok(
      diagnostics.every(
        ({ hint, place }) =>
          place !== undefined && (hint !== undefined || /map|list|start with|not a URL/.test(wrong)),
      ),
    );
  });
}

test('SIGHUP asks for one of two things', async () => {
  const wrong = places(await badConfig('on_hangup: restart\nservices: { a: { command: x } }\n'));
  assert.deepEqual(wrong, ['1:12 "on_hangup" must be "shutdown" or "reload", but is "restart"']);
});
