import assert from 'node:assert/strict';
import test from 'node:test';
import { closest } from '../../../../src/config/diagnostics/closest.ts';

const KEYS = [
  'command',
  'cleanup',
  'cwd',
  'env',
  'env_file',
  'ready',
  'restart',
  'stop',
  'depends_on',
  'Timeout',
];

const CASES: readonly (readonly [string, string | undefined])[] = [
  ['comand', 'command'],
  ['commadn', 'command'],
  ['raedy', 'ready'],
  ['dependson', 'depends_on'],
  ['depend_on', 'depends_on'],
  ['CWD', 'cwd'],
  ['timeout', 'Timeout'],
  ['en', 'env'],
  ['', undefined],
  ['zzz', undefined],
  ['volumes', undefined],
];

for (const [word, wanted] of CASES) {
  test(`the word closest to "${word}" is ${wanted ?? 'none'}`, () => {
    assert.equal(closest(word, KEYS), wanted);
  });
}

test('of two words that are equally near the first one is taken', () => {
  assert.equal(closest('stap', ['stop', 'step']), 'stop');
});
