import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFiles } from '../../../src/process/files.ts';
import { programPath } from '../../support/programs.ts';

test('files and folders exist, what is missing or below a file does not', async () => {
  const { exists } = createFiles();
  assert.equal(await exists(programPath('scripted.js')), true);
  assert.equal(await exists('/'), true);
  assert.equal(await exists('/no/such/file'), false);
  assert.equal(await exists(`${programPath('scripted.js')}/below`), false);
  assert.equal(await exists('a\0b'), false);
});
