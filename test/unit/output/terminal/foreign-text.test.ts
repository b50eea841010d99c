/**
 * Foreign text in sentences: whatever a service, another's process or a path brings into an event, nothing that could move a
 * cursor, begin a line or hide comes out of a sentence, the board, or a text field of JSON.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Fact } from '../../../../src/events/event.ts';
import { jsonText, printable } from '../../../../src/events/printable.ts';
import { Stamper } from '../../../../src/events/stamper.ts';
import { StatusTracker } from '../../../../src/events/status-tracker.ts';
import { toLine } from '../../../../src/output/json/json-output.ts';
import { renderBoard } from '../../../../src/output/terminal/board.ts';
import { describe } from '../../../../src/output/terminal/messages.ts';
import { PLAIN_PALETTE } from '../../../../src/output/terminal/palette.ts';
import { createTerminalOutput } from '../../../../src/output/terminal/terminal.ts';
import { assertAsyncProperty } from '../../../support/assert-property.ts';
import { createFakeWriter } from '../support/fake-writer.ts';
import { createManualTicker } from '../support/manual-ticker.ts';

const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u2060\ufeff]/u;

const escapes = [
  '\x1b[2J\x1b]0;pwned\x07',
  '\x9b31m',
  '\r\norderly: forged',
  '\u2028',
  '\u202e',
  '\u2066',
  '\u200b',
  '\ufeff',
  '\x7f',
  '\0',
  '\ud800',
  '"',
  '\\',
  'é',
  '👩‍💻',
  'a',
];
const foreign = fc.oneof(
  fc.array(fc.constantFrom(...escapes), { maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('x\x1b'.repeat(3000)),
);

const db = { service: 'db', attempt: 1 } as const;

/** A whole run, with the text wherever a text can be. */
function story(text: string): Fact[] {
  const exit = { code: 1, means: text };
  const facts = { kind: 'exited', exit, uptime_ms: 5, held_by: text } as const;
  const cause = `exited: ${text}`;
  return [
    { type: 'run.started', name: text, services: ['db', 'api'], dependencies: {}, pid: 1 },
    { type: 'run.note', text },
    { type: 'service.pending', ...db, attempt: 0, waiting_for: [] },
    { type: 'service.starting', ...db, pid: 2 },
    { type: 'service.note', ...db, text },
    { type: 'service.ready', ...db, after_ms: 1, evidence: text, values: { [text]: text } },
    { type: 'service.unhealthy', ...db, failures: 3, detail: text },
    { type: 'service.healthy', ...db },
    { type: 'service.exited', ...db, outcome: 'threw', error: text, asked: false },
    { type: 'service.cleanup', ...db, run: text, code: 1, took_ms: 1, timed_out: false, error: text },
    { type: 'service.backoff', ...db, delay_ms: 1, failures: 1, cause },
    { type: 'service.starting', ...db, attempt: 2, pid: 3 },
    { type: 'service.killed', ...db, attempt: 2, reason: text },
    { type: 'service.failed', ...db, attempt: 2, cause, advice: text, output: [text], ...facts },
    { type: 'service.skipped', service: 'api', attempt: 0, because: text },
    { type: 'output.dropped', lines: 1, file: text, service: 'db', cause: text },
    { type: 'shutdown.requested', cause: { kind: 'collapse', service: 'db', why: text }, budget_ms: 1 },
    {
      type: 'run.finished',
      status: 1,
      cause,
      survivors: [{ service: 'db', pid: 7, command: text }],
      failure: {
        ...facts,
        service: 'db',
        cause,
        attempts: 2,
        output: [text],
        earlier: [{ service: 'x', what: text, before_ms: 1 }],
        fell: [{ service: 'api', how: 'killed', because: text }],
        advice: text,
      },
    },
  ];
}

function textsIn(data: unknown): string[] {
  if (typeof data === 'string') return [data];
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) =>
    ['values', 'output'].includes(key) ? [] : textsIn(value),
  );
}

test('foreign text can do nothing in sentences, on the board, and in the text fields of JSON', async () => {
  await assertAsyncProperty(
    fc.asyncProperty(foreign, async (text) => {
      const ticker = createManualTicker();
      const stamper = new Stamper(
        () => ticker.now(),
        () => '2026-01-01T00:00:00.000Z',
      );
      const err = createFakeWriter();
      const output = createTerminalOutput({
        stdout: { writer: createFakeWriter(), isTty: false },
        stderr: { writer: err, isTty: false },
        colors: { stdout: PLAIN_PALETTE, stderr: PLAIN_PALETTE },
        services: [],
        size: () => ({ columns: 80, rows: 24 }),
        ticker,
      });
      const tracker = new StatusTracker();
      for (const fact of story(text)) {
        const event = stamper.stamp(fact);
        const line = toLine(event);
        assert.doesNotMatch(line.slice(0, -1), UNFIT);
        assert.deepEqual(JSON.parse(line), JSON.parse(JSON.stringify(event)), 'it reads back as it was');
        for (const field of textsIn(JSON.parse(line))) assert.doesNotMatch(field, UNFIT);
        assert.doesNotMatch(describe(event, tracker.status)?.text ?? '', UNFIT);
        output.onEvent(event);
        tracker.apply(event);
        for (const row of renderBoard(tracker.status, 1, { columns: 80, rows: 24 }, PLAIN_PALETTE)) {
          assert.doesNotMatch(row, UNFIT);
        }
      }
      await output.finish();
      const lines = err.text().split('\n');
      assert.equal(lines.pop(), '');
      for (const line of lines) {
        assert.match(line, /^orderly: /);
        assert.doesNotMatch(line, UNFIT);
      }
    }),
  );
});

const table: readonly [text: string, shown: string][] = [
  ['plain "text" \\ of any kind: naïve, 日本', 'plain "text" \\ of any kind: naïve, 日本'],
  ['\x1b[31m\x9b\x7f\0', '\\x1b[31m\\x9b\\x7f\\x00'],
  ['a\r\n\tb', 'a\\r\\n\\tb'],
  ['a\u2028b\u2029', 'a\\u2028b\\u2029'],
  ['abc\u202edcba\u2066', 'abc\\u202edcba\\u2066'],
  ['db\u200b\u200d\ufeff\u00ad', 'db\\u200b\\u200d\\ufeff\\xad'],
  ['\u{e0041}\ud800', '\\u{e0041}\\ud800'],
  ['👩\u200d💻 می\u200cشود', '👩\u200d💻 می\u200cشود'],
  ['x'.repeat(2001), `${'x'.repeat(1999)}…`],
];

for (const [text, shown] of table) {
  test(`${JSON.stringify(text.slice(0, 30))} is shown as ${JSON.stringify(shown.slice(0, 30))}`, () => {
    assert.equal(printable(text), shown);
    assert.equal(printable(shown), shown, 'and stays so');
  });
}

test('JSON is plain ASCII where it could do harm, and reads back as it was', () => {
  const data = { 'a\x9b': ['\u2028', '\u{e0041}', 'é\n'] };
  assert.equal(jsonText(data), '{"a\\u009b":["\\u2028","\\udb40\\udc41","é\\n"]}');
  assert.deepEqual(JSON.parse(jsonText(data, 2)), data);
});
