import assert from 'node:assert/strict';
import test from 'node:test';
import { looksSecret, masked } from '../../../../src/cli/env/mask.ts';

test('a name that looks secret masks the value, unless that is empty', () => {
  for (const name of [
    ...[
      'DB_PASSWORD',
      'password',
      'GITHUB_TOKEN',
      'AWS_SECRET_ACCESS_KEY',
      'apiKey',
      'DB_PASS',
      'CREDENTIALS',
    ],
    ...['SSH_PASSPHRASE', 'MYSQL_PASSWD'],
  ]) {
    assert.ok(looksSecret(name), name);
    assert.equal(masked(name, 'x'), '***');
    assert.equal(masked(name, ''), '');
  }
  for (const name of ['PATH', 'PWD', 'HOME', 'PASSENGER', 'SSH_AUTH_SOCK'])
    assert.ok(!looksSecret(name), name);
});

test('the password in a URL is masked, whatever the name', () => {
  for (const [value, shown] of [
    ['postgres://me:pw@h:5432/x', 'postgres://me:***@h:5432/x'],
    ['redis://:pw@h', 'redis://:***@h'],
    ['a http://u:p@h/ b https://v:q@i/', 'a http://u:***@h/ b https://v:***@i/'],
    ['http://u:p@q@h/', 'http://u:***@h/'],
    ['http://me@h:80/a:b@c', 'http://me@h:80/a:b@c'],
    ['http://h:80/', 'http://h:80/'],
  ] as const)
    assert.equal(masked('URL', value), shown);
});
