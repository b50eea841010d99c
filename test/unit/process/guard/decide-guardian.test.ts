import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decideGuardian,
  guardianNote,
  hadBegun,
  MOST_ENDS,
  WINDOW_MS,
} from '../../../../src/process/guard/guardian.ts';

/** What is decided of guardians that end at these times, in turn. */
function decisions(...endsMs: readonly number[]): readonly string[] {
  let before: readonly number[] = [];
  return endsMs.map((atMs) => {
    const decision = decideGuardian(before, atMs);
    if (decision.kind === 'replace') before = decision.endsMs;
    return decision.kind;
  });
}

test('a guardian that ends now and then is replaced for ever', () => {
  const rarely = Array.from({ length: 20 }, (_, index) => index * (WINDOW_MS / (MOST_ENDS - 1)));
  assert.ok(decisions(...rarely).every((kind) => kind === 'replace'));
});

test('one that ends again and again is given up', () => {
  const often = Array.from({ length: MOST_ENDS }, (_, index) => index * 300);
  assert.deepEqual(decisions(...often), [...Array(MOST_ENDS - 1).fill('replace'), 'give-up']);
});

test('what became of a guardian is told with what follows', () => {
  assert.equal(
    guardianNote(12, 'was stopped', 'replace'),
    'the guardian (pid 12), which kills the services should orderly be killed, was stopped: another has taken its place',
  );
  assert.match(
    guardianNote(12, 'exited with 1', 'give-up'),
    /as 4 others within 1 m: no other is started; should orderly/,
  );
});

test('a guardian that ended by what it ignores had not begun: a Ctrl-C that came while it was started is no trouble', () => {
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGTERM', 'SIGTSTP'] as const)
    assert.equal(hadBegun({ kind: 'signal', signal }), false, signal);
  for (const signal of ['SIGKILL', 'SIGSEGV', 'SIGSYS'] as const)
    assert.equal(hadBegun({ kind: 'signal', signal }), true, signal);
  assert.equal(hadBegun({ kind: 'code', code: 1 }), true);
});
