/**
 * A few seconds of what `npm run load` does for a minute: what holds on any machine, however busy it is.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { judgeFacts } from '../load/judge.ts';
import { runLoad } from '../load/run-load.ts';

suite('under load', { timeout: 60_000 }, () => {
  test('GU-8 G9: among floods and a hundred followers all is answered, no event is lost, a signal is obeyed', async () => {
    const result = await runLoad({
      seconds: 3,
      perSecond: 50,
      streams: { reads: 50, slow: 25, never: 25 },
      floods: 20,
    });
    const broken = judgeFacts(result).filter(({ holds }) => !holds);
    assert.deepEqual(broken, []);
    assert.equal(result.answers.length, 150);
    assert.ok(
      result.told.every(({ pace, seqs }) => pace === 'never' || seqs.length === result.events.length),
    );
  });
});
