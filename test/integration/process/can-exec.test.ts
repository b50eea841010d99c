import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canExec } from '../../../src/process/spawn/command-argv.ts';

const simple = [
  'node api.js',
  './server --port 8080',
  '/usr/bin/env node server.js',
  'python3.11 -m http.server',
  `node -e 'process.exit(1) && $(x) > y'`,
  'node "a b" "say \\"hi\\" to $USER" c\\ d',
  'server --url=http://localhost:$PORT/?a=1,b',
  'server ${HOME} *.conf [ab].txt ~/x {a,b} !',
  'java -Xmx1g -jar app.jar',
  'g++ x.cc',
  'node "two\nlines"',
];

const doubtful = [
  '',
  'a && b',
  'a || b',
  'a; b',
  'a | b',
  'a &',
  'a > file',
  'a < file',
  'a 2>&1',
  '(a)',
  '{ a; }',
  'a\nb',
  'a # comment',
  'a `b`',
  'a $(b)',
  'a "$(b)"',
  'a "`b`"',
  'a ${b:-$(c)}',
  'a $((1+1))',
  'A=1 node x',
  '$CMD x',
  '"node" x',
  '~/bin/x',
  'no"de" x',
  'node "unfinished',
  "node 'unfinished",
  'node unfinished\\',
  'a \\\nb',
  '! a',
  'if true',
  'for x in a',
  'while x',
  'cd /tmp',
  'exec node',
  'exit 3',
  'echo hi',
  'test -f x',
  '[ -f x ]',
  'true',
  ': x',
  '. ./env',
  'source env',
  'trap x TERM',
  'export A=b',
  'time node x',
  '-x',
  '7',
];

for (const script of simple) {
  test(`executed in place of the shell: ${JSON.stringify(script)}`, () =>
    assert.equal(canExec(script), true));
}

for (const script of doubtful) {
  test(`left to the shell: ${JSON.stringify(script)}`, () => assert.equal(canExec(script), false));
}

test('a long script is decided without going back and forth', () => {
  assert.equal(canExec(`node ${'$variable '.repeat(20_000)};`), false);
  assert.equal(canExec(`node "${'$variable '.repeat(20_000)}`), false);
});
