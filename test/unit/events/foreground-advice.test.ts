/**
 * What is said to somebody whose program went to the background: the flag of each well-known one, else what is general.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foregroundAdvice, wordsOfScript } from '../../../src/events/foreground-advice.ts';
import { assertProperty } from '../../support/assert-property.ts';

const general = /^start it in the foreground: most programs have a flag/;
const table: readonly (readonly [command: string, advice: string | RegExp])[] = [
  ['nginx', `keep it in the foreground: add "-g 'daemon off;'"`],
  ['/usr/sbin/nginx -c /etc/nginx.conf', /daemon off/],
  ['redis-server --daemonize yes', 'keep it in the foreground: add "--daemonize no"'],
  ['pg_ctl -D /data -l log start', 'keep it in the foreground: write "postgres -D /data" in place of pg_ctl'],
  ['/usr/lib/postgresql/15/bin/pg_ctl start --pgdata=/x', /write "postgres -D \/x"/],
  ['su-exec postgres pg_ctl start', /write "postgres -D FOLDER"/],
  ['php-fpm8.2 -y fpm.conf', /add "-F"/],
  ['httpd -k start', /add "-DFOREGROUND"/],
  ['apachectl start', /add "-DFOREGROUND"/],
  ['/usr/sbin/sshd', /add "-D"/],
  ['cron', /add "-f"/],
  ['rabbitmq-server -detached', /leave out "-detached"/],
  ['mysqld_safe', /write "mysqld"/],
  ['mongod --fork --logpath x', /leave out "--fork"/],
  ['docker compose up -d', /leave out "-d" or "--detach"/],
  ['service nginx start', /daemon off/],
  ['service app start', /write the program itself/],
  ['cd app && ./server &', 'leave out the "&", or let the text end with "wait"'],
  ['./server --port 80&', /leave out the "&"/],
  ["sh -c 'exec ./serve' 2>&1", general],
  ['./start.sh', general],
  ['', general],
];

for (const [command, advice] of table) {
  test(`to the background went: ${JSON.stringify(command)}`, () => {
    const said = foregroundAdvice(wordsOfScript(command));
    if (typeof advice === 'string') assert.equal(said, advice);
    else assert.match(said, advice);
  });
}

test('whatever the command is, there is one line to write instead', () => {
  assertProperty(
    fc.property(fc.array(fc.string()), fc.string(), (words, script) => {
      for (const said of [foregroundAdvice(words), foregroundAdvice(wordsOfScript(script))])
        assert.match(said, /^(?:keep it in the foreground: |leave out |start it in )/);
    }),
  );
});
