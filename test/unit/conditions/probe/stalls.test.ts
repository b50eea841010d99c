/**
 * Attempts and readiness when the supervisor could not run: what it lost isn't the service's.
 */
import assert from 'node:assert/strict';
import { attemptOnce, type Check, type Outcome } from '../../../../src/conditions/probe/check.ts';
import { type Lab, law } from '../../../support/concurrency-lab.ts';

const held: Outcome = { kind: 'held', evidence: 'answered' };

/** Answered that long after it was asked, by somebody who is not stopped with us. */
const answersAfter = ({ clock }: Lab, ms: number): Check => ({
  subject: 'it',
  unanswered: 'no answer',
  attempt: (signal) =>
    new Promise((resolve) => {
      const answer = clock.outside.at(clock.now() + ms, () => resolve(held));
      signal.addEventListener('abort', () => {
        answer.cancel();
        resolve(held);
      });
    }),
});

law('an answer that came while the supervisor was stopped is heard before the limit', async (lab) => {
  lab.clock.stall(500, 6000);
  assert.deepEqual(await attemptOnce(answersAfter(lab, 900), 1000), held);
});

law('an attempt has its whole limit, without the time that was lost', async (lab) => {
  lab.clock.stall(500, 6000);
  assert.deepEqual(await attemptOnce(answersAfter(lab, 6999), 1000), held);
  assert.equal((await attemptOnce(answersAfter(lab, 1001), 1000)).kind, 'not-yet');
  assert.equal(lab.clock.now(), 7999);
});
