import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchdogPrelude, withWatchdogPid } from '../../../../src/process/spawn/watchdog-pid.ts';

const EXPORT = 'WATCHDOG_PID=$$; export WATCHDOG_PID';
const list = { kind: 'exec', argv: ['server', '-v'] } as const;
const simple = { kind: 'shell', script: 'server -v' } as const;
const script = { kind: 'shell', script: 'server -v; echo end' } as const;
const umask = {
  env: {},
  before: ['/usr/bin/setpriv'],
  script: 'umask 027',
  ids: undefined,
  uid: undefined,
  who: 'user "app"',
};

type Request = Parameters<typeof withWatchdogPid>[0];
const asks = (more: Partial<Request>): Request => ({
  command: list,
  channel: 'systemd',
  watchdogMs: 1_000,
  env: { PATH: '/bin' },
  ...more,
});

/** What the shell around it runs, if there is one for it, and what its own does first. */
const table: readonly [name: string, request: Request, around: string | undefined, own: string][] = [
  ['a list', asks({}), EXPORT, ''],
  ['a simple command', asks({ command: simple }), undefined, `${EXPORT}; `],
  ['a script', asks({ command: script }), undefined, ''],
  ['a list with rights', asks({ rights: umask }), `umask 027; ${EXPORT}`, ''],
  ['a simple command with rights', asks({ command: simple, rights: umask }), `umask 027; ${EXPORT}`, ''],
  ['a script with rights', asks({ command: script, rights: umask }), 'umask 027', ''],
  ['another channel', asks({ channel: 'fd' }), undefined, ''],
  ['no watchdog', asks({ watchdogMs: undefined }), undefined, ''],
  ['a variable that shells can not name', asks({ env: { 'my.key': '1' } }), undefined, ''],
];

for (const [name, request, around, own] of table)
  test(`WATCHDOG_PID, ${name}`, () => {
    assert.equal(withWatchdogPid(request, () => true)?.script, around);
    assert.equal(watchdogPrelude(request), own);
  });

test('WATCHDOG_PID, a list where there is no shell: it is left as it is', () => {
  assert.equal(
    withWatchdogPid(asks({}), () => false),
    undefined,
  );
});
