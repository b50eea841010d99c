import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitStatus, statusOfExit } from '../../../../src/engine/outcome/exit-status.ts';
import type { ShutdownCause } from '../../../../src/events/event.ts';

const done: ShutdownCause = { kind: 'done' };
const signal = (name: 'SIGTERM' | 'SIGINT' | 'SIGHUP'): ShutdownCause => ({ kind: 'signal', signal: name });

test('G8 the first that applies decides the status', () => {
  const table: [boolean, boolean, ShutdownCause, number, string | undefined][] = [
    [false, false, done, 0, undefined],
    [false, false, { kind: 'down' }, 0, undefined],
    [false, false, { kind: 'output-closed' }, 0, undefined],
    [false, false, { kind: 'parent-gone' }, 0, undefined],
    [false, false, signal('SIGTERM'), 143, 'SIGTERM'],
    [false, false, signal('SIGINT'), 130, 'SIGINT'],
    [false, false, signal('SIGHUP'), 129, 'SIGHUP'],
    [false, true, done, 3, undefined],
    [false, true, signal('SIGINT'), 3, undefined],
    [true, false, signal('SIGTERM'), 1, undefined],
    [true, true, { kind: 'collapse', service: 'a', why: 'b' }, 1, undefined],
  ];
  for (const [failed, unclean, cause, status, raise] of table) {
    assert.deepEqual(exitStatus({ failed, unclean, cause }), { status, raise }, JSON.stringify(cause));
  }
});

test('G8 the status of an exit is what a shell gives it', () => {
  assert.equal(statusOfExit({ kind: 'code', code: 7 }), 7);
  assert.equal(statusOfExit({ kind: 'signal', signal: 'SIGKILL' }), 137);
  assert.equal(statusOfExit({ kind: 'signal', signal: 'SIGSEGV' }), 139);
});
