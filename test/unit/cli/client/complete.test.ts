/**
 * What is proposed while somebody types.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { complete, projectIn } from '../../../../src/cli/client/complete.ts';
import { NoAnswerError } from '../../../../src/control/client/ask.ts';
import { type FakeOutside, fakeClient } from '../../../support/fake-client.ts';

async function proposed(outside: FakeOutside, kind: string, ...words: readonly string[]): Promise<string[]> {
  const client = fakeClient(outside);
  assert.equal((await complete(client.world, [kind, ...words])).status, 0);
  assert.deepEqual(client.complained, []);
  return client.printed.join('').split('\n').slice(0, -1);
}

const file = 'services: { db: { labels: { tier: data, size: 1.10 } }, api: ~ }';
const more = 'services: { db: ~, web: { command: &x y, labels: { team: web } } }';

suite('what is proposed', () => {
  test('the services of the run, and those that they are replicas of', async () => {
    const services = [
      { service: 'db', labels: { tier: 'data' } },
      { service: 'web-1', replica_of: 'web' },
      { service: 'web-2', replica_of: 'web' },
    ];
    const answers = { '/v1/services': { now_ms: 0, seq: 0, services } };
    assert.deepEqual(await proposed({ answers }, 'services'), ['db', 'web-1', 'web', 'web-2']);
    assert.deepEqual(await proposed({ answers }, 'labels'), ['tier', 'tier=data']);
  });

  test('without an answer those of the files, later ones over earlier ones', async () => {
    const files = { '/shop/supervisor.yaml': file, '/shop/more.yaml': more };
    const silent = { files, answers: { '/v1/services': new NoAnswerError('it was silent') } };
    assert.deepEqual(await proposed(silent, 'services'), ['db']);
    const both = ['up', '-f', 'supervisor.yaml', '--file=more.yaml'];
    assert.deepEqual(await proposed({ files, runs: [] }, 'services', ...both), ['web']);
    assert.deepEqual(await proposed({ files, runs: [] }, 'labels'), [
      'tier',
      'tier=data',
      'size',
      'size=1.10',
    ]);
    assert.deepEqual(await proposed({ files: {}, runs: [] }, 'services'), []);
  });
});

test('scripts of the package, as the runner that is typed, or may be meant; of npm where nothing is typed', async () => {
  const files = {
    '/shop/package.json': '{ "scripts": { "dev": "x", "test:e2e": "x", "$(touch harm)": "x" } }',
    '/shop/sub/deno.jsonc': '{ "tasks": { "serve": "x" }, /* more */ }',
  };
  const of = (typed: string, cwd = '/shop/sub') =>
    proposed({ files, cwd, runs: [] }, 'scripts', 'all', '-k', typed);
  assert.deepEqual(await of(''), ['npm:dev', 'npm:test:e2e']);
  assert.deepEqual(await of('npm:d'), ['npm:dev', 'npm:test:e2e']);
  assert.deepEqual(await of('n'), ['npm:dev', 'npm:test:e2e', 'node:dev', 'node:test:e2e']);
  assert.deepEqual(await of('"'), ['npm:dev', 'npm:test:e2e']);
  assert.deepEqual(await of("'pnpm:d"), ['pnpm:dev', 'pnpm:test:e2e']);
  assert.deepEqual(await of('pnpm:'), ['pnpm:dev', 'pnpm:test:e2e']);
  assert.deepEqual(await of('deno:s'), ['deno:serve', 'deno:dev', 'deno:test:e2e']);
  assert.deepEqual(await of('php art'), []);
  assert.deepEqual(await of('npm:', '/elsewhere'), []);
});

test('which project the words mean is told by its options, wherever they stand', () => {
  const none = { file: [], project: undefined };
  assert.deepEqual(projectIn([]), none);
  assert.deepEqual(projectIn(['-f', 'a', 'up', '--file=b', '--file', '=', 'c', '-f']), {
    file: ['a', 'b', 'c'],
    project: undefined,
  });
  assert.deepEqual(projectIn(['logs', '-f', 'api', '--project', 'shop']), { file: [], project: 'shop' });
  assert.deepEqual(projectIn(['--profile', 'logs', 'ps', '-f', 'x']), { file: ['x'], project: undefined });
  assert.deepEqual(projectIn(['run', '--', 'x', '-f', 'y']), none);
});
