import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact } from '../../../../src/events/event.ts';
import { allReady, waitingLine } from '../../../../src/output/terminal/waiting-line.ts';
import {
  cleaning,
  failed,
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
    'it says why, and of a long reason no more than what fits among others',
    [
      [0, runStarted('db', 'api')],
      [1000, starting('db')],
      [1000, starting('api')],
      [2000, { type: 'service.unready', service: 'db', attempt: 1, detail: 'tcp 127.0.0.1:5432: no answer' }],
      [2000, { type: 'service.unready', service: 'api', attempt: 1, detail: 'x'.repeat(300) }],
    ],
    11_000,
    `still starting db (10 s: tcp 127.0.0.1:5432: no answer), api (10 s: ${'x'.repeat(192)}…)`,
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

for (const [name, facts, text] of [
  ['when all are up it is told how many, and after how long', running, 'all 3 ready after 10.8 s'],
  [
    'tasks that have completed count',
    [...running, [20, { type: 'service.completed', service: 'db', attempt: 1 }]],
    'all 3 ready after 10.8 s',
  ],
  [
    'where they are is told: what they reported, else where they were asked',
    [
      ...running,
      [20, ready('api', 20, 'http http://127.0.0.1:3000/healthz: 200 after 20 ms')],
      [20, { ...ready('web', 20), values: { port: '5173', url: 'http://localhost:5173/' } } as Fact],
    ],
    'all 3 ready after 10.8 s: api http://127.0.0.1:3000/, web http://localhost:5173/',
  ],
  [
    'never with a password, nor what is no address of a page',
    [
      ...running,
      [
        20,
        {
          ...ready('web', 20),
          values: { url: 'http://ada:secret@localhost/', db: 'postgres://localhost/' },
        } as Fact,
      ],
    ],
    'all 3 ready after 10.8 s',
  ],
  [
    'of many the first ones',
    [
      [0, runStarted('a', 'b', 'c', 'd', 'e', 'f')],
      ...['a', 'b', 'c', 'd', 'e', 'f'].map((name): Timed => [10, ready(name, 10, `http http://${name}/`)]),
    ],
    'all 6 ready after 10.8 s: a http://a/, b http://b/, c http://c/, d http://d/ and 2 more',
  ],
  ['not when one of them is not', [...running, [20, failed('web', 'left')]], undefined],
  [
    'not of one alone, which has said it itself',
    [
      [0, runStarted('db')],
      [0, starting('db')],
      [10, ready('db', 10)],
    ],
    undefined,
  ],
  [
    'not when everything is done: then that is told',
    [
      [0, runStarted('db', 'api')],
      [10, { type: 'service.completed', service: 'db', attempt: 1 }],
      [10, { type: 'service.completed', service: 'api', attempt: 1 }],
    ],
    undefined,
  ],
  [
    'what was not selected does not count',
    [
      [0, { ...runStarted('db', 'api', 'web'), selection: ['db', 'api'] } as Fact],
      [0, starting('db')],
      [0, starting('api')],
      [10, ready('db', 10)],
      [10, ready('api', 10)],
    ],
    'all 2 ready after 10.8 s',
  ],
] as readonly (readonly [string, readonly Timed[], string | undefined])[]) {
  test(name, () => assert.equal(allReady(statusOf(facts), 10_800)?.text, text));
}
