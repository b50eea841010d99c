import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPalette, PLAIN_PALETTE } from '../../../../src/output/terminal/palette.ts';
import { createTextLog } from '../../../../src/output/terminal/text-log.ts';

const services = [
  { name: 'db', prefix: true },
  { name: 'frontend', prefix: true },
  { name: 'a-very-long-name', prefix: false },
];

function collect(palette = PLAIN_PALETTE) {
  let out = '';
  const log = createTextLog(services, palette, (lines) => {
    out += lines.toString();
  });
  return { log, out: () => out };
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
