/**
 * The key `watchdog`: short and long, where heartbeats come from, and what can't be so.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badConfig, goodConfig, goodService, places } from '../load.ts';

for (const [ready, written, source] of [
  ['{ notify: fd }', '15s', 'fd'],
  ['{ notify: node }', '{ within: 15s }', 'node'],
  ['{ all: [{ tcp: 1 }, { any: [{ delay: 1s }, { notify: systemd }] }] }', '15s', 'systemd'],
  ['{ notify: fd }', '{ within: 15s, source: fd }', 'fd'],
  ['{ tcp: 1 }', '{ within: 15s, source: systemd }', 'systemd'],
  ['{ notify: fd }', '{ within: 15s, source: log }', 'log'],
  ['', '{ within: 15s, source: node }', 'node'],
] as const) {
  test(`with ready ${ready} the source of watchdog ${written} is ${source}`, async () => {
    const { watchdog } = await goodService(`ready: ${ready}\nwatchdog: ${written}`);
    assert.deepEqual(watchdog, { withinMs: 15_000, source, onFailure: 'restart' });
  });
}

test('without the key there is no watchdog', async () => {
  assert.equal((await goodService('ready: { notify: fd }')).watchdog, undefined);
});

test('what is written for all services holds for those that run, unless they say otherwise', async () => {
  const { services } = await goodConfig(`
defaults: { ready: { notify: fd }, watchdog: { within: 1m, on_failure: report } }
services:
  a: { command: x }
  b: { command: x, watchdog: 5s }
  c: { command: x, watchdog: { source: log } }
  d: { command: x, watchdog: null }
  e: { command: x, type: task }
`);
  assert.deepEqual(
    services.map(({ watchdog }) => watchdog),
    [
      { withinMs: 60_000, source: 'fd', onFailure: 'report' },
      { withinMs: 5_000, source: 'fd', onFailure: 'report' },
      { withinMs: 60_000, source: 'log', onFailure: 'report' },
      undefined,
      undefined,
    ],
  );
});

test('defaults that say everything but how long are for those that say it', async () => {
  const { services } = await goodConfig(`
defaults: { watchdog: { source: log, on_failure: shutdown } }
services:
  a: { command: x }
  b: { command: x, watchdog: 5s }
`);
  assert.deepEqual(
    services.map(({ watchdog }) => watchdog),
    [undefined, { withinMs: 5_000, source: 'log', onFailure: 'shutdown' }],
  );
});

const within =
  '"watchdog.within" of service "a" must be a duration such as 250ms, 2s, 1m30s or 1h, at least 100ms';

for (const [lines, message, hint] of [
  [
    'watchdog: 15s',
    'The watchdog of service "a" has no channel for heartbeats, since "ready" has no "notify"',
    'Give "source": fd, node or systemd is such a channel, log means any output; or be ready by "notify"',
  ],
  [
    'watchdog: { within: 15s, source: fd }\n    ready: { notify: node }',
    'The watchdog of service "a" cannot have the source "fd": "ready" uses "notify: node", and there is one channel only',
    'Use "source: notify"',
  ],
  [
    'watchdog: { within: 15s, source: log }\n    log: { file: a.log, direct: true }',
    'The watchdog of service "a" looks at its output, but with "log.direct" nobody reads it',
    'Choose another "source", or remove "direct"',
  ],
  [
    'watchdog: 15s\n    type: task',
    'Task "a" cannot have a "watchdog": it is ready only when it has ended',
    'Remove it',
  ],
  [
    'watchdog: { source: log }',
    '"watchdog" of service "a" does not say how long it may be silent',
    'Write it as "within", such as within: 15s',
  ],
  ['watchdog: { within: 50ms, source: log }', `${within}, but is "50ms"`, undefined],
  ['watchdog: { within: 15, source: log }', `${within}, but is the number 15`, 'Write the unit: 15s or 15ms'],
  [
    'watchdog: { within: 15s, source: lgo }',
    '"watchdog.source" of service "a" must be "notify", "fd", "node", "systemd" or "log", but is "lgo"',
    'Did you mean "log"?',
  ],
] as const) {
  test(`G10 refused, with what to do: ${lines.replace(/\s+/g, ' ')}`, async () => {
    const diagnostics = await badConfig(`services:\n  a:\n    command: x\n    ${lines}\n`);
    assert.deepEqual(
      diagnostics.map((one) => [one.message, one.hint]),
      [[message, hint]],
    );
  });
}

test('G10 what is wrong with a watchdog for all has its place there, and says how to do without', async () => {
  const diagnostics = await badConfig('defaults:\n  watchdog: 15s\nservices:\n  a: { command: x }\n');
  assert.deepEqual(places(diagnostics), [
    '2:13 The watchdog of service "a" has no channel for heartbeats, since "ready" has no "notify"',
  ]);
  assert.match(diagnostics[0]?.hint ?? '', /, or "watchdog: null" for "a"$/);
});
