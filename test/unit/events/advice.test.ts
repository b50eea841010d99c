import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advise, type Failed } from '../../../src/events/advice.ts';
import { exitFact } from '../../../src/events/exit-fact.ts';
import type { FailureKind } from '../../../src/events/failure.ts';

const code = (number: number): Pick<Failed, 'exit'> => ({ exit: exitFact({ kind: 'code', code: number }) });
const by = (signal: string): Pick<Failed, 'exit'> => ({ exit: exitFact({ kind: 'signal', signal }) });

const held = (...settings: string[]): Pick<Failed, 'limit'> => ({ limit: { settings } });

function adviceOn(kind: FailureKind, more: Partial<Failed> = {}): string {
  return advise({ service: 'api', kind, isTask: false, hasOutput: true, ...more });
}

const table: readonly (readonly [name: string, advice: string, wanted: RegExp])[] = [
  ['a command that is not there', adviceOn('command-not-found'), /install it, or correct "command" of "api"/],
  ['a command that may not be executed', adviceOn('not-executable'), /may be executed/],
  ['what the system refused', adviceOn('not-started'), /orderly doctor/],
  ['a value that nobody reported', adviceOn('value-missing'), /report that value/],
  ['an ordinary crash', adviceOn('exited', code(1)), /^see its last output .* orderly run api$/],
  [
    'a crash without a word',
    adviceOn('exited', { ...code(1), hasOutput: false }),
    /wrote nothing; .* orderly run api$/,
  ],
  [
    'a task',
    adviceOn('exited', { ...code(1), isTask: true }),
    /mend what its output tells, then .* orderly run api$/,
  ],
  [
    'an end with success before it was ready',
    adviceOn('exited-early', code(0)),
    /"type: task".* foreground$/,
  ],
  ['SIGKILL', adviceOn('exited', by('SIGKILL')), /dmesg/],
  ['137, as a shell tells it', adviceOn('exited', code(137)), /dmesg/],
  ['SIGTERM from outside', adviceOn('exited', by('SIGTERM')), /who sent it/],
  ['143', adviceOn('exited-early', code(143)), /who sent it/],
  ['a crash in native code', adviceOn('exited', by('SIGSEGV')), /coredumpctl/],
  ['127 of a script', adviceOn('exited', code(127)), /which command it could not run/],
  [
    'a port that another has, for a crash',
    adviceOn('exited-early', { held_by: 'process 7 (nginx)' }),
    /^stop process 7 \(nginx\), or give "api" another port$/,
  ],
  [
    'a port that another has, for a deadline',
    adviceOn('not-ready', { held_by: 'process 7 (nginx)' }),
    /^stop process 7/,
  ],
  [
    'a dependency that was lost before',
    adviceOn('exited', { ...code(1), lost: 'db' }),
    /^see first why "db" was lost/,
  ],
  ['a deadline', adviceOn('not-ready'), /ready\.within/],
  ['a channel that was closed', adviceOn('never-ready'), /whether "ready" of "api" fits/],
  ['a monitor', adviceOn('unhealthy'), /health check or watchdog/],
  ['an edge', adviceOn('dependency-late'), /"timeout" of that edge/],
  ['what may not be signalled', adviceOn('not-signalled'), /keeps orderly from signalling/],
  ['a kill that somebody asked for', adviceOn('killed'), /told to stop again$/],
  ['a kill', adviceOn('killed', held('stop.grace')), /or give it longer: stop\.grace$/],
  [
    'a kill after Ctrl-C',
    adviceOn('killed', held('shutdown.interrupt_grace')),
    /or give it longer: shutdown\.interrupt_grace$/,
  ],
  [
    'a kill after as long a grace',
    adviceOn('killed', held('stop.grace', 'shutdown.interrupt_grace')),
    /longer: stop\.grace and shutdown\.interrupt_grace$/,
  ],
  [
    'a kill for want of budget',
    adviceOn('killed', { limit: { settings: ['--budget'], whole_ms: 23_000 } }),
    /longer: --budget \(with 23 s each has its whole grace\)$/,
  ],
  [
    'a kill because another was slow',
    adviceOn('killed', {
      limit: { settings: ['shutdown.budget'], whole_ms: 1, slow: { service: 'web', took_ms: 6000 } },
    }),
    /, or see why "web" took 6 s before it$/,
  ],
  ['a clean-up', adviceOn('cleanup-failed'), /by hand/],
  ['what was left behind', adviceOn('left-behind'), /doesn't wait for them/],
  ['a process that no kill ends', adviceOn('outlived'), /waits for in the kernel/],
];

for (const [name, advice, wanted] of table)
  test(`what to do about ${name}`, () => assert.match(advice, wanted));

test('advice is one line', () => {
  for (const [, advice] of table) assert.doesNotMatch(advice, /\n|\.$/);
});

test('an exit has its number or signal, and what it mostly means, if anything', () => {
  assert.deepEqual(exitFact({ kind: 'code', code: 7 }), { code: 7 });
  assert.deepEqual(exitFact({ kind: 'unknown' }), {});
  assert.match(exitFact({ kind: 'code', code: 137 }).means ?? '', /^mostly SIGKILL: .*memory/);
  assert.match(exitFact({ kind: 'signal', signal: 'SIGKILL' }).means ?? '', /memory/);
  assert.match(exitFact({ kind: 'code', code: 126 }).means ?? '', /could not be executed/);
  assert.deepEqual(exitFact({ kind: 'signal', signal: 'SIGUSR1' }), { signal: 'SIGUSR1' });
});
