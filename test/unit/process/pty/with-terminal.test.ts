/**
 * The shell that gives a service its rights opens its terminal first.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withTerminal } from '../../../../src/process/pty/own-terminal.ts';
import { whyNone } from '../../../../src/process/pty/pty.ts';
import type { Rights } from '../../../../src/process/rights-ports.ts';

const rights: Rights = {
  env: { HOME: '/home/app' },
  before: ['setpriv', '--reuid', '5'],
  script: 'umask 027',
  ids: undefined,
  direct: { umask: 0o27 },
  uid: 5,
  who: 'user "app"',
};

test('its terminal comes before everything else, and the rest of its rights stay', () => {
  assert.deepEqual(withTerminal(rights, '/dev/pts/7'), { ...rights, script: ': </dev/pts/7; umask 027' });
  assert.equal(withTerminal({ ...rights, script: undefined }, '/dev/pts/7')?.script, ': </dev/pts/7');
  assert.equal(withTerminal({ ...rights, script: '' }, '/dev/pts/7')?.script, ': </dev/pts/7');
  assert.equal(withTerminal(undefined, '/dev/pts/7')?.script, ': </dev/pts/7');
});

test('who can do without a shell still can, and who can not is not taken for one', () => {
  assert.deepEqual(withTerminal(undefined, '/dev/pts/7')?.direct, {});
  assert.equal(withTerminal({ ...rights, direct: undefined }, '/dev/pts/7')?.direct, undefined);
});

test('without a terminal the rights are what they were', () => {
  assert.equal(withTerminal(rights, undefined), rights);
  assert.equal(withTerminal(undefined, undefined), undefined);
});

for (const [code, reason, remedy] of [
  ['ENOSPC', /^all pseudo-terminals of this system are in use$/, /kernel\.pty\.max/],
  ['EMFILE', /^as many files are open as there may be$/, /ulimit -n/],
  ['ENFILE', /^as many files are open as there may be$/, /fs\.file-max/],
  ['ENOENT', /^no pseudo-terminal can be opened \(ENOENT: why\)$/, /mount -t devpts/],
] as const) {
  test(`G10: ${code} is told in words, with a remedy`, () => {
    const told = whyNone(Object.assign(new Error(`${code}: why`), { code }));
    assert.match(told.reason, reason);
    assert.match(told.remedy, remedy);
  });
}
