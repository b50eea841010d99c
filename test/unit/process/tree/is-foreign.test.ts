import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isForeign } from '../../../../src/process/tree/members/find-leftovers.ts';

const OWN = { PATH: '/bin', HOSTNAME: 'c0ffee', HOME: '/root', TERM: 'xterm' };
const environ = (...entries: string[]) => entries.map((entry) => `${entry}\0`).join('');

const table: readonly [name: string, environ: string, foreign: boolean][] = [
  ['docker exec', environ('PATH=/bin', 'HOSTNAME=c0ffee', 'HOME=/home/app'), true],
  ['docker exec -t -e', environ('PATH=/bin', 'HOSTNAME=c0ffee', 'TERM=dumb', 'DEBUG=1', 'HOME=/root'), true],
  ['a daemon', environ('PATH=/bin', 'HOSTNAME=c0ffee', 'HOME=/root', 'ORDERLY_RUN=1-2'), false],
  ['a daemon started by a login', environ('PATH=/bin', 'HOME=/var/lib/pg', 'USER=pg', 'LOGNAME=pg'), false],
  ['a login that keeps all', environ('PATH=/bin', 'HOSTNAME=c0ffee', 'USER=pg', 'LOGNAME=pg'), false],
  ['a title over the environment', 'nginx: worker process\0\0\0\0\0', false],
  ['a cleared environment', '', false],
  ['env -i', environ('PATH=/bin'), false],
];

for (const [name, text, foreign] of table)
  test(`who came from outside: ${name}`, () => assert.equal(isForeign(text, OWN), foreign));
