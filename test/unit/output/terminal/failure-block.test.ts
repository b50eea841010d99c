import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FailureReport } from '../../../../src/events/failure.ts';
import { failureBlock } from '../../../../src/output/terminal/failure-block.ts';
import { failureOf } from '../support/events.ts';

function blockOf(more: Partial<FailureReport>, isShown = false): string[] {
  return failureBlock(failureOf('api', 'exited with code 1', more), isShown).map(({ text }) => text);
}

const head = 'api failed 400 ms after it was started:';
const next = '  next    see why';

const table: readonly (readonly [name: string, more: Partial<FailureReport>, lines: readonly string[]])[] = [
  ['a failure that nothing more is known of', {}, [head, next]],
  [
    'which instance it was, if it was not the first',
    { attempts: 4 },
    [head.replace('api', 'api (instance 4)'), next],
  ],
  ['its last output', { output: ['one', 'two'] }, [head, '  output  | one', '          | two', next]],
  [
    'what its exit mostly means',
    { exit: { code: 137, means: 'mostly SIGKILL' } },
    [head, '  exit    137: mostly SIGKILL', next],
  ],
  ['no exit that means nothing in particular', { exit: { code: 7 } }, [head, next]],
  [
    'what it had lost shortly before',
    { earlier: [{ service: 'db', what: 'was killed by SIGKILL', before_ms: 23 }] },
    [head, '  before  db was killed by SIGKILL, 23 ms earlier', next],
  ],
  [
    'who fell with it, how, and in which order',
    {
      fell: [
        { service: 'web', how: 'skipped', because: '"api" failed' },
        { service: 'job', how: 'stopped', exit: { code: 5 } },
        { service: 'mail', how: 'stopped', exit: { code: 143 } },
        { service: 'bus', how: 'failed', because: 'exited with code 2 after 3 s', exit: { code: 2 } },
        { service: 'db', how: 'killed', because: 'still alive after its grace of 2 s' },
      ],
    },
    [
      head,
      '  fell    web (skipped), job (stopped, exited with code 5), mail (stopped), bus (exited with code 2 after 3 s), db (killed: still alive after its grace of 2 s)',
      next,
    ],
  ],
];

for (const [name, more, lines] of table) test(name, () => assert.deepEqual(blockOf(more), lines));

test('of what never ran, and of what was not clean, no more than what to do', () => {
  const { uptime_ms: _, ...neverRan } = failureOf('api', 'Cannot start "api"');
  assert.deepEqual(failureBlock(neverRan, false), [{ level: 'info', text: next }]);
});

test('no more than the last twenty lines of output', () => {
  const output = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  assert.deepEqual(
    blockOf({ output })
      .slice(1, -1)
      .map((line) => line.slice(10)),
    output.slice(-20).map((text) => `| ${text}`),
  );
});

test('output is shown as it was to be seen: without colours and controls, of a progress bar the last state', () => {
  const output = ['\x1b[31mError: \x1b[1mno', '10 %\r50 %\r99 %', 'ends in CR\r', 'be\x07ll'];
  assert.deepEqual(
    blockOf({ output })
      .slice(1, -1)
      .map((line) => line.slice(10)),
    ['| Error: no', '| 99 %', '| ends in CR', '| bell'],
  );
});

test('output that stands right above is not repeated', () => {
  assert.deepEqual(blockOf({ output: ['one'] }, true), [
    head,
    '  output  its last lines are those above',
    next,
  ]);
  assert.deepEqual(blockOf({ output: [] }, true), [head, next]);
});

test('of a hundred that fell a dozen are named', () => {
  const fell = Array.from({ length: 100 }, (_, index) => ({ service: `s${index}`, how: 'stopped' as const }));
  const line = blockOf({ fell })[1] ?? '';
  assert.match(line, / s0 \(stopped\), .*s11 \(stopped\) and 88 more$/);
});
