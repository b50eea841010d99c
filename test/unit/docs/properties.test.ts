/**
 * Every property of the suite is asserted in the one way that prints its seed and keeps it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../../support/repository-root.ts';
import { trackedTexts } from '../../support/tracked-texts.ts';

test('no property is asserted by fast-check itself', () => {
  const own = new Set(['test/support/assert-property.ts', 'test/unit/docs/properties.test.ts']);
  const direct = trackedTexts()
    .filter((path) => path.startsWith('test/') && path.endsWith('.ts') && !own.has(path))
    .filter((path) => /\bfc\.(?:assert|check)\(/.test(readFileSync(join(repositoryRoot(), path), 'utf8')));
  assert.deepEqual(direct, []);
});
