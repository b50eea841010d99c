import assert from 'node:assert/strict';
import { test } from 'node:test';
import { condition, failed, held, probe } from '../probing.ts';

const url = 'http://localhost:8080/health';
const http = condition({ kind: 'http', url, status: undefined, headers: {}, owner: 'any' });

test('http holds with a status of success', async () => {
  const { reading } = await probe(http, ({ network }) => {
    network.answer(url, { kind: 'accept', status: 503 }, 10);
    network.answer(url, { kind: 'accept', status: 204 }, 40);
  });
  assert.deepEqual(reading, held(`http ${url} 204 after 50 ms`));
});

test('http with a wanted status holds for that one alone', async () => {
  const wanted = condition({ kind: 'http', url, status: 401, headers: {}, owner: 'any' });
  const { reading, atMs } = await probe({ ...wanted, intervalMs: 10 }, ({ network }) => {
    network.answer(url, { kind: 'accept', status: 200 }, 0);
    network.answer(url, { kind: 'accept', status: 401 }, 35);
  });
  assert.deepEqual(reading, held(`http ${url} 401 after 40 ms`));
  assert.equal(atMs, 40);
});

test('the last status is told at the deadline', async () => {
  const { reading } = await probe({ ...http, withinMs: 5_000 }, ({ network }) =>
    network.answer(url, { kind: 'accept', status: 503 }),
  );
  assert.deepEqual(reading, failed(`not ready within 5 s: http ${url}: status 503`));
});

test('url and headers are filled in', async () => {
  const tested = condition({
    kind: 'http',
    url: ['http://localhost:', { service: 'db', value: 'port' }, '/'],
    status: undefined,
    headers: { authorization: ['Bearer ', { service: 'auth', value: 'token' }] },
    owner: 'any',
  });
  // The value that the test fills in makes no URL, and the probe says so without asking.
  const { reading, ports } = await probe(tested);
  assert.deepEqual(
    reading,
    failed('http http://localhost:<db.port>/: not a URL that begins with http:// or https://'),
  );
  assert.equal(ports.network.attempts.length, 0);

  const filled = await probe({ ...tested, kind: 'http', url } as typeof tested, ({ network }) =>
    network.answer(url, { kind: 'accept' }),
  );
  assert.deepEqual(filled.ports.network.attempts[0]?.headers, { authorization: 'Bearer <auth.token>' });
});

test('a password in the URL is sent but not shown', async () => {
  const secret = 'http://admin:hunter2@localhost/';
  const { reading, ports } = await probe(
    condition({ kind: 'http', url: secret, status: undefined, headers: {}, owner: 'any' }),
    ({ network }) => network.answer(secret, { kind: 'accept' }),
  );
  assert.deepEqual(reading, held('http http://admin:***@localhost/ 200 after 0 ms'));
  assert.equal(ports.network.attempts[0]?.target, secret);
});

for (const owner of ['service', 'any'] as const) {
  test(`an answer by another process ${owner === 'any' ? 'holds' : 'does not hold'} where the owner is ${owner}`, async () => {
    const { reading } = await probe({ ...http, owner, withinMs: 2_000 } as typeof http, ({ network }) =>
      network.answer(url, { kind: 'accept', heldBy: 'process 4711 (node old.js)' }),
    );
    const why = `not ready within 2 s: http ${url}: held by process 4711 (node old.js)`;
    assert.deepEqual(reading, owner === 'any' ? held(`http ${url} 200 after 0 ms`) : failed(why));
  });
}
