import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact } from '../../../../src/events/event.ts';
import { PLAIN_PALETTE } from '../../../../src/output/terminal/palette.ts';
import { createTerminalOutput } from '../../../../src/output/terminal/terminal.ts';
import {
  eventAt,
  failed,
  failureOf,
  finished,
  interrupted,
  ready,
  runStarted,
  starting,
  stopped,
  stopping,
} from '../support/events.ts';
import { createFakeWriter } from '../support/fake-writer.ts';
import { createManualTicker } from '../support/manual-ticker.ts';
import { screenAfter } from '../support/screen.ts';

/** `tty`, `pipe`: one for both; `stdout-tty`: stdout alone is a terminal; `pipes`: neither is. */
function setUp(
  kind: 'tty' | 'stdout-tty' | 'pipes' | 'pipe',
  foreground?: string,
  time?: (() => string) | undefined,
) {
  const size = { columns: 80, rows: 24 };
  const ticker = createManualTicker();
  const startMs = ticker.now();
  const out = createFakeWriter();
  const isOne = kind === 'tty' || kind === 'pipe';
  const err = isOne ? out : createFakeWriter();
  const stdout = { writer: out, isTty: kind === 'tty' || kind === 'stdout-tty' };
  const output = createTerminalOutput({
    stdout,
    stderr: isOne ? stdout : { writer: err, isTty: false },
    colors: { stdout: PLAIN_PALETTE, stderr: PLAIN_PALETTE },
    services: [
      { name: 'db', prefix: true },
      { name: 'api', prefix: true },
      { name: 'mute', prefix: true, print: false },
    ],
    size: () => size,
    ticker,
    foreground,
    time,
  });
  return {
    size,
    ticker,
    out,
    err,
    output,
    screen: () => screenAfter(out.text()),
    say: (...facts: Fact[]) => {
      for (const fact of facts) output.onEvent(eventAt(ticker.now() - startMs, fact));
    },
    log: (text: string) => output.onLog('db', 1, 'stdout', Buffer.from(text)),
    logOf: (service: string, text: string) => output.onLog(service, 1, 'stdout', Buffer.from(text)),
  };
}

test('lines of services go to stdout, the supervisor’s own sentences to stderr', () => {
  const it = setUp('pipes');
  it.say(runStarted('db'), starting('db'));
  it.log('listening\n');
  it.say(ready('db', 3, 'tcp 127.0.0.1:5432'));
  assert.equal(it.out.text(), 'db  | listening\n');
  assert.equal(it.err.text(), 'orderly: db: ready: tcp 127.0.0.1:5432\n');
});

test('on a terminal a board stands below the lines while services start, and goes when all have settled', () => {
  const it = setUp('tty');
  it.say(runStarted('db', 'api'), starting('db'));
  it.ticker.advance(100);
  it.log('hello\n');
  assert.deepEqual(it.screen(), [
    'db  | hello',
    'starting shop: 0 of 2 ready, 100 ms',
    ' ⠙ db   starting  100 ms',
    ' · api  pending',
    '',
  ]);
  it.say(ready('db', 100), starting('api'), ready('api', 5));
  const settled = ['db  | hello', 'orderly: db: ready: spawned', 'orderly: api: ready: spawned'];
  const all = 'orderly: all 2 ready after 100 ms';
  assert.deepEqual(it.screen(), [...settled, all, '']);
  assert.equal(it.ticker.active, 0);
  it.say(starting('api', 2));
  it.ticker.advance(1000);
  const restart = ['shop: 1 of 2 ready', ' ⠙ api  starting  1 s', ''];
  assert.deepEqual(it.screen(), [...settled, all, ...restart], 'it comes back for a restart');
  it.say({ ...ready('api', 5), attempt: 2 } as Fact);
  assert.deepEqual(it.screen(), [...settled, all, settled[2], '']);
  assert.equal(it.ticker.active, 0);
});

test('while stopping, a terminal shows live who is waited for', async () => {
  const it = setUp('tty');
  it.say(runStarted('db'), starting('db'), ready('db', 0), interrupted(), stopping('db', 8000));
  it.ticker.advance(4100);
  const waiting = 'orderly: waiting for db (4.1 s, killed in 3.9 s)';
  assert.deepEqual(it.screen().slice(-2), [`${waiting} (Ctrl-C again kills)`, '']);
  it.say({ type: 'shutdown.escalated', level: 2 });
  assert.deepEqual(it.screen().slice(-2), [waiting, '']);
  it.say(stopped('db'), finished(130, 'SIGINT'));
  await it.output.finish();
  assert.deepEqual(it.screen().slice(1), [
    'orderly: stopping: SIGINT; 1 service, at most 2 s',
    'orderly: told to stop again: killing what is left; clean-ups still run',
    'orderly: stopped after 4.1 s: SIGINT',
    '',
  ]);
  assert.equal(it.ticker.active, 0);
});

test('elsewhere a line says after 10 s who is waited for and why, and then each minute; of a stop every few seconds', async () => {
  const it = setUp('pipes');
  it.say(runStarted('db'), starting('db'));
  it.ticker.advance(5_000);
  it.say({ type: 'service.unready', service: 'db', attempt: 1, detail: 'tcp 127.0.0.1:5432: no answer' });
  it.ticker.advance(75_000);
  it.say(ready('db', 80_000, ''), interrupted(60_000), stopping('db', 110_000));
  it.ticker.advance(6_000);
  it.say(stopped('db'), finished(130, 'SIGINT'));
  it.ticker.advance(60_000);
  await it.output.finish();
  assert.deepEqual(it.err.text().split('\n'), [
    'orderly: still starting db (10 s: tcp 127.0.0.1:5432: no answer)',
    'orderly: still starting db (1 m 10 s: tcp 127.0.0.1:5432: no answer)',
    'orderly: db: ready after 1 m 20 s',
    'orderly: stopping: SIGINT; 1 service, at most 1 m',
    'orderly: waiting for db (3 s, killed in 27 s)',
    'orderly: waiting for db (6 s, killed in 24 s)',
    'orderly: stopped after 6 s: SIGINT',
    '',
  ]);
});

const { uptime_ms: _, ...silent } = failureOf('db', 'exited with code 3');

test('what was said just above is not said again at the end, but the cause is', async () => {
  const it = setUp('pipes');
  const cleanupFailed: Fact = {
    ...{ type: 'service.cleanup', service: 'db', attempt: 1, run: 'rm x' },
    ...{ code: 1, took_ms: 5, timed_out: false },
  };
  const failure = failureOf('api', 'x', { kind: 'killed' });
  it.say(runStarted('db'), starting('db'), interrupted(), cleanupFailed, cleanupFailed);
  it.say(finished(1, '"api" failed: x', failure));
  await it.output.finish();
  assert.equal(it.err.text().match(/clean-up failed/g)?.length, 2);
  assert.match(it.err.text(), /next {4}see why\norderly: "api" failed: x\n$/);
});

test('the cause is the last line, after an unfinished line of a service', async () => {
  const it = setUp('tty');
  it.say(runStarted('db'), starting('db'));
  it.log('no line end');
  it.say(failed('db', 'exited with code 3'), finished(1, '"db" exited with code 3', silent));
  await it.output.finish();
  assert.deepEqual(it.screen().slice(-6), [
    'orderly: db: failed: exited with code 3',
    'orderly:   next    see why',
    'db  | no line end',
    'orderly:   next    see why',
    'orderly: "db" exited with code 3',
    '',
  ]);
  assert.equal(it.out.flushed, true);
});

for (const kind of ['tty', 'pipes'] as const) {
  test(`G7: lines that nobody took are told of before the summary (${kind})`, async () => {
    const it = setUp(kind);
    it.say(runStarted('db'), starting('db'), finished(143, 'SIGTERM'));
    it.out.onDrain = () => {
      it.out.onDrain = () => undefined;
      it.say({ type: 'output.dropped', lines: 7 });
    };
    await it.output.finish();
    assert.deepEqual(screenAfter(it.err.text()).slice(-3), [
      'orderly: … 7 lines dropped: the reader of stdout is too slow',
      'orderly: SIGTERM',
      '',
    ]);
  });
}

test('what stands below a message is never older than the message', () => {
  const it = setUp('tty');
  it.say(runStarted('db', 'api'), starting('db'));
  it.ticker.advance(100);
  it.say(ready('db', 100));
  assert.deepEqual(it.screen(), [
    'orderly: db: ready: spawned',
    'starting shop: 1 of 2 ready, 100 ms',
    ' ✔ db   ready     100 ms, spawned',
    ' · api  pending',
    '',
  ]);
});

test('an unfinished line stands below the finished ones and above the board, and is replaced by the finished one', () => {
  const it = setUp('tty');
  it.say(runStarted('db', 'api'), starting('db'));
  it.log('password: ');
  it.ticker.advance(300);
  it.logOf('api', 'hello\n');
  const board = ['starting shop: 0 of 2 ready, 300 ms', ' ⠸ db   starting  300 ms', ' · api  pending', ''];
  assert.deepEqual(it.screen(), ['api | hello', 'db  | password: ', ...board]);
  it.log('***\n');
  assert.deepEqual(it.screen(), ['api | hello', 'db  | password: ***', ...board]);
});

test('when the board is gone an unfinished line stands alone, and our own sentences above it', () => {
  const it = setUp('tty');
  it.say(runStarted('db'), starting('db'), ready('db', 0));
  it.log('10%\r20%');
  it.ticker.advance(300);
  it.say({ type: 'run.note', text: 'a note' });
  it.logOf('api', 'hello\n');
  const above = ['orderly: db: ready: spawned', 'orderly: a note', 'api | hello'];
  assert.deepEqual(it.screen(), [...above, 'db  | 20%', '']);
  it.log('\r30%');
  it.ticker.advance(100);
  assert.deepEqual(it.screen(), [...above, 'db  | 30%', '']);
  it.log('\r100%\n');
  assert.deepEqual(it.screen(), [...above, 'db  | 100%', '']);
  it.ticker.advance(100);
  assert.deepEqual([it.screen().length, it.ticker.active], [5, 0]);
});

test('the end finishes an unfinished line, and leaves it once', async () => {
  const it = setUp('tty');
  it.say(runStarted('db'), starting('db'), ready('db', 0));
  it.log('half');
  it.ticker.advance(300);
  it.say(finished(130, 'SIGINT'));
  await it.output.finish();
  assert.equal(it.screen().filter((line) => line === 'db  | half').length, 1);
  assert.equal(it.ticker.active, 0);
});

test('while the terminal is behind an unfinished line is left out, and it comes back', () => {
  const it = setUp('tty');
  it.say(runStarted('db'), starting('db'), ready('db', 0));
  it.log('half');
  it.ticker.advance(300);
  it.out.pendingBytes = 1;
  it.logOf('api', 'hello\n');
  assert.equal(it.screen().at(-2), 'api | hello');
  it.out.pendingBytes = 0;
  it.ticker.advance(100);
  assert.deepEqual(it.screen().slice(-3), ['api | hello', 'db  | half', '']);
});

test('without a terminal nothing unfinished is shown, and no timer looks for it', () => {
  const it = setUp('pipes');
  it.say(runStarted('db'), starting('db'), ready('db', 0));
  it.log('half\rline');
  assert.equal(it.ticker.active, 0);
  it.ticker.advance(1000);
  it.log(' and more\n');
  assert.equal(it.out.text(), 'db  | half\rline and more\n');
});

test('lines go to a terminal of their own: what is unfinished stands there, whatever stderr is', () => {
  const it = setUp('stdout-tty');
  it.say(runStarted('db'), starting('db'), ready('db', 0));
  it.log('half');
  it.ticker.advance(300);
  assert.deepEqual([it.screen(), it.err.text()], [['db  | half', ''], 'orderly: db: ready: spawned\n']);
  it.log('\n');
  assert.deepEqual(it.screen(), ['db  | half', '']);
});

test('nothing is repainted while the service in the foreground has the terminal', () => {
  const it = setUp('tty', 'api');
  it.say(runStarted('db', 'api'), starting('db'), ready('db', 0));
  it.log('half');
  it.ticker.advance(300);
  assert.ok(it.screen().includes('db  | half'));
  it.say(starting('api'));
  assert.deepEqual(it.screen(), ['orderly: db: ready: spawned', '']);
  const shown = it.out.text();
  it.ticker.advance(1000);
  assert.equal(it.out.text(), shown);
});

test('what restarts again and again is told of once a minute at most', () => {
  const it = setUp('pipes');
  const backoff: Fact = {
    ...{ type: 'service.backoff', service: 'db', attempt: 1, delay_ms: 15_000, failures: 1, cause: 'left' },
  };
  it.say(runStarted('db'), starting('db'), ready('db', 0));
  for (let round = 0; round < 8; round++) {
    it.say(backoff);
    it.ticker.advance(15_000);
    it.say(starting('db'), ready('db', 0));
  }
  assert.deepEqual(
    it.err
      .text()
      .split('\n')
      .filter((line) => line.includes('still')),
    Array.from({ length: 2 }, () => 'orderly: still starting db (restarts in 5 s)'),
  );
});

test('lines that are not printed are shown nowhere, and with a failure the last ones are told', async () => {
  const it = setUp('tty');
  it.say(runStarted('db', 'mute'), starting('mute'), ready('mute', 0));
  it.logOf('mute', 'one\ntwo');
  it.ticker.advance(500);
  const failure = failureOf('mute', 'exited with code 3', { output: ['one', 'two'] });
  it.say({ ...failed('mute', 'exited with code 3'), service: 'mute' } as Fact);
  it.say(finished(1, '"mute" exited with code 3', failure));
  await it.output.finish();
  const shown = it.screen();
  assert.ok(!shown.some((line) => line.startsWith('mute')));
  assert.deepEqual(
    shown.filter((line) => line.includes('| ')),
    ['orderly:   output  | one', 'orderly:           | two'],
  );
});

test('a narrower terminal shortens names at once, of what is unfinished too, and a wider one gives them back', () => {
  const it = setUp('tty');
  it.say(runStarted('db'), starting('db'), ready('db', 0));
  it.log('one\nhalf');
  it.size.columns = 12;
  it.ticker.advance(300);
  assert.deepEqual(it.screen().slice(-3), ['db  | one', '… | half', '']);
  it.log('\ntwo\n');
  it.size.columns = 80;
  it.log('three\n');
  assert.deepEqual(it.screen().slice(-4), ['… | half', '… | two', 'db  | three', '']);
});

test('without a terminal no name is shortened, whatever the size', () => {
  const it = setUp('pipe');
  it.size.columns = 9;
  it.say(runStarted('db'), starting('db'), ready('db', 0));
  it.log('one\n');
  assert.equal(it.out.text(), 'orderly: db: ready: spawned\ndb  | one\n');
});

test('with the time each line begins with it, ours and unfinished ones too, and what is repainted has none', async () => {
  const it = setUp('tty', undefined, () => '12:00:00.000');
  it.size.columns = 40;
  it.say(runStarted('db', 'api'), starting('db'));
  it.log('進捗状況\n進捗 ');
  it.ticker.advance(300);
  assert.deepEqual(it.screen(), [
    '12:00:00.000 db  | 進捗状況',
    '12:00:00.000 db  | 進捗 ',
    'starting shop: 0 of 2 ready, 300 ms',
    ' ⠸ db   starting  300 ms',
    ' · api  pending',
    '',
  ]);
  it.log(`${'漢'.repeat(20)}`);
  it.ticker.advance(100);
  assert.equal(it.screen()[1], `12:00:00.000 db  | 進捗 ${'漢'.repeat(7)}…`);
  it.say(interrupted(), failed('db', 'exited with code 3'));
  it.say(finished(1, '"db" failed', failureOf('db', 'exited with code 3', { output: ['a', 'b'] })));
  await it.output.finish();
  const shown = it.screen().filter((line) => line !== '');
  assert.ok(shown.length > 5);
  for (const line of shown) assert.match(line, /^12:00:00\.000 (?:db {2}\| |orderly: )/);
});
