import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact } from '../../../src/events/event.ts';
import { FailureStory } from '../../../src/events/failure-story.ts';
import {
  eventsOf,
  failed,
  ready,
  runStarted,
  starting,
  stopped,
  type Timed,
} from '../output/support/events.ts';

function storyOf(facts: readonly Timed[]): FailureStory {
  const story = new FailureStory();
  for (const event of eventsOf(facts)) story.apply(event);
  return story;
}

const edge = (service: string) => ({ service, condition: 'ready' as const });
const begun: Timed = [
  0,
  {
    ...runStarted('disk', 'db', 'api', 'web'),
    dependencies: { db: [edge('disk')], api: [edge('db')] },
  } as Fact,
];
const up: Timed[] = [
  begun,
  [1, starting('disk')],
  [2, starting('db')],
  [3, ready('db', 1)],
  [4, starting('api')],
];
const exited = (service: string, code: number, asked = false): Fact => ({
  ...{ type: 'service.exited', service, attempt: 1 },
  ...{ code, asked },
});
const dueTo = (fact: Fact, due_to: string): Fact => ({ ...fact, due_to }) as Fact;

test('who fell is told in the order of the ends, with how', () => {
  const killed: Fact = { type: 'service.killed', service: 'db', attempt: 1, reason: 'too slow' };
  const skipped: Fact = { type: 'service.skipped', service: 'web', attempt: 0, because: '"api" failed' };
  const story = storyOf([
    ...up,
    [5, exited('api', 1)],
    [6, dueTo(skipped, 'api')],
    [7, failed('api', 'exited with code 1')],
    [8, killed],
    [9, dueTo(stopped('db'), 'api')],
    [10, exited('disk', 3)],
    [11, dueTo(failed('disk', 'exited with code 3'), 'api')],
  ]);
  assert.deepEqual(story.fellWith('api'), [
    { service: 'web', how: 'skipped', because: '"api" failed' },
    { service: 'db', how: 'killed', because: 'too slow' },
    { service: 'disk', how: 'failed', because: 'exited with code 3', exit: { code: 3 } },
  ]);
  assert.deepEqual(story.fellWith('db'), []);
});

const table: readonly (readonly [name: string, facts: readonly Timed[], lost: readonly string[]])[] = [
  [
    'what it needs, lost while it ran',
    [
      [100, exited('db', 9)],
      [123, exited('api', 1)],
    ],
    ['db 23'],
  ],
  [
    'what it needs through others too, the latest first',
    [
      [50, exited('disk', 1)],
      [100, exited('db', 9)],
      [123, exited('api', 1)],
    ],
    ['db 23', 'disk 73'],
  ],
  [
    'even if it was ready again by then',
    [
      [100, exited('db', 9)],
      [110, ready('db', 5)],
      [123, exited('api', 1)],
    ],
    ['db 23'],
  ],
  [
    'not what was asked to end',
    [
      [100, exited('db', 0, true)],
      [123, exited('api', 1)],
    ],
    [],
  ],
  [
    'not what was lost later',
    [
      [123, exited('api', 1)],
      [124, exited('db', 9)],
    ],
    [],
  ],
  [
    'not what was lost long before',
    [
      [100, exited('db', 9)],
      [20_000, exited('api', 1)],
    ],
    [],
  ],
  [
    'not what an instance before it lost',
    [
      [100, exited('db', 9)],
      [110, starting('api', 2)],
      [123, exited('api', 1)],
    ],
    [],
  ],
  [
    'nothing of what it doesn’t need',
    [
      [100, exited('web', 9)],
      [123, exited('api', 1)],
    ],
    [],
  ],
];

for (const [name, facts, lost] of table) {
  test(`what was lost before a failure: ${name}`, () => {
    const seen = storyOf([...up, ...facts]).lostBefore('api');
    assert.deepEqual(
      seen.map(({ service, before_ms }) => `${service} ${before_ms}`),
      lost,
    );
  });
}

test('a dependency that was found unhealthy is a loss as well', () => {
  const sick: Fact = {
    type: 'service.unhealthy',
    service: 'db',
    attempt: 1,
    failures: 3,
    detail: 'no answer',
  };
  const [loss] = storyOf([...up, [100, sick], [130, exited('api', 1)]]).lostBefore('api');
  assert.deepEqual(loss, { service: 'db', what: 'was unhealthy: no answer', before_ms: 30 });
});
