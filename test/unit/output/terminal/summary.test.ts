import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact } from '../../../../src/events/event.ts';
import { EMPTY_STATUS, foldStatus } from '../../../../src/events/status.ts';
import type { Level, Message } from '../../../../src/output/terminal/messages.ts';
import { EMPTY_TALLY, foldTally, summarise } from '../../../../src/output/terminal/summary.ts';
import {
  eventsOf,
  failed,
  failureOf,
  finished,
  interrupted,
  ready,
  runStarted,
  starting,
  type Timed,
} from '../support/events.ts';

function summaryOf(facts: readonly Timed[]): string[] {
  return messagesOf(facts).map(({ text }) => text);
}

function messagesOf(facts: readonly Timed[], foreground?: string): readonly Message[] {
  let status = EMPTY_STATUS;
  let tally = EMPTY_TALLY;
  for (const event of eventsOf(facts)) {
    tally = foldTally(tally, event, status);
    status = foldStatus(status, event);
  }
  return summarise(status, tally, { foreground });
}

const running: Timed[] = [
  [0, runStarted('db', 'api', 'web')],
  [1, starting('db')],
  [2, ready('db', 1)],
];
const killed: Fact = { type: 'service.killed', service: 'db', attempt: 1, reason: 'still alive after 2 s' };
const cleanupFailed: Fact = {
  ...{ type: 'service.cleanup', service: 'db', attempt: 1, run: 'rm x' },
  ...{ code: 1, took_ms: 5, timed_out: false },
};
const done: Fact = { type: 'shutdown.requested', cause: { kind: 'done' }, budget_ms: 1 };
const collapse: Fact = {
  type: 'shutdown.requested',
  cause: { kind: 'collapse', service: 'api', why: 'exited with code 3' },
  budget_ms: 1,
};

const fallen = (fact: Fact): Fact => ({ ...fact, due_to: 'api' }) as Fact;
const apiFailure = failureOf('api', 'exited with code 3', {
  attempts: 3,
  output: ['boom', 'at line 7'],
  fell: [
    { service: 'db', how: 'failed', because: 'was killed by SIGSEGV' },
    { service: 'web', how: 'skipped', because: '"api" failed' },
  ],
});

const table: readonly (readonly [name: string, facts: readonly Timed[], lines: readonly string[]])[] = [
  ['nothing before the end', running, []],
  [
    'one calm line when everything is done',
    [...running, [5, done], [6, finished(0, 'everything is done')]],
    ['everything is done'],
  ],
  [
    'one calm line when it was told to stop and did, with the time it took',
    [...running, [1000, interrupted()], [2300, finished(130, 'SIGINT')]],
    ['stopped after 1.3 s: SIGINT'],
  ],
  [
    'a failure: the cause last, above it the last output of what failed first, then what fell because of it',
    [
      ...running,
      [3, failed('api', 'exited with code 3', ['boom', 'at line 7'])],
      [4, collapse],
      [5, fallen(failed('db', 'was killed by SIGSEGV'))],
      [6, fallen({ type: 'service.skipped', service: 'web', attempt: 0, because: '"api" failed' })],
      [7, finished(1, '"api" failed: exited with code 3', apiFailure)],
    ],
    [
      'api (instance 3) failed 400 ms after it was started:',
      '  output  | boom',
      '          | at line 7',
      '  fell    db (was killed by SIGSEGV), web (skipped)',
      '  next    see why',
      '"api" failed: exited with code 3',
    ],
  ],
  [
    'what failed by itself beside the cause, and what was skipped for another reason',
    [
      ...running,
      [3, failed('db', 'was killed by SIGSEGV')],
      [4, { type: 'service.skipped', service: 'web', attempt: 0, because: '"db" failed' }],
      [5, failed('api', 'exited with code 3')],
      [6, collapse],
      [7, finished(1, '"api" failed: exited with code 3', failureOf('api', 'exited with code 3'))],
    ],
    [
      'skipped: web',
      'also failed: db: was killed by SIGSEGV',
      'api failed 400 ms after it was started:',
      '  next    see why',
      '"api" failed: exited with code 3',
    ],
  ],
  [
    'who was killed as it fell is told there, and not twice',
    [
      ...running,
      [3, collapse],
      [4, killed],
      [5, cleanupFailed],
      [
        6,
        finished(
          1,
          '"api" failed: x',
          failureOf('api', 'x', { fell: [{ service: 'db', how: 'killed', because: 'too slow' }] }),
        ),
      ],
    ],
    [
      'db: clean-up failed: "rm x" exited with code 1 after 5 ms',
      'api failed 400 ms after it was started:',
      '  fell    db (killed: too slow)',
      '  next    see why',
      '"api" failed: x',
    ],
  ],
  [
    'what was not clean, the first of it as the cause, and who survived',
    [
      ...running,
      [3, interrupted()],
      [4, killed],
      [5, cleanupFailed],
      [
        6,
        {
          ...{ type: 'run.finished', status: 3, cause: '"db" had to be killed' },
          survivors: [{ service: 'db', pid: 9, command: 'postgres: writer' }],
        },
      ],
    ],
    [
      'db: clean-up failed: "rm x" exited with code 1 after 5 ms',
      'db: process 9 is still alive: postgres: writer',
      'not stopped cleanly: "db" had to be killed',
    ],
  ],
  [
    'a kill before the shutdown is over and done with',
    [...running, [3, killed], [4, cleanupFailed], [5, interrupted()], [6, finished(130, 'SIGINT')]],
    ['stopped after 1 ms: SIGINT'],
  ],
  [
    'a status that is a service’s own',
    [...running, [5, done], [6, finished(7, '"db" exited with code 7')]],
    ['"db" exited with code 7'],
  ],
];

for (const [name, facts, lines] of table) test(name, () => assert.deepEqual(summaryOf(facts), lines));

test('a command that runs alone and ends well is not talked of; one that fails, or has services beside it, is', () => {
  const said = (services: readonly string[], status: number, cause: string) =>
    messagesOf(
      [
        [0, runStarted(...services)],
        [1, starting('run')],
        [7, finished(status, cause)],
      ],
      'run',
    ).length;
  assert.equal(said(['run'], 0, '"run" exited with code 0'), 0);
  assert.equal(said(['run'], 3, '"run" exited with code 3'), 1);
  assert.equal(said(['run', 'db'], 0, '"run" exited with code 0'), 1);
});

const endings: readonly (readonly [
  status: number,
  cause: string,
  shutdown: Fact,
  level: Level,
  text: string,
])[] = [
  [0, 'everything is done', done, 'good', 'everything is done'],
  [0, '"run" exited with code 0', done, 'good', '"run" exited with code 0'],
  [9, '"run" exited with code 9', done, 'bad', '"run" exited with code 9'],
  [3, '"run" exited with code 3', done, 'bad', '"run" exited with code 3'],
  [137, '"run" was killed by SIGKILL', collapse, 'bad', '"run" was killed by SIGKILL'],
  [1, '"api" failed: x', collapse, 'bad', '"api" failed: x'],
  [1, '"api" failed: x', interrupted(), 'bad', '"api" failed: x'],
  [130, 'SIGINT', interrupted(), 'good', 'stopped after 2 ms: SIGINT'],
  [
    143,
    '"run" was killed by SIGTERM',
    interrupted(),
    'info',
    'stopped after 2 ms: "run" was killed by SIGTERM',
  ],
  [6, '"run" exited with code 6', interrupted(), 'bad', '"run" exited with code 6'],
];

for (const [status, cause, shutdown, level, text] of endings) {
  test(`G8: only what went well ends in green: ${status}, ${cause}`, () => {
    const last = messagesOf([...running, [5, shutdown], [7, finished(status, cause)]]).at(-1);
    assert.deepEqual(last, { level, text });
  });
}
