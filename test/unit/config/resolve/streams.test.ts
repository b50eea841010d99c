/**
 * The keys `stdin` and `terminal`, together and apart.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badConfig, goodConfig, goodService, places, shown } from '../load.ts';

test('a service has no terminal unless it asks for one', async () => {
  assert.equal((await goodService('terminal: true')).terminal, true);
  assert.ok(!('terminal' in (await goodService('terminal: false'))));
  assert.ok(!('terminal' in (await goodService('cwd: .'))));
});

test('for all services too; the nearer one counts', async () => {
  const { services } = await goodConfig(`
defaults: { terminal: true, stdin: open }
services:
  a: { command: x }
  b: { command: x, terminal: false }
  c: { command: x, type: task }
`);
  assert.deepEqual(
    services.map(({ terminal, stdin }) => [terminal, stdin]),
    [
      [true, undefined],
      [undefined, 'open'],
      [true, undefined],
    ],
  );
});

test('G10: what can not be together is said at its place, all at once', async () => {
  const told = await badConfig(`services:
  a: { command: x, terminal: true, stdin: open, log: { file: a.log, direct: true } }
  b: { command: x, terminal: true, log: { direct: true } }
`);
  assert.deepEqual(places(told), [
    '2:43 The stdin of service "a" is its terminal, which stays open: "stdin" says nothing about it',
    '2:77 Service "a" can\'t write to its terminal and, by "log.direct", to its file',
    '3:51 "log.direct" of service "b" needs a file to write to',
  ]);
  assert.match(shown(told), /Remove "stdin", or write "terminal: false"/);
});
