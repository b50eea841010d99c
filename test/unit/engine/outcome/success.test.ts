import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config } from '../../../../src/config/types.ts';
import { judgedFailures, missedSuccess } from '../../../../src/engine/outcome/success.ts';
import { type Rested, Rests } from '../../../../src/engine/run/record.ts';
import type { ShutdownCause } from '../../../../src/events/event.ts';

type Rule = Config['success'];

/** `a+` has completed, `a!` failed, `a.` was stopped, `a-` skipped. */
function ends(text: string): readonly Rested[] {
  const how = { '+': 'completed', '!': 'failed', '.': 'stopped', '-': 'skipped' } as const;
  return text
    .split(' ')
    .map((one) => ({ service: one.slice(0, -1), how: how[one.slice(-1) as keyof typeof how] }));
}

/** `a_1` is a replica of `a`. */
const writtenName = (service: string): string => service.replace(/_\d$/, '');

function restsOf(all: readonly Rested[]): Rests {
  const rests = new Rests();
  for (const one of all) rests.note(one);
  return rests;
}

function judged(rule: Rule, rested: readonly Rested[]): readonly string[] {
  const failed = rested.filter(({ how }) => how === 'failed');
  const failures = failed.map(({ service }) => ({ service, why: 'x', counts: true, wish: 1 }));
  return judgedFailures(rule, failures, restsOf(rested), writtenName).map(({ service }) => service);
}

test('G8 success: which failures decide the status', () => {
  const table: readonly (readonly [Rule, string, readonly string[]])[] = [
    [undefined, 'a+ b! c!', ['b', 'c']],
    ['first', 'a+ b!', []],
    ['first', 'a! b+', ['a']],
    ['first', 'a. b! c+', ['b']],
    ['first', 'a. b-', []],
    ['last', 'a! b+', []],
    ['last', 'a+ b!', ['b']],
    ['last', 'a! b+ c.', []],
    // It was started again, and has succeeded since.
    ['last', 'a! b! a+', []],
    [['b'], 'a! b+', []],
    [['b'], 'a+ b!', ['b']],
    [['a', 'b'], 'a! b! c!', ['a', 'b']],
    [['a'], 'a_1+ a_2! c!', ['a_2']],
  ];
  for (const [rule, text, expected] of table)
    assert.deepEqual(judged(rule, ends(text)), expected, `${rule} of ${text}`);
});

test('G8 success: one that is named has to come to its end, unless somebody ended everything', () => {
  const collapse: ShutdownCause = { kind: 'collapse', service: 'a', why: 'x' };
  const ended: ShutdownCause = { kind: 'ended', service: 'a' };
  const signal: ShutdownCause = { kind: 'signal', signal: 'SIGINT' };
  const table: readonly (readonly [Rule, string, ShutdownCause, RegExp | undefined])[] = [
    [['b'], 'a! b.', collapse, /^"b", .* was stopped before/],
    [['b'], 'a+ b.', ended, /^"b", .* was stopped before/],
    [['b'], 'a! b-', { kind: 'done' }, /^"b", .* was never started/],
    [['b'], 'a+ b.', signal, undefined],
    [['b'], 'a+ b.', { kind: 'down' }, undefined],
    // A person stopped it, and the rest went on.
    [['b'], 'a+ b.', { kind: 'done' }, undefined],
    [['b'], 'b. b+ a.', ended, undefined],
    [['b'], 'b_1+ b_2.', ended, /^"b_2", .* was stopped before/],
    [['a'], 'a+ b.', ended, undefined],
    ['first', 'a+ b.', ended, undefined],
    [undefined, 'a+ b.', ended, undefined],
  ];
  for (const [rule, text, cause, expected] of table) {
    const missed = missedSuccess(rule, restsOf(ends(text)), cause, writtenName);
    if (expected === undefined) assert.equal(missed, undefined, `${rule} of ${text}`);
    else assert.match(missed ?? '', expected, `${rule} of ${text}`);
  }
});
