import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrapCommand } from '../../../../src/process/rights/wrap-program.ts';
import type { Rights } from '../../../../src/process/rights-ports.ts';

const rights: Rights = {
  env: {},
  before: ['/bin/nice', '-n', '5'],
  script: 'umask 027',
  ids: undefined,
  uid: undefined,
  who: undefined,
};
const env = { PWD: '/', OLDPWD: '/', SHLVL: '1' };
const options = { argv: ['x', 'a b'], cwd: '/srv', env, path: '/bin/x', reports: false };

test('a command is executed by the last of what stands before it', () => {
  assert.deepEqual(wrapCommand(rights, options), [
    ...['/bin/nice', '-n', '5'],
    ...['/bin/sh', '-c', 'umask 027; exec "$@"', 'sh'],
    ...['x', 'a b'],
  ]);
});

test('without rights it is left as it is', () => {
  assert.deepEqual(wrapCommand({ ...rights, before: [], script: undefined }, options), ['x', 'a b']);
});

test('what the shell adds to the environment is taken away again', () => {
  const [, , , , , script] = wrapCommand(rights, { ...options, env: { SHLVL: '1' } });
  assert.equal(script, 'umask 027; unset PWD OLDPWD; exec "$@"');
});

test('one that reports says that it starts, after it has looked at folder and program', () => {
  const words = wrapCommand(rights, { ...options, reports: true });
  assert.deepEqual(words.slice(6), ['sh', '/srv', '/bin/x', 'x', 'a b']);
  const order = ['umask', '$1/.', 'echo folder', '$2', 'echo program', 'echo started', 'exec 4>&-'];
  const places = order.map((part) => words[5]?.indexOf(part) ?? -1);
  assert.ok(!places.includes(-1));
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
});
