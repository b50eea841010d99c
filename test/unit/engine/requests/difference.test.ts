/**
 * What of a definition needs another instance.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differenceOf } from '../../../../src/engine/requests/difference.ts';
import { sampleService } from '../../../support/sample-config.ts';

test('its standard streams are given with an instance: other ones need another', () => {
  const plain = sampleService('a');
  for (const [key, other] of [
    ['stdin', sampleService('a', { stdin: 'open' })],
    ['terminal', sampleService('a', { terminal: true })],
  ] as const) {
    assert.deepEqual(differenceOf(plain, other), { keys: [key], class: 'restart' });
    assert.deepEqual(differenceOf(other, plain), { keys: [key], class: 'restart' });
    assert.equal(differenceOf(other, { ...other }), undefined);
  }
});
