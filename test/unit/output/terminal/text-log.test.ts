import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPalette, PLAIN_PALETTE } from '../../../../src/output/terminal/palette.ts';
import { createTextLog, type LoggedService, prefixWidth } from '../../../../src/output/terminal/text-log.ts';

const services = [
  { name: 'db', prefix: true },
  { name: 'frontend', prefix: true },
  { name: 'a-very-long-name', prefix: false },
];

function collect(palette = PLAIN_PALETTE, listed: readonly LoggedService[] = services, printsOthers = true) {
  let out = '';
  const write = (lines: Buffer) => {
    out += lines.toString();
  };
  const log = createTextLog(listed, { palette, write, printsOthers });
  const add = (service: string, text: string, attempt = 1) =>
    log.add(service, attempt, 'stdout', Buffer.from(text));
  return { log, add, out: () => out };
}

test('names are as wide as the longest that is shown, and a service without prefix is passed on as it is', () => {
  const { log, out } = collect();
  log.add('db', 1, 'stdout', Buffer.from('up\n'));
  log.add('frontend', 1, 'stderr', Buffer.from('up\r\n'));
  log.add('a-very-long-name', 1, 'stdout', Buffer.from('up\n'));
  log.add('unknown', 1, 'stdout', Buffer.from('up\n'));
  assert.equal(out(), 'db       | up\nfrontend | up\r\nup\nunknown  | up\n');
});

test('only the prefix is coloured, once a line', async () => {
  const { log, out } = collect(await createPalette({ isTty: true, flag: true, env: {} }));
  log.add('db', 1, 'stdout', Buffer.from('a\nb\n'));
  assert.equal(out(), '\x1b[36mdb       |\x1b[39m a\n\x1b[36mdb       |\x1b[39m b\n');
});

const quiet = { name: 'a-very-long-name', prefix: true, print: false };

test('lines of what is not printed are left out, finished or not, and its name makes no room', () => {
  const { log, add, out } = collect(PLAIN_PALETTE, [{ name: 'db', prefix: true }, quiet]);
  add('a-very-long-name', 'up\nhalf');
  add('db', 'up\n');
  log.add('a-very-long-name', 1, 'stdout', undefined);
  add('a-very-long-name', 'half', 2);
  log.end();
  assert.equal(out(), 'db | up\n');
  assert.deepEqual([log.prints('db'), log.prints('a-very-long-name')], [true, false]);
  assert.equal(prefixWidth([{ name: 'db', prefix: true }, quiet]), 5);
});

test('where others are left out only what is listed is printed', () => {
  const { log, add, out } = collect(PLAIN_PALETTE, [{ name: 'db', prefix: true }], false);
  add('unknown', 'up\n');
  add('db', 'up\n');
  assert.deepEqual([out(), log.prints('unknown')], ['db | up\n', false]);
});

test('other settings count from the next instance on, so that no line is torn; colours stay', async () => {
  const palette = await createPalette({ isTty: true, flag: true, env: {} });
  const { log, add, out } = collect(palette, [
    { name: 'db', prefix: true },
    { name: 'api', prefix: false },
  ]);
  add('db', 'ha');
  log.use([
    { name: 'new', prefix: true },
    { name: 'db', prefix: true, print: false },
    { name: 'api', prefix: true },
  ]);
  add('db', 'lf\n');
  add('db', 'up\n', 2);
  add('api', 'up\n');
  add('new', 'up\n');
  assert.equal(out(), '\x1b[36mdb |\x1b[39m half\n\x1b[32mapi |\x1b[39m up\n\x1b[33mnew |\x1b[39m up\n');
});

test('a colour of its own takes none of those in turn', async () => {
  const palette = await createPalette({ isTty: true, flag: true, env: {} });
  const listed = [{ name: 'web', prefix: true, color: 'red.bold' }, ...services];
  const { add, out } = collect(palette, listed);
  add('web', 'a\n');
  add('db', 'b\n');
  assert.equal(out(), '\x1b[31m\x1b[1mweb      |\x1b[22m\x1b[39m a\n\x1b[36mdb       |\x1b[39m b\n');
});

test('on a terminal names are shortened to what there is room for, and where that is nothing they are left out', () => {
  const { log, add, out } = collect();
  for (const columns of [80, 30, 12, 11]) {
    log.fit(columns);
    add('frontend', 'up\n');
  }
  add('an-unknown-one', 'up\n');
  assert.equal(out(), 'frontend | up\nfro…end | up\n… | up\nup\nup\n');
});

test('what one that is not among the first is called may take more than the column, and no more than there is room for', () => {
  const { log, add, out } = collect(PLAIN_PALETTE, [{ name: 'db', prefix: true }]);
  log.fit(30);
  add('later', 'up\n');
  add('later-and-longer', 'up\n');
  assert.equal(out(), 'later | up\nlat…ger | up\n');
  assert.equal(prefixWidth([{ name: 'later-and-longer', prefix: true }], 30), 10);
});

test('the time stands before the name, dim, and takes its part of the width', async () => {
  let out = '';
  const write = (lines: Buffer) => {
    out += lines.toString();
  };
  const time = () => '12:00:00.000';
  const palette = await createPalette({ isTty: true, flag: true, env: {} });
  const log = createTextLog(services, { palette, write, time });
  const add = (service: string, text: string) => log.add(service, 1, 'stdout', Buffer.from(text));
  const dim = '\x1b[2m12:00:00.000\x1b[22m ';
  log.fit(100);
  add('frontend', '漢字\nb\n');
  const name = '\x1b[33mfrontend |\x1b[39m ';
  assert.equal(out, `${dim}${name}漢字\n${dim}${name}b\n`);
  out = '';
  log.fit(40);
  add('frontend', 'c\n');
  add('a-very-long-name', 'd\n');
  assert.equal(out, `${dim}\x1b[33mfro…nd |\x1b[39m c\n${dim}d\n`);
  assert.deepEqual(
    [100, 40, 20, undefined].map((columns) => prefixWidth(services, columns, true)),
    [24, 22, 13, 24],
  );
});
