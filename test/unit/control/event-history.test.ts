/**
 * The events that are kept for those who ask later, or listen.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { EventHistory } from '../../../src/control/server/event-history.ts';
import type { OrderlyEvent } from '../../../src/events/event.ts';

/** Events with these numbers: others of the row are lines of services. */
function eventAt(seq: number): OrderlyEvent {
  return { seq, time: 't', ms: seq, type: 'run.note', text: `${seq}` };
}

function historyOf(seqs: Iterable<number>): EventHistory {
  const history = new EventHistory();
  for (const seq of seqs) history.add(eventAt(seq));
  return history;
}

function seqsOf({ events }: { readonly events: readonly OrderlyEvent[] }): readonly number[] {
  return events.map(({ seq }) => seq);
}

function* upTo(last: number): Generator<number> {
  for (let seq = 1; seq <= last; seq++) yield seq;
}

suite('events that are kept', () => {
  test('those after a number come in order, the first so many of them', () => {
    const history = historyOf([1, 2, 5, 9]);
    assert.deepEqual(seqsOf(history.after(0)), [1, 2, 5, 9]);
    assert.deepEqual(seqsOf(history.after(2)), [5, 9]);
    assert.deepEqual(seqsOf(history.after(3)), [5, 9]);
    assert.deepEqual(seqsOf(history.after(9)), []);
    assert.deepEqual(seqsOf(history.after(1, 2)), [2, 5]);
    assert.deepEqual(seqsOf(history.after(1, 0)), []);
  });

  test('numbers that are of no event are not missing', () => {
    const history = historyOf([1, 2, 9]);
    for (const seq of [0, 1, 2, 5, 9, 12]) assert.equal(history.after(seq).missed, 0);
  });

  test('of very many the oldest are forgotten, and how many are missing is told', () => {
    const history = historyOf(upTo(50_000));
    const { events, missed } = history.after(0);
    assert.equal(events.length + missed, 50_000);
    assert.ok(events.length >= 10_000 && events.length <= 20_000, `${events.length}`);
    assert.equal(events[0]?.seq, missed + 1);
    assert.equal(history.forgottenSeq, missed);
    assert.equal(history.after(missed - 3).missed, 3);
    assert.equal(history.after(missed).missed, 0);
    assert.equal(history.after(49_990).missed, 0);
  });

  test('a listener hears each event once, in its moment, and none after it has left', () => {
    const history = historyOf([1]);
    const heard: string[] = [];
    const leave = history.listen(({ seq }) => void heard.push(`a${seq}`));
    history.listen(({ seq }) => void heard.push(`b${seq}`));
    history.add(eventAt(2));
    leave();
    leave();
    history.add(eventAt(3));
    assert.deepEqual(heard, ['a2', 'b2', 'b3']);
  });

  test('one that leaves while it is told disturbs nobody', () => {
    const history = new EventHistory();
    const heard: number[] = [];
    const leave = history.listen(() => leave());
    history.listen(({ seq }) => void heard.push(seq));
    history.add(eventAt(1));
    assert.deepEqual(heard, [1]);
  });
});
