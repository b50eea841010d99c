import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLiveBoard } from '../../../../src/output/terminal/live-board.ts';
import { assertProperty } from '../../../support/assert-property.ts';
import { createFakeWriter } from '../support/fake-writer.ts';
import { screenAfter } from '../support/screen.ts';

const line = (text: string) => Buffer.from(`${text}\n`);

test('lines are written above the frame, and the frame stays below them', () => {
  const writer = createFakeWriter();
  const board = createLiveBoard(writer, () => 80);
  board.show(['one', 'two']);
  board.writeAbove(line('a'));
  board.writeAbove(line('b'));
  board.show(['three']);
  assert.deepEqual(screenAfter(writer.text()), ['a', 'b', 'three', '']);
});

test('a line can bring the frame that is to stand below it', () => {
  const writer = createFakeWriter();
  const board = createLiveBoard(writer, () => 80);
  board.show(['one', 'two']);
  board.writeAbove(line('a'), ['newer']);
  assert.deepEqual(screenAfter(writer.text()), ['a', 'newer', '']);
  board.writeAbove(line('b'));
  assert.deepEqual(screenAfter(writer.text()), ['a', 'b', 'newer', '']);
});

test('a frame that has not changed is not painted again', () => {
  const writer = createFakeWriter();
  const board = createLiveBoard(writer, () => 80);
  board.show(['one']);
  board.show(['one']);
  assert.equal(writer.writes.length, 1);
});

test('without a terminal, or while it is somebody else’s, lines pass through as they are', () => {
  const writer = createFakeWriter();
  const board = createLiveBoard(writer, () => undefined);
  board.writeAbove(line('a'));
  board.show([]);
  assert.equal(writer.text(), 'a\n');
});

test('what a terminal shows of keys that were typed is written over: `^C`', () => {
  const writer = createFakeWriter();
  const board = createLiveBoard(writer, () => 80);
  writer.write(Buffer.from('^C'));
  board.writeAbove(line('orderly: stopping'));
  writer.write(Buffer.from('^C'));
  board.show(['frame']);
  writer.write(Buffer.from('^C'));
  board.show(['newer']);
  writer.write(Buffer.from('^C'));
  board.show([]);
  writer.write(Buffer.from('^C'));
  board.show(['last']);
  assert.deepEqual(screenAfter(writer.text()), ['orderly: stopping', 'last', '']);
});

test('lines that a narrower terminal has broken are taken away whole', () => {
  const writer = createFakeWriter();
  let columns = 80;
  const board = createLiveBoard(writer, () => columns);
  board.show(['x'.repeat(70), '漢'.repeat(30), 'e\u0301', '']);
  columns = 40;
  const before = writer.writes.length;
  board.show(['x'.repeat(30)]);
  // Two rows, two rows, one, and one that is empty.
  assert.match(writer.writes[before]!, /^\x1b\[6F(?:\x1b\[K\x1b\[B){6}\x1b\[K\x1b\[6F/);
});

test('all that is below is never erased in one piece: tmux would keep it to be scrolled back to', () => {
  const writer = createFakeWriter();
  const board = createLiveBoard(writer, () => 80);
  board.show(['one', 'two']);
  board.writeAbove(line('a'), ['one']);
  board.show([]);
  assert.doesNotMatch(writer.text(), /\x1b\[\d*J/);
});

test('while the terminal is behind, frames are left out and lines are not', () => {
  const writer = createFakeWriter();
  const board = createLiveBoard(writer, () => 80);
  board.show(['frame']);
  writer.pendingBytes = 1;
  board.writeAbove(line('a'));
  board.show(['newer frame']);
  board.writeAbove(line('b'));
  assert.deepEqual(screenAfter(writer.text()), ['a', 'b', '']);
  writer.pendingBytes = 0;
  board.show(['newest frame']);
  assert.deepEqual(screenAfter(writer.text()), ['a', 'b', 'newest frame', '']);
});

test('whatever is refused or left out, every line taken stands on the screen once, in order, above at most one frame', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('line' as const), refusing: fc.boolean(), behind: fc.boolean() }),
    fc.record({
      kind: fc.constant('show' as const),
      refusing: fc.boolean(),
      behind: fc.boolean(),
      frame: fc.array(fc.constantFrom('[frame]', '[a longer frame]'), { maxLength: 3 }),
    }),
  );
  assertProperty(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const writer = createFakeWriter();
      const board = createLiveBoard(writer, () => 80);
      const taken: string[] = [];
      let number = 0;
      for (const it of steps) {
        writer.refusing = it.refusing;
        writer.pendingBytes = it.behind ? 1 : 0;
        if (it.kind === 'show') {
          board.show(it.frame);
          continue;
        }
        const text = `line ${number++}`;
        board.writeAbove(line(text));
        if (!it.refusing) taken.push(text);
      }
      writer.refusing = false;
      writer.pendingBytes = 0;
      board.show(['[last]']);
      assert.deepEqual(screenAfter(writer.text()), [...taken, '[last]', '']);
    }),
  );
});
