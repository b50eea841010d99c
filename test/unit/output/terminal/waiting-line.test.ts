import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitingLine } from '../../../../src/output/terminal/board.ts';
import {
  cleaning,
  interrupted,
  ready,
  runStarted,
  starting,
  statusOf,
  stopped,
  stopping,
  type Timed,
} from '../support/events.ts';

const running: Timed[] = [
  [0, runStarted('db', 'api', 'web')],
  [0, starting('db')],
  [0, starting('api')],
  [0, starting('web')],
  [10, ready('db', 10)],
  [10, ready('api', 10)],
  [10, ready('web', 10)],
];
const stopRequested: Timed[] = [...running, [1000, interrupted()]];

const table: readonly (readonly [
  name: string,
  facts: readonly Timed[],
  nowMs: number,
  line: string | undefined,
])[] = [
  ['nobody is waited for when all are ready', running, 500, undefined],
  [
    'who starts is named with its age, who waits for it is a number',
    [
      [0, runStarted('db', 'api')],
      [1000, starting('db')],
    ],
    11_000,
    'still starting db (10 s); 1 more after that',
  ],
  [
    'one in back-off is named with the time until its restart',
    [
      [0, runStarted('db')],
      [1000, { type: 'service.backoff', service: 'db', attempt: 1, delay_ms: 2000, failures: 1, cause: '' }],
    ],
    1500,
    'still starting db (restarts in 1.5 s)',
  ],
  [
    'who stops is named with its age and its deadline, those before it in the order are a number',
    [...stopRequested, [1000, stopping('web', 9000)]],
    5100,
    'waiting for web (4.1 s, killed in 3.9 s); 2 more after that',
  ],
  [
    'past the deadline it is being killed',
    [...stopRequested, [1000, stopping('web', 9000)]],
    9000,
    'waiting for web (8 s, being killed); 2 more after that',
  ],
  [
    'clean-ups are told from stopping',
    [...stopRequested, [1000, stopping('web', 9000)], [1000, stopping('api', 3000)], [2000, cleaning('web')]],
    2400,
    'waiting for api (1.4 s, killed in 600 ms), web (cleaning up, 400 ms); 1 more after that',
  ],
  [
    'nobody is waited for when all are gone',
    [...stopRequested, [1100, stopped('web')], [1100, stopped('api')], [1100, stopped('db')]],
    1200,
    undefined,
  ],
];

for (const [name, facts, nowMs, line] of table) {
  test(name, () => assert.equal(waitingLine(statusOf(facts), nowMs), line));
}
