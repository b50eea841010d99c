/**
 * `npm run campaign`, its second part: three hundred random commands to a run of the real program.
 *
 * `ORDERLY_SEED` repeats the commands of a failure; how they meet is another matter of chance. `ORDERLY_WALKS` says how many (1).
 */
import { suite, test } from 'node:test';
import { walk } from '../walk/walk.ts';

const WALKS = Number(process.env.ORDERLY_WALKS ?? 1);
const STEPS = 300;
const firstSeed = Number(process.env.ORDERLY_SEED ?? Date.now() % 1_000_000);

suite('three hundred random commands: the guarantees hold, nothing is left', { timeout: 1_800_000 }, () => {
  for (let seed = firstSeed; seed < firstSeed + WALKS; seed++)
    test(`ORDERLY_SEED=${seed}`, async (t) => t.diagnostic(await walk(t, seed, STEPS)));
});
