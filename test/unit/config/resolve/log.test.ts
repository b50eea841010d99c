/**
 * The key `log`: files, sizes, and what can't be so.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badConfig, goodConfig, goodService, places, shown } from '../load.ts';

test('a log file has defaults, and a path relative to the file that it is written in', async () => {
  const { log } = await goodService('log: { file: logs/a.log }');
  assert.deepEqual(log, {
    prefix: true,
    file: { path: '/shop/logs/a.log', maxBytes: 10_000_000, keep: 5, direct: false },
  });
});

test('sizes, numbers of files and the rest can be given, for all services too', async () => {
  const { services } = await goodConfig(`
defaults: { log: { max_size: 1MiB, keep: 0 } }
services:
  a: { command: x, log: { file: a.log, direct: true } }
  b: { command: x, log: { file: b.log, max_size: none, keep: 2 } }
  c: { command: x }
`);
  assert.deepEqual(
    services.map(({ log }) => log),
    [
      { prefix: true, file: { path: '/shop/a.log', maxBytes: 1_048_576, keep: 0, direct: true } },
      {
        prefix: true,
        file: { path: '/shop/b.log', maxBytes: Number.POSITIVE_INFINITY, keep: 2, direct: false },
      },
      { prefix: true },
    ],
  );
});

test('its lines are printed unless it says otherwise, with a file or without', async () => {
  const { services } = await goodConfig(`
defaults: { log: { print: false } }
services:
  a: { command: x }
  b: { command: x, log: { print: true } }
  c: { command: x, log: { file: c.log } }
`);
  assert.deepEqual(
    services.map(({ log }) => log.print),
    [false, undefined, false],
  );
});

const SIZE =
  '"log.max_size" of service "a" must be "none" or a size such as 500KB, 10MB or 1GiB, larger than 0';

for (const [written, message, hint] of [
  ['10', `${SIZE}, but is the number 10`, 'Write the unit: 10MB or 10MiB'],
  ['10m', `${SIZE}, but is "10m"`, 'Write it as 10MB'],
  ['10 mib', `${SIZE}, but is "10 mib"`, 'Write it as 10MiB'],
  ['0B', `${SIZE}, but is "0B"`, undefined],
] as const) {
  test(`G10 a size of ${written} is refused with what to write instead`, async () => {
    const diagnostics = await badConfig(
      `services:\n  a:\n    command: x\n    log: { file: a.log, max_size: ${written} }\n`,
    );
    assert.deepEqual(
      diagnostics.map((one) => [one.message, one.hint]),
      [[message, hint]],
    );
  });
}

test('G10 "direct" needs a file, and does not go with a condition on lines, wherever that stands', async () => {
  const diagnostics = await badConfig(`services:
  a: { command: x, log: { direct: true } }
  b: { command: x, log: { file: b.log, direct: true }, ready: { log: up } }
  c: { command: x, log: { file: c.log, direct: true }, ready: { all: [{ delay: 1s }, { any: [{ log: up }] }] } }
  d: { command: x, log: { file: d.log, direct: true }, ready: { file: up } }
`);
  assert.deepEqual(places(diagnostics), [
    '2:35 "log.direct" of service "a" needs a file to write to',
    '3:48 Service "b" is ready by a line of its output, but with "log.direct" nobody reads it',
    '4:48 Service "c" is ready by a line of its output, but with "log.direct" nobody reads it',
  ]);
});

test('G10 two services can not log to one file, nor to what the other one is rotated to', async () => {
  const diagnostics = await badConfig(`services:
  a: { command: x, log: { file: logs/all.log } }
  b: { command: x, log: { file: ./logs/all.log } }
  c: { command: x, log: { file: logs/all.log.2 } }
`);
  assert.deepEqual(places(diagnostics), [
    '3:33 Services "a" and "b" can\'t both log to "/shop/logs/all.log": each needs a file of its own',
    '4:33 Services "a" and "c" can\'t both log to "/shop/logs/all.log.2": each needs a file of its own',
  ]);
});

test('a device can be shared', async () => {
  const config = await goodConfig(
    'services: { a: { command: x, log: { file: /dev/null } }, b: { command: x, log: { file: /dev/null } } }',
  );
  assert.equal(config.services.length, 2);
});

test('G10 one file for all by "defaults" is told, with its place', async () => {
  const diagnostics = await badConfig(`defaults: { log: { file: all.log } }
services: { a: { command: x }, b: { command: x } }
`);
  assert.match(shown(diagnostics), /Services "a" and "b" can't both log to/);
});
