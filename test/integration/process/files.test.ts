import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFiles } from '../../../src/process/files/files.ts';
import { programPath } from '../../support/programs.ts';

test('files and folders exist, what is missing or below a file does not', async () => {
  const { find } = createFiles();
  assert.equal(await find(programPath('scripted.js')), 'other');
  assert.equal(await find('/'), 'other');
  assert.equal(await find('/no/such/file'), 'nothing');
  assert.equal(await find(`${programPath('scripted.js')}/below`), 'nothing');
  assert.equal(await find('a\0b'), 'nothing');
});
