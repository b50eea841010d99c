/**
 * Where a path of the control socket leads.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findRoute, ROUTES } from '../../../src/control/server/routes.ts';

/** In short: the path of the route with its words, the methods that are allowed, or nothing. */
function found(method: string, path: string): unknown {
  const result = findRoute(method, path);
  if (result.kind === 'found') return [result.route.path, { ...result.path }];
  return result.kind === 'wrong-method' ? result.allowed : undefined;
}

suite('routes', () => {
  test('each leads to itself, and to no other one', () => {
    for (const route of ROUTES) {
      const result = findRoute(route.method, route.path.replace(/\{\w+\}/g, 'x'));
      assert.equal(result.kind === 'found' && result.route, route);
    }
  });

  test('a word of the path is decoded, whatever it is', () => {
    assert.deepEqual(found('GET', '/v1/services/web-1/why'), ['/v1/services/{name}/why', { name: 'web-1' }]);
    assert.deepEqual(found('GET', '/v1/services/a%2Fb%20%C3%A4/why'), [
      '/v1/services/{name}/why',
      { name: 'a/b ä' },
    ]);
    assert.deepEqual(found('GET', '/v1/requests/__proto__'), ['/v1/requests/{id}', { id: '__proto__' }]);
    assert.deepEqual(found('GET', '/v1/requests/'), ['/v1/requests/{id}', { id: '' }]);
  });

  test('what is not there leads nowhere', () => {
    for (const path of [
      '',
      '/',
      '/v1',
      '/v1/run/',
      '//v1/run',
      '/V1/run',
      '/v1/services/a/b/why',
      '/v1/services/%ff/why',
      '/v1/services/%/why',
      '/constructor',
    ])
      assert.equal(found('GET', path), undefined, path);
  });

  test('what is there for another method is told of', () => {
    assert.deepEqual(found('POST', '/v1/run'), ['GET']);
    assert.deepEqual(found('GET', '/v1/requests'), ['POST']);
    assert.deepEqual(found('DELETE', '/v1/down'), ['POST']);
    assert.deepEqual(found('get', '/v1/run'), ['GET']);
  });
});
