/**
 * `orderly ps` of real services: what they use, where they listen, and the same again and again.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { ServiceAnswer } from '../../src/control/protocol.ts';
import { ask } from '../support/control-client.ts';
import { CTRL_C, insideTerminal, press } from '../support/inside-terminal.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

// The server listens in a child, as behind `npm start`.
const shop = `
services:
  web:
    command:
      - sh
      - -c
      - |
        node -e '
          require("net").createServer().listen({ port: 0, host: "127.0.0.1" }, function () {
            console.log("port " + this.address().port);
          });
        ' & wait
    ready: { log: 'port (?<port>\\d+)' }
  busy: { command: "while :; do :; done" }
  idle: { command: exec sleep 1000, depends_on: [web] }
`;

/**
 * The terminal is named in the file "tty", and the process in "pid"; how the terminal is left stands in "after". Ctrl-C is for
 * the shell, too, which has something to say afterwards.
 */
const onTerminal = insideTerminal(`trap : INT; tty >tty; sh -c 'echo \\$\\$ >pid; exec $*'; stty -a >after`);

const ENTER = '\u001b[?1049h';
const LEAVE = '\u001b[?1049l';

suite('orderly ps', { concurrency: 2, timeout: 60_000 }, () => {
  test('--usage tells what each tree uses and where it listens; a plain one does not look', async (t) => {
    const run = runOrderly(t, { config: shop });
    const { values } = await run.event('service.ready', { service: 'web' });
    await run.event('service.ready', { service: 'idle' });
    const look = async (...args: readonly string[]): Promise<Map<string, ServiceAnswer>> => {
      const { stdout } = await ask(t, run, 'ps', '--json', ...args);
      const services = JSON.parse(stdout.join('\n')) as readonly ServiceAnswer[];
      return new Map(services.map((one) => [one.service, one]));
    };
    assert.ok([...(await look()).values()].every(({ usage }) => usage === undefined));
    const { web, busy, idle } = Object.fromEntries(
      [...(await look('-u'))].map(([name, { usage }]) => [name, usage]),
    );
    const port = Number(values.port);
    assert.deepEqual(web?.listens, [{ protocol: 'tcp', address: '127.0.0.1', port }]);
    assert.deepEqual([web?.processes, idle?.processes, idle?.listens], [2, 1, []]);
    // A machine may give it no time for a while.
    let used = busy;
    while (used?.cpu_seconds === 0) used = (await look('-u', 'busy')).get('busy')?.usage;
    assert.ok(used!.cpu_percent > 0);
    assert.ok(web!.resident_bytes > 10_000_000);
    assert.deepEqual([...(await look('-u', 'idle')).keys()], ['idle']);
    const { stdout } = await ask(t, run, 'ps', '-u', 'web', 'idle');
    assert.match(stdout[0] ?? '', /^NAME +STATE +FOR +RESTARTS +PID +CPU +MEMORY +LISTENS$/);
    assert.match(
      stdout[1] ?? '',
      new RegExp(`^web +ready .* [\\d.]+% +[\\d.]+ MiB +127\\.0\\.0\\.1:${port}$`),
    );
    assert.match(stdout[2] ?? '', /^idle +ready .* [\d.]+% +[\d.]+ [KM]iB$/);
    await ask(t, run, 'down');
    await run.ended;
  });

  test('--watch on a terminal paints in one place, follows its size, and leaves it as it was, for Ctrl-Z too', async (t) => {
    const run = runOrderly(t, {
      config:
        'services: { api: { command: exec sleep 1000 }, db: { command: exec sleep 1000 }, web: { command: exec sleep 1000 } }',
    });
    await run.event('service.ready', { service: 'api' });
    const env = { TERM: 'xterm' };
    const watching = runOrderly(t, { args: ['ps', '--watch'], cwd: run.folder, inside: onTerminal, env });
    await watching.line(/^api +ready .* 0 +\d+ +[\d.]+%/);
    await ask(t, run, 'stop', 'api');
    await watching.line(/^api +stopped /);
    const terminal = readFileSync(join(run.folder, 'tty'), 'utf8').trim();
    await runOrderly(t, { instead: ['stty', '-F', terminal, 'rows', '3', 'cols', '10'], cwd: run.folder })
      .ended;
    // Of four lines two have room. It ends with the first line of the picture after it.
    await watching.line(/^… and 2 mo\u001b/);
    const pid = Number(readFileSync(join(run.folder, 'pid'), 'utf8'));
    process.kill(pid, 'SIGTSTP');
    await until(() => /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
    process.kill(pid, 'SIGCONT');
    await watching.line(/1049h.*NAME {2}STAT\u001b/);
    press(run, CTRL_C);
    const { stdout } = await watching.ended;
    const raw = stdout.join('\n');
    assert.deepEqual([raw.split(ENTER).length, raw.split(LEAVE).length], [3, 3]);
    assert.ok(raw.indexOf(LEAVE) < raw.lastIndexOf(ENTER));
    assert.ok(raw.indexOf(ENTER) < raw.indexOf('NAME') && raw.lastIndexOf(LEAVE) > raw.lastIndexOf('NAME'));
    assert.ok(raw.lastIndexOf('\u001b[?25h') > raw.lastIndexOf('\u001b[?25l'));
    assert.match(readFileSync(join(run.folder, 'after'), 'utf8'), / icanon .* echo /s);
    await ask(t, run, 'down');
    await run.ended;
  });

  test('--watch without a terminal is a table for each change, to the end of the run; Ctrl-C leaves with 130', async (t) => {
    const run = runOrderly(t, { config: 'services: { api: { command: exec sleep 1000 } }' });
    await run.event('service.ready', { service: 'api' });
    const [text, json] = [[], ['--json']].map((more) =>
      runOrderly(t, { args: ['ps', '--watch', ...more], cwd: run.folder }),
    );
    await text!.line(/^api +ready/);
    await json!.line(/"state":"ready"/);
    await ask(t, run, 'stop', 'api');
    await text!.line(/^api +stopped/);
    await json!.line(/"state":"stopped"/);
    json!.signal('SIGINT');
    assert.equal((await json!.ended).status, 130);
    await ask(t, run, 'down');
    const { status, stdout, stderr } = await text!.ended;
    assert.deepEqual([status, stderr], [0, ['orderly: the run has ended']]);
    assert.ok(
      stdout.every((line) => line === '' || /^(NAME|api) /.test(line)),
      stdout.join('\n'),
    );
    assert.ok(!stdout.join('\n').includes('\u001b'));
    await run.ended;
  });
});
