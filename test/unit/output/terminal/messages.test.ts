import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact, ShutdownCause } from '../../../../src/events/event.ts';
import { describe, type Level } from '../../../../src/output/terminal/messages.ts';
import {
  eventAt,
  failed,
  interrupted,
  ready,
  runStarted,
  starting,
  statusOf,
  stopping,
  type Timed,
} from '../support/events.ts';

const api = { service: 'api', attempt: 1 };
const running: Timed[] = [
  [0, runStarted('db', 'api', 'web')],
  [1, starting('db')],
  [2, starting('api')],
  [3, ready('db', 2)],
];
const inShutdown: Timed[] = [...running, [4, interrupted()]];

function sentence(
  fact: Fact,
  before: readonly Timed[] = running,
  foreground?: string,
): readonly [Level, string] | undefined {
  const message = describe(eventAt(1_202, fact), statusOf(before), foreground);
  return message && [message.level, message.text];
}

const cleanup = {
  ...api,
  type: 'service.cleanup',
  run: 'rm -f pid',
  code: 0,
  took_ms: 12,
  timed_out: false,
} as const;
const backoff = {
  ...api,
  type: 'service.backoff',
  delay_ms: 200,
  failures: 2,
  cause: 'exited with code 3 after 1.2 s',
} as const;

const changed = {
  type: 'graph.changed',
  generation: 2,
  base: 1,
  request: 'r1',
  dependencies: {},
  added: [],
  removed: [],
  changed: [],
} as const;

const table: readonly (readonly [Fact, Level, string])[] = [
  [changed, 'info', 'what is said of the whole graph has changed, and no service'],
  [
    {
      ...changed,
      added: ['b', 'c'],
      removed: ['d'],
      changed: [{ service: 'a', keys: ['env', 'on'], class: 'restart' }],
    },
    'info',
    'the graph has changed: "b", "c" added; "d" removed; "a" changed (env, on)',
  ],
  [ready('db', 312, 'tcp 127.0.0.1:5432'), 'good', 'db: ready: tcp 127.0.0.1:5432'],
  [ready('db', 3, ''), 'good', 'db: ready after 3 ms'],
  [backoff, 'warn', 'api: failed: exited with code 3 after 1.2 s; restarting in 200 ms (failure 2)'],
  [
    { ...backoff, restarts: { used: 2, max: 5 } },
    'warn',
    'api: failed: exited with code 3 after 1.2 s; restarting in 200 ms (2 of 5)',
  ],
  [stopping('api', 99, '"db" was lost'), 'info', 'api: stopping: "db" was lost'],
  [{ ...api, type: 'service.stopped' }, 'info', 'api: stopped'],
  [
    { ...api, type: 'service.killed', reason: 'still alive after 10 s' },
    'warn',
    'api: killed: still alive after 10 s',
  ],
  [{ ...cleanup, code: 2 }, 'bad', 'api: clean-up failed: "rm -f pid" exited with code 2 after 12 ms'],
  [
    { ...cleanup, code: undefined, timed_out: true, took_ms: 3000 },
    'bad',
    'api: clean-up failed: "rm -f pid" timed out after 3 s',
  ],
  [
    { ...cleanup, code: undefined, error: 'not found' },
    'bad',
    'api: clean-up failed: "rm -f pid": not found',
  ],
  [{ ...cleanup, code: undefined }, 'bad', 'api: clean-up failed: "rm -f pid" was cut after 12 ms'],
  [{ ...api, type: 'service.completed' }, 'good', 'api: completed after 1.2 s'],
  [{ service: 'web', attempt: 1, type: 'service.completed' }, 'good', 'web: completed'],
  [
    { ...api, type: 'service.completed', needed_by: ['a', 'b', 'c', 'd'], advice: 'do it' },
    'warn',
    'api: ended by itself after 1.2 s, though "a", "b", "c" and 1 more need it; do it',
  ],
  [
    { ...api, type: 'service.background', left: [{ pid: 7, command: 'redis' }], advice: 'do it' },
    'warn',
    'api: went to the background: what it left behind is stopped now: process 7 (redis); do it',
  ],
  [failed('api', 'not ready within 60 s', ['x']), 'bad', 'api: failed: not ready within 60 s'],
  [{ ...api, type: 'service.skipped', because: '"db" failed' }, 'warn', 'api: skipped: "db" failed'],
  [
    { ...api, type: 'service.note', text: 'port 80 is held by pid 3 (nginx)' },
    'info',
    'api: port 80 is held by pid 3 (nginx)',
  ],
  [{ type: 'run.note', text: 'no lock' }, 'info', 'no lock'],
  [interrupted(), 'info', 'stopping: SIGINT; 2 services, at most 2 s'],
  [
    { type: 'shutdown.escalated', level: 2 },
    'warn',
    'told to stop again: killing what is left; clean-ups still run',
  ],
  [
    { type: 'shutdown.escalated', level: 3 },
    'warn',
    'told to stop a third time: killing everything, clean-ups are given up',
  ],
  [{ type: 'output.dropped', lines: 1234 }, 'warn', '… 1234 lines dropped: the reader of stdout is too slow'],
  [
    { type: 'output.dropped', lines: 1, stream: 'stderr' },
    'warn',
    '… 1 line dropped: the reader of stderr is too slow',
  ],
  [
    { type: 'output.dropped', lines: 2, cause: 'ENOSPC: no space left on device, write' },
    'warn',
    '… 2 lines of stdout dropped: ENOSPC: no space left on device, write',
  ],
];

for (const [fact, level, text] of table) test(text, () => assert.deepEqual(sentence(fact), [level, text]));

const causes: readonly (readonly [ShutdownCause, string])[] = [
  [{ kind: 'signal', signal: 'SIGTERM' }, 'stopping: SIGTERM; 2 services'],
  [
    { kind: 'collapse', service: 'db', why: 'exited with code 3' },
    'stopping: "db" failed: exited with code 3; 2 services',
  ],
  [{ kind: 'down' }, 'stopping: asked to go down; 2 services'],
  [{ kind: 'parent-gone' }, 'stopping: the parent process is gone; 2 services'],
  [{ kind: 'output-closed' }, 'stopping: nobody reads the output any more; 2 services'],
  [{ kind: 'done' }, 'stopping: everything is done; 2 services'],
];

for (const [cause, text] of causes) {
  test(text, () =>
    assert.equal(sentence({ type: 'shutdown.requested', cause, budget_ms: undefined })?.[1], text),
  );
}

test('nothing is said where nobody needs to be told', () => {
  const quiet: Fact[] = [
    runStarted('a'),
    starting('api'),
    cleanup,
    { ...api, type: 'service.pending', waiting_for: [] },
    { ...api, type: 'service.exited', code: 3, asked: false },
    { ...api, type: 'service.cleaning', count: 1 },
    { ...api, type: 'log', stream: 'stdout', text: 'x' },
    { type: 'run.finished', status: 0, cause: '', survivors: [] },
  ];
  for (const fact of quiet) assert.equal(sentence(fact), undefined, fact.type);
});

test('during a shutdown the usual goes without saying', () => {
  const usual: Fact[] = [
    stopping('api', 99),
    { ...api, type: 'service.stopped' },
    { ...api, type: 'service.skipped', because: 'SIGINT' },
  ];
  for (const fact of usual) assert.equal(sentence(fact, inShutdown), undefined, fact.type);
});

test('a shutdown with nothing to stop has no number, and one with everything done no sentence', () => {
  assert.equal(sentence(interrupted(), [])?.[1], 'stopping: SIGINT');
  assert.equal(
    sentence({ type: 'shutdown.requested', cause: { kind: 'done' }, budget_ms: 1 }, []),
    undefined,
  );
});

test('only what has a process is counted: not what never ran, nor what has ended', () => {
  const before: Timed[] = [
    [0, runStarted('db', 'api', 'web', 'mail')],
    [1, starting('db')],
    [2, starting('api')],
    [3, { type: 'service.exited', ...api, code: 3, asked: false }],
    [4, { type: 'service.starting', service: 'web', attempt: 1, pid: undefined }],
    [5, { type: 'service.cleaning', service: 'mail', attempt: 1, count: 1 }],
  ];
  assert.equal(sentence(interrupted(), before)?.[1], 'stopping: SIGINT; 2 services, at most 2 s');
});

test('a failure that takes everything down is told as the cause, and not once more', () => {
  const cause: ShutdownCause = { kind: 'collapse', service: 'api', why: 'exited with code 3' };
  const before: Timed[] = [...running, [4, { type: 'shutdown.requested', cause, budget_ms: 1 }]];
  assert.equal(sentence(failed('api', 'exited with code 3'), before), undefined);
  assert.equal(sentence(failed('db', 'exited with code 3'), before)?.[1], 'db: failed: exited with code 3');
});

test('of the service that has the terminal only a bad end is told, with its code, if others are still to be stopped', () => {
  const exited = (code: number): Fact => ({ type: 'service.exited', ...api, code, asked: false });
  const told = (fact: Fact, before = running) => sentence(fact, before, 'api');
  assert.deepEqual(told(exited(9)), ['bad', 'api: exited with code 9 after 1.2 s']);
  assert.equal(told(exited(0)), undefined);
  const alone: Timed[] = [
    [0, runStarted('api')],
    [2, starting('api')],
  ];
  assert.equal(told(exited(9), alone), undefined);
  assert.equal(told({ type: 'service.exited', ...api, signal: 'SIGTERM', asked: true }), undefined);
  assert.equal(told(ready('api', 3)), undefined);
  assert.equal(told({ ...api, type: 'service.completed' }), undefined);
  assert.equal(told({ type: 'shutdown.requested', cause: { kind: 'done' }, budget_ms: 1 }), undefined);
  assert.equal(told(backoff)?.[0], 'warn');
  assert.equal(told(ready('db', 3))?.[1], 'db: ready: spawned');
});
