import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinOutputs, type Output } from '../../../src/output/output.ts';
import { eventAt, runStarted } from './support/events.ts';

function counting(fail: boolean) {
  const seen = { events: 0, logs: 0, finished: 0 };
  const output: Output = {
    onEvent() {
      seen.events++;
      if (fail) throw new Error('no space');
    },
    onLog() {
      seen.logs++;
    },
    async finish() {
      seen.finished++;
      if (fail) throw new Error('no space');
    },
  };
  return { output, seen };
}

test('an output that throws is switched off and told of once; the others go on, and all are finished', async () => {
  const told: string[] = [];
  const [bad, good] = [counting(true), counting(false)];
  const joined = joinOutputs([bad.output, good.output], (sentence) => void told.push(sentence));
  for (let i = 0; i < 3; i++) joined.onEvent(eventAt(i, runStarted('a')));
  joined.onLog('a', 1, 'stdout', Buffer.from('x\n'));
  await joined.finish();
  assert.deepEqual(bad.seen, { events: 1, logs: 0, finished: 1 });
  assert.deepEqual(good.seen, { events: 3, logs: 1, finished: 1 });
  assert.deepEqual(told, ['An output failed and is switched off: no space']);
});
