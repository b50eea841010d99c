/**
 * Who reads has its slice of each turn, and gives way while clients come, but not for ever.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReadSlices } from '../../../../src/process/pipes/read-slices.ts';

/** A loop whose turns are taken by hand, and a reader that never has enough: it tells when it may not read. */
function createLoop() {
  let nowMs = 0;
  let calls: (() => void)[] = [];
  const slices = createReadSlices(
    () => nowMs,
    (call) => calls.push(call),
  );
  let isResting = false;
  let chunks = 0;
  const flood = (chunkMs: number): void => {
    for (let count = 0; count < 32 && !isResting; count++) {
      slices.begin();
      chunks++;
      nowMs += chunkMs;
      if (!slices.isOver) continue;
      isResting = true;
      slices.rest(() => {
        isResting = false;
      });
    }
  };
  const endTurn = (): void => {
    const due = calls;
    calls = [];
    for (const call of due) call();
  };
  /** How many chunks are read in a turn in which a client comes, or none. */
  const turn = ({ client = false, chunkMs = 3, otherMs = 0 } = {}): number => {
    const before = chunks;
    if (client) slices.giveWay();
    nowMs += otherMs;
    flood(chunkMs);
    endTurn();
    return chunks - before;
  };
  return { turn };
}

test('G9: in a turn is read for as long as a slice, and in the next one again', () => {
  const { turn } = createLoop();
  assert.deepEqual([turn(), turn(), turn()], [4, 4, 4]);
});

test('G9 GU-8: while clients come one after the other nothing but one chunk is read, and then as ever', () => {
  const { turn } = createLoop();
  assert.equal(turn(), 4);
  const meanwhile = Array.from({ length: 5 }, () => turn({ client: true, chunkMs: 1 }));
  assert.deepEqual(meanwhile, [1, 0, 0, 0, 0]);
  // It shows in the next turn that nobody comes any more.
  assert.deepEqual([turn(), turn(), turn()], [0, 4, 4]);
});

test('GU-8: that holds however long a turn takes', () => {
  const { turn } = createLoop();
  const meanwhile = Array.from({ length: 5 }, () => turn({ client: true, chunkMs: 50, otherMs: 50 }));
  assert.deepEqual(meanwhile, [1, 0, 0, 0, 0]);
});

test('G9: clients that come on and on keep nobody from reading for more than some turns', () => {
  const { turn } = createLoop();
  const read = Array.from({ length: 200 }, () => turn({ client: true, chunkMs: 1 }));
  const waits = read.join('').split(/[^0]+/);
  assert.ok(Math.max(...waits.map(({ length }) => length)) <= 32, `${read}`);
  assert.ok(read.filter((chunks) => chunks > 0).length >= 6, `${read}`);
});
