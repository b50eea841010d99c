import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact, OrderlyEvent } from '../../../src/events/event.ts';
import { createFactRow } from '../../../src/output/output.ts';

function setUp(onEvent: (event: OrderlyEvent, emit: (fact: Fact) => void) => void) {
  let seq = 0;
  const stamp = (fact: Fact): OrderlyEvent => ({ seq: ++seq, time: '', ms: 0, ...fact });
  const row = createFactRow(stamp, (event) => onEvent(event, row.emit));
  return { row, stamp };
}

const note = (text: string): Fact => ({ type: 'run.note', text });

test('what an output has to tell while it is told an event comes after it, for all of them', () => {
  const seen: [string, number][] = [];
  const { row, stamp } = setUp((event, emit) => {
    if (event.type === 'run.note' && event.text === 'first') {
      emit(note('second'));
      emit(note('third'));
    }
    if (event.type === 'run.note') seen.push([event.text, event.seq]);
  });
  row.onEvent(stamp(note('first')));
  row.emit(note('fourth'));
  assert.deepEqual(seen, [
    ['first', 1],
    ['second', 2],
    ['third', 3],
    ['fourth', 4],
  ]);
});

test('an event that can not be handed on stops none that come after it', () => {
  const seen: string[] = [];
  const { row } = setUp((event) => {
    if (event.type !== 'run.note') return;
    if (event.text === 'bad') throw new Error('bad');
    seen.push(event.text);
  });
  assert.throws(() => row.emit(note('bad')));
  row.emit(note('good'));
  assert.deepEqual(seen, ['good']);
});
