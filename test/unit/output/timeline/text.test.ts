/**
 * A timeline on a terminal.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLAIN_PALETTE } from '../../../../src/output/terminal/palette.ts';
import { pathsOf } from '../../../../src/output/timeline/paths/find-paths.ts';
import { renderText } from '../../../../src/output/timeline/text/chart.ts';
import {
  finished,
  goodRun,
  largeRun,
  longRun,
  of,
  shutdown,
  started,
  type Told,
  timelineOf,
} from './runs.ts';

function draw(run: readonly Told[], columns: number): readonly string[] {
  const timeline = timelineOf(...run);
  return renderText(timeline, pathsOf(timeline), columns, PLAIN_PALETTE);
}

test('a run is drawn with its axis, the cause of its end, a legend and both critical paths', () => {
  assert.deepEqual(draw(goodRun, 80), [
    'shop: 5 services, ready after 420 ms, ran 1.2 s,',
    'stopped in 200 ms after SIGTERM, status 143',
    '',
    '                                       SIGTERM ▼',
    '                           500 ms              1.0 s',
    '        ───────────────────┬───────────────────┬───────',
    'db      ░░░░████████████████████████████████████████▼▼▼■ ready after 90 ms',
    'cache   ·░██████████████████████████████████████████▼■   ready after 35 ms',
    'migrate ····▒▒▒▒▒▒▒▒✔                          ┊         completed after 190 ms',
    'api     ············░░░█████████████████████████▼▼▼≈≈■   ready after 80 ms',
    'web     ················░██████████████████████▼■        ready after 20 ms',
    '',
    '· waiting   ░ starting   ▒ running   █ ready   ▼ stopping   ≈ cleaning',
    '✔ completed   ■ stopped',
    '',
    'Start-up: 420 ms until web was ready',
    '  100 ms   24 %  db       starting 90 ms, launching 10 ms',
    '  200 ms   48 %  migrate  running 190 ms, launching 10 ms',
    '   90 ms   21 %  api      starting 80 ms, launching 10 ms',
    '   30 ms    7 %  web      starting 20 ms, launching 10 ms',
    '  api waited for migrate: 200 ms (48 %)',
    '',
    'Shutdown: 200 ms',
    '   20 ms   10 %  web      stopping 20 ms',
    '  110 ms   55 %  api      stopping 80 ms, cleaning 30 ms',
    '   60 ms   30 %  db       stopping 60 ms',
    '   10 ms    5 %  orderly  finishing 10 ms',
    '  db was to stop after api: 110 ms (55 %)',
  ]);
});

const strange = '\u001b[2J\u0007strange\n';
const strangeRun: readonly Told[] = [
  started(0, { [strange]: [], b: [strange] }, strange),
  of(1, strange, 'starting'),
  of(2, strange, 'ready', { evidence: strange }),
  of(3, 'b', 'starting'),
  of(4, 'b', 'ready'),
  shutdown(5, { kind: strange }),
  of(6, strange, 'killed', { reason: strange }),
  of(8, strange, 'failed', { cause: strange }),
  finished(9, 1, strange),
];

const failedRun: readonly Told[] = [
  started(0, { 'a-service-with-quite-a-long-name-indeed': [] }),
  of(5, 'a-service-with-quite-a-long-name-indeed', 'starting', { pid: undefined }),
  shutdown(6, { kind: 'collapse', service: 'a-service-with-quite-a-long-name-indeed', why: 'x'.repeat(300) }),
  of(6, 'a-service-with-quite-a-long-name-indeed', 'failed', { cause: `\u001b[31m${'x'.repeat(300)}\n` }),
  finished(6, 1, `"a" failed: ${'x'.repeat(300)}`),
];

for (const [name, run] of Object.entries({
  goodRun,
  longRun: longRun(),
  failedRun,
  strangeRun,
  largeRun: largeRun(60),
})) {
  test(`no line of ${name} is wider than asked for, and none carries control characters`, () => {
    for (const columns of [60, 80, 81, 133, 200]) {
      for (const line of draw(run, columns)) {
        assert.ok([...line].length <= columns, `${columns}: ${line}`);
        assert.doesNotMatch(line, /\p{Cc}/u);
      }
    }
  });
}

test('what took but a moment has a cell of its own', () => {
  const bar = draw(longRun(), 80).find((line) => line.startsWith('api '))!;
  for (const character of ['░', '▚', '✖', '▼', '■', '╱']) assert.ok(bar.includes(character), character);
});

test('a record that ends early is drawn as far as it goes, and says so', () => {
  for (let length = 1; length < goodRun.length; length++) {
    const lines = draw(goodRun.slice(0, length), 80);
    assert.match(lines.slice(0, 2).join(' '), /the record ends before the run does/);
  }
});
