import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrefixer } from '../../../../src/output/lines/prefixer.ts';
import { createOpenLines } from '../../../../src/output/terminal/open-lines.ts';
import { forSharedTerminal, shortenUnfinished } from '../../../../src/output/terminal/shared-line.ts';
import { createManualTicker } from '../support/manual-ticker.ts';

const size = { columns: 40, rows: 24 };

function setUp(maxLineBytes?: number) {
  const ticker = createManualTicker();
  const written: string[] = [];
  const looks = { count: 0 };
  const prefixer = createPrefixer({
    prefixOf: (service) => `${service} | `,
    write: (lines) => void written.push(lines.toString()),
    tame: forSharedTerminal,
    shorten: shortenUnfinished,
    onUnfinished: () => open.noteUnfinished(),
    ...(maxLineBytes !== undefined && { maxLineBytes }),
  });
  const open = createOpenLines({
    unfinished: prefixer.unfinished,
    ticker,
    onLook: () => void looks.count++,
  });
  const add = (service: string, text: string) => prefixer.add(service, 1, 'stdout', Buffer.from(text));
  return { ticker, written, looks, prefixer, open, add, rows: () => open.rows(size) };
}

test('a line is shown once it has been unfinished for 300 ms, as it stands then, and not before', () => {
  const it = setUp();
  it.add('db', 'password: ');
  it.ticker.advance(299);
  assert.deepEqual(it.rows(), []);
  it.ticker.advance(1);
  assert.deepEqual(it.rows(), ['db | password: ']);
  it.add('db', '*');
  assert.deepEqual(it.rows(), ['db | password: *']);
});

test('one that is finished is shown no more, and the next one has its own 300 ms', () => {
  const it = setUp();
  it.add('db', 'a');
  it.ticker.advance(300);
  it.add('db', '\nb');
  assert.deepEqual([it.open.settle(), it.open.settle(), it.rows()], [true, false, []]);
  it.ticker.advance(300);
  assert.deepEqual(it.rows(), []);
  it.ticker.advance(100);
  assert.deepEqual([it.rows(), it.written], [['db | b'], ['db | a\n']]);
});

test('of a line that writes over itself the last state is shown', () => {
  const it = setUp();
  it.add('db', '10%\r20%\r');
  it.ticker.advance(300);
  assert.deepEqual(it.rows(), ['db | 20%']);
  it.add('db', '100%');
  assert.deepEqual(it.rows(), ['db | 100%']);
  it.add('db', '\r\x1b[K');
  assert.deepEqual(it.rows(), [], 'of a line that was cleared there is nothing to show');
});

test('a progress display is never too long a line, however long it lasts', () => {
  const it = setUp(100);
  for (let state = 0; state < 1000; state++) it.add('db', `\rstate ${state}`);
  it.add('db', '\n');
  assert.deepEqual(it.written, ['db | state 999\n']);
});

test('half of a character, and of a style, is not shown', () => {
  const it = setUp();
  it.prefixer.add('db', 1, 'stdout', Buffer.from('é漢\x1b[3').subarray(0, 4));
  it.ticker.advance(300);
  assert.deepEqual(it.rows(), ['db | é']);
  it.prefixer.add('db', 1, 'stdout', Buffer.from('漢').subarray(2));
  it.add('db', '\x1b[3');
  assert.deepEqual(it.rows(), ['db | é漢']);
});

test('of more lines than there is room for the younger ones are shown, the oldest of them first', () => {
  const it = setUp();
  for (const name of ['a', 'b', 'c', 'd']) it.add(name, 'x');
  it.ticker.advance(400);
  assert.deepEqual(it.open.rows({ columns: 40, rows: 6 }), ['b | x', 'c | x', 'd | x']);
});

test('one timer looks at all of them, only while there are any, and floods show nothing', () => {
  const it = setUp();
  for (let round = 0; round < 100; round++) {
    for (const name of ['a', 'b', 'c']) it.add(name, `${'line\n'.repeat(20)}begun`);
    assert.equal(it.ticker.active, 1);
    it.ticker.advance(10);
    for (const name of ['a', 'b', 'c']) it.add(name, ' and finished\n');
  }
  assert.deepEqual([it.looks.count, it.rows()], [0, []]);
  it.ticker.advance(100);
  assert.equal(it.ticker.active, 0);
});

test('a line over the limit is broken, and then is another line', () => {
  const it = setUp(100);
  it.add('db', 'x'.repeat(90));
  it.ticker.advance(300);
  it.add('db', 'x'.repeat(20));
  assert.deepEqual([it.open.settle(), it.rows(), it.written.length], [true, [], 1]);
});

test('after its end nothing is shown, and no timer runs', () => {
  const it = setUp();
  it.add('db', 'a');
  it.ticker.advance(300);
  it.open.end();
  it.add('db', 'b');
  assert.deepEqual([it.rows(), it.ticker.active], [[], 0]);
});
