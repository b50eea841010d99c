/**
 * What each signal means in each of the surroundings: signals × surroundings as one table.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isForegroundOf } from '../../../../src/process/surroundings/has-terminal.ts';
import { nameOf } from '../../../../src/process/surroundings/real-time-signals.ts';
import {
  meaningOf,
  type SignalFacts,
  type SignalMeaning,
} from '../../../../src/process/surroundings/signal-meaning.ts';
import { assertProperty } from '../../../support/assert-property.ts';

const plain = {
  ...{ isFirst: false, hasTerminal: false, ignoresHangup: false, hasCommand: false },
  ...{ lostTerminal: false, hangupReloads: false },
};
const reloads = { ...plain, hangupReloads: true };
const surroundings = {
  'up as PID 1, or behind an init': { ...plain, isFirst: true },
  'up as PID 1 with a terminal': { ...plain, isFirst: true, hasTerminal: true },
  'up without a terminal': plain,
  'up on a terminal, or under npm there': { ...plain, hasTerminal: true },
  'up under nohup': { ...plain, ignoresHangup: true },
  'run as PID 1': { ...plain, isFirst: true, hasCommand: true },
  'run as PID 1 with a terminal': { ...plain, isFirst: true, hasTerminal: true, hasCommand: true },
  'run without a terminal': { ...plain, hasCommand: true },
  'run on a terminal': { ...plain, hasTerminal: true, hasCommand: true },
  'run under nohup': { ...plain, ignoresHangup: true, hasCommand: true },
  'up that reloads on SIGHUP': reloads,
  'the same on a terminal': { ...reloads, hasTerminal: true },
  'the same on a terminal that was closed': { ...reloads, hasTerminal: true, lostTerminal: true },
  'the same under nohup': { ...reloads, ignoresHangup: true },
  'the same under nohup, when its terminal was closed': {
    ...{ ...reloads, ignoresHangup: true, lostTerminal: true },
  },
  'run where SIGHUP is to reload': { ...reloads, hasCommand: true },
} satisfies Record<string, SignalFacts>;

/** `TERM`: counts as that one; `TERM!`: and says why; `INT waits`: a person does; `command|HUP`: the command's, else that. */
function brief(meaning: SignalMeaning): string {
  switch (meaning.kind) {
    case 'stop':
      return `${meaning.signal.slice(3)}${meaning.note === undefined ? '' : '!'}${meaning.interactive ? ' waits' : ''}`;
    case 'pass-on':
      return `command|${brief(meaning.otherwise)}`;
    case 'reload':
      return 'reload';
    case 'tell':
      return 'told';
    case 'nothing':
      return '-';
  }
}

const head = ['TERM', 'QUIT', 'INT', 'HUP', 'USR1', 'USR2', 'WINCH', 'PWR', 'RTMIN+3', 'RTMIN+9', 'CONT'];
const onCommand = (otherwise: string) => `command|${otherwise}`;
const init = ['TERM!', 'told', 'TERM!', 'TERM!', 'TERM!', 'told'];
const withoutResize = init.map((meaning, index) => (head[index + 4] === 'WINCH' ? '-' : meaning));
const none = ['told', 'told', '-', 'told', 'told', 'told'];
const table: Readonly<Record<keyof typeof surroundings, readonly string[]>> = {
  'up as PID 1, or behind an init': ['TERM', 'TERM', 'INT', 'HUP', ...init, '-'],
  'up as PID 1 with a terminal': ['TERM', 'TERM', 'INT waits', 'HUP', ...withoutResize, '-'],
  'up without a terminal': ['TERM', 'TERM', 'INT', 'HUP', ...none, '-'],
  'up on a terminal, or under npm there': ['TERM', 'TERM', 'INT waits', 'HUP', ...none, '-'],
  'up under nohup': ['TERM', 'TERM', 'INT', '-', ...none, '-'],
  'run as PID 1': ['TERM', 'TERM', 'INT', 'command|HUP', ...init.map(onCommand), 'command|-'],
  'run as PID 1 with a terminal': [
    ...['TERM', 'TERM', 'INT waits', 'HUP'],
    ...withoutResize.map(onCommand),
    '-',
  ],
  'run without a terminal': ['TERM', 'TERM', 'INT', 'command|HUP', ...none.map(onCommand), 'command|-'],
  'run on a terminal': ['TERM', 'TERM', 'INT waits', 'HUP', ...none.map(onCommand), '-'],
  'run under nohup': ['TERM', 'TERM', 'INT', '-', ...none.map(onCommand), 'command|-'],
  'up that reloads on SIGHUP': ['TERM', 'TERM', 'INT', 'reload', ...none, '-'],
  'the same on a terminal': ['TERM', 'TERM', 'INT waits', 'reload', ...none, '-'],
  'the same on a terminal that was closed': ['TERM', 'TERM', 'INT waits', 'HUP', ...none, '-'],
  'the same under nohup': ['TERM', 'TERM', 'INT', 'reload', ...none, '-'],
  'the same under nohup, when its terminal was closed': ['TERM', 'TERM', 'INT', '-', ...none, '-'],
  'run where SIGHUP is to reload': [
    ...['TERM', 'TERM', 'INT', 'command|HUP', ...none.map(onCommand), 'command|-'],
  ],
};

for (const [name, facts] of Object.entries(surroundings)) {
  test(`signals × surroundings: ${name}`, () => {
    const meant = head.map((signal) => brief(meaningOf(`SIG${signal}`, facts)));
    assert.deepEqual(meant, table[name as keyof typeof surroundings]);
  });
}

test('signals × surroundings: whatever is told or noted names the signal and the remedy', () => {
  const signal = fc.oneof(
    fc.integer({ min: 34, max: 64 }).map(nameOf),
    fc.constantFrom(...head.map((name) => `SIG${name}`), 'SIGALRM', 'SIGSTKFLT', 'SIGVTALRM'),
  );
  const fact = fc.boolean();
  const facts = fc.record({
    ...{ isFirst: fact, hasTerminal: fact, ignoresHangup: fact, hasCommand: fact },
    ...{ lostTerminal: fact, hangupReloads: fact },
  });
  assertProperty(
    fc.property(signal, facts, (name, where) => {
      const meaning = meaningOf(name, where);
      const last = meaning.kind === 'pass-on' ? meaning.otherwise : meaning;
      const text = last.kind === 'tell' ? last.text : last.kind === 'stop' ? last.note : undefined;
      if (text === undefined) return;
      assert.ok(text.startsWith(`${name} came, `));
      assert.match(text, where.isFirst ? /STOPSIGNAL SIGTERM/ : /what stops it is SIGTERM.*"stop\.signal"/);
    }),
  );
});

test('a process is in the foreground of its terminal where its group is the one of the terminal', () => {
  const stat = (group: number, terminal: number, foreground: number) =>
    `7 (a ) b) S 1 ${group} 7 ${terminal} ${foreground} 4194560 1`;
  assert.equal(isForegroundOf(stat(7, 34816, 7)), true);
  assert.equal(isForegroundOf(stat(7, 34816, 9)), false);
  assert.equal(isForegroundOf(stat(7, 0, -1)), false);
});
