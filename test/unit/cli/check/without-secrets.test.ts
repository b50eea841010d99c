import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutSecrets } from '../../../../src/cli/check/without-secrets.ts';
import { diagnosticAt } from '../../../../src/config/diagnostics/diagnostic.ts';

const variables = new Map([
  ['WORD', 'sesame'],
  ['PORT', '5432'],
  ['SHOP', 'the-shop'],
  ['HOME', '/home/me'],
  ['API_TOKEN', 'abcd'],
  ['JWT_KEY', 'x'.repeat(80)],
]);
const inherited = { HOME: '/home/me', API_TOKEN: 'abcd' };

function told(message: string, hint?: string): string {
  const known = new Set(['the-shop']);
  const [safe] = withoutSecrets([diagnosticAt(undefined, message, hint)], { variables, inherited, known });
  return [safe?.message, safe?.hint].filter((text) => text !== undefined).join(' | ');
}

test('a value of a file of variables is secret, and what is inherited by its name alone', () => {
  assert.equal(told('but is "sesame"', 'Write sesame'), 'but is "***" | Write ***');
  assert.equal(told('but is "abcd"'), 'but is "***"');
  assert.equal(told('no folder "/home/me/x"'), 'no folder "/home/me/x"');
});

test('what is too short, and names of services, are none', () => {
  assert.equal(told('port 5432 of "the-shop"'), 'port 5432 of "the-shop"');
});

test('what was cut off in the middle of a secret shows nothing of it', () => {
  assert.equal(told(`but is "${'x'.repeat(59)}…"`), 'but is "***…"');
});

test('the password of a URL is masked, wherever it is from', () => {
  assert.equal(told('cannot ask http://me:open@h/'), 'cannot ask http://me:***@h/');
});
