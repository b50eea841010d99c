import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Fact } from '../../../../src/events/event.ts';
import { renderBoard, truncate } from '../../../../src/output/terminal/board.ts';
import { PLAIN_PALETTE } from '../../../../src/output/terminal/palette.ts';
import { assertProperty } from '../../../support/assert-property.ts';
import { failed, ready, runStarted, starting, statusOf, stopping, type Timed } from '../support/events.ts';

const facts: Timed[] = [
  [0, runStarted('db', 'api', 'web')],
  [
    1,
    {
      type: 'service.pending',
      service: 'api',
      attempt: 0,
      waiting_for: [{ service: 'db', condition: 'ready', why: 'starting' }],
    },
  ],
  [1, starting('web')],
  [1, starting('db')],
  [313, ready('db', 312, 'tcp 127.0.0.1:5432')],
];

test('each service has its line: state, and what there is to know about it', () => {
  assert.deepEqual(renderBoard(statusOf(facts), 1201, { columns: 80, rows: 24 }, PLAIN_PALETTE), [
    'starting shop: 1 of 3 ready, 1.2 s',
    ' ✔ db   ready     312 ms, tcp 127.0.0.1:5432',
    ' · api  pending   for db',
    ' ⠹ web  starting  1.2 s',
  ]);
});

const unready = (service: string, detail: string): Fact => ({
  ...{ type: 'service.unready', service, attempt: 1 },
  detail,
});

test('what starts says why it is not ready yet, as it was told last', () => {
  const why: Timed[] = [
    [1000, unready('web', 'http 127.0.0.1:3000: no answer')],
    [2000, unready('web', 'http 127.0.0.1:3000: connection refused')],
  ];
  const status = statusOf([...facts, ...why]);
  assert.equal(
    renderBoard(status, 14_101, { columns: 80, rows: 24 }, PLAIN_PALETTE)[3],
    ' ⠙ web  starting  14.1 s: http 127.0.0.1:3000: connection refused',
  );
});

test('when it is back after the start only what is on its way is named', () => {
  const later: Timed[] = [
    [2000, ready('web', 1999)],
    [2000, starting('api')],
    [2001, ready('api', 1)],
    [5000, stopping('api', 9000)],
    [
      6000,
      { type: 'service.backoff', service: 'db', attempt: 1, delay_ms: 2000, failures: 1, cause: 'left' },
    ],
  ];
  const status = statusOf([...facts, ...later]);
  assert.deepEqual(renderBoard(status, 6500, { columns: 80, rows: 24 }, PLAIN_PALETTE, true), [
    'shop: 1 of 3 ready',
    ' ↻ db   backoff   in 1.5 s: left',
    ' ↓ api  stopping  1.5 s',
  ]);
});

test('who is ready and unhealthy is shown as that, with why', () => {
  const ill: Timed = [
    900,
    { type: 'service.unhealthy', service: 'db', attempt: 1, failures: 3, detail: 'no answer' },
  ];
  const size = { columns: 80, rows: 24 };
  assert.equal(
    renderBoard(statusOf([...facts, ill]), 1201, size, PLAIN_PALETTE)[1],
    ' ! db   unhealthy no answer',
  );
  const well: Timed = [950, { type: 'service.healthy', service: 'db', attempt: 1 }];
  assert.match(renderBoard(statusOf([...facts, ill, well]), 1201, size, PLAIN_PALETTE)[1]!, /ready/);
});

test('what is on its way or has failed goes before what is settled, where there is no room for all', () => {
  const status = statusOf([...facts, [400, failed('web', 'exited with code 3')]]);
  assert.deepEqual(renderBoard(status, 500, { columns: 80, rows: 4 }, PLAIN_PALETTE), [
    'starting shop: 1 of 3 ready, 500 ms',
    ' ✖ web  failed    exited with code 3',
    ' and 2 more',
  ]);
});

test('a name that would take more than a third of the width loses its middle', () => {
  const status = statusOf([
    [0, runStarted('shop-web-frontend-next', 'db')],
    [1, starting('db')],
  ]);
  assert.deepEqual(renderBoard(status, 5001, { columns: 40, rows: 24 }, PLAIN_PALETTE).slice(1), [
    ' · shop-…next  pending',
    ' ⠋ db          starting  5 s',
  ]);
});

test('a line is not wider than the terminal, whatever wide characters a reason has', () => {
  const status = statusOf([...facts, [1000, unready('web', '接続が拒否されました')]]);
  assert.equal(
    renderBoard(status, 2001, { columns: 32, rows: 24 }, PLAIN_PALETTE)[3],
    ' ⠋ web  starting  2 s: 接続が…',
  );
});

test('a frame is never as wide as the terminal nor as high', () => {
  assertProperty(
    fc.property(
      fc.array(fc.string({ minLength: 1, maxLength: 30 }), { maxLength: 20 }),
      fc.integer({ min: 2, max: 100 }),
      fc.integer({ min: 2, max: 30 }),
      (names, columns, rows) => {
        const status = statusOf([
          [0, runStarted(...names)],
          ...names.map((name): Timed => [1, starting(name)]),
        ]);
        const lines = renderBoard(status, 5000, { columns, rows }, PLAIN_PALETTE);
        assert.ok(lines.length < rows);
        for (const line of lines) assert.ok([...line].length < columns, line);
      },
    ),
  );
});

test('a text that is too long ends in an ellipsis', () => {
  assert.deepEqual(
    [truncate('abcdef', 7), truncate('abcdef', 6), truncate('abc', 1)],
    ['abcdef', 'abcd…', '…'],
  );
});
