import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { exitOfWaitStatus, isStopStatus } from '../../../../src/process/orphans/wait-status.ts';

for (const [status, exit] of [
  [0x0000, { kind: 'code', code: 0 }],
  [0x0100, { kind: 'code', code: 1 }],
  [0xff00, { kind: 'code', code: 255 }],
  [0x0009, { kind: 'signal', signal: 'SIGKILL' }],
  [0x000f, { kind: 'signal', signal: 'SIGTERM' }],
  // With a core dump.
  [0x008b, { kind: 'signal', signal: 'SIGSEGV' }],
  // A real-time signal has no name of its own.
  [0x0022, { kind: 'signal', signal: 'SIG34' }],
] as const) {
  test(`a wait status of 0x${status.toString(16)} is ${JSON.stringify(exit)}`, () => {
    assert.deepEqual(exitOfWaitStatus(status), exit);
  });
}

test('a stop is told from an end: by Ctrl-Z, by SIGSTOP, by a core dump', () => {
  assert.deepEqual([0x147f, 0x137f, 0x008b, 0x7f00].map(isStopStatus), [true, true, false, false]);
});

test('it is as the system has it', () => {
  // perl's $? is what waitpid gives.
  const program = 'for my $c ("exit 7", "kill -KILL \\$\\$") { system("/bin/sh", "-c", $c); print "$?\\n" }';
  const { stdout } = spawnSync('perl', ['-e', program], { encoding: 'utf8' });
  assert.deepEqual(stdout.trim().split('\n').map(Number).map(exitOfWaitStatus), [
    { kind: 'code', code: 7 },
    { kind: 'signal', signal: 'SIGKILL' },
  ]);
});
