/**
 * A short walk of random commands; `npm run campaign` has a long one. `ORDERLY_SEED` repeats its commands.
 */
import { suite, test } from 'node:test';
import { walk } from '../walk/walk.ts';

const STEPS = 40;
const seed = Number(process.env.ORDERLY_SEED ?? Date.now() % 1_000_000);

suite('random commands', { timeout: 240_000 }, () => {
  test(`GU-1 GU-2 GU-4 GU-7 GU-10 GU-11: forty of them keep every guarantee (ORDERLY_SEED=${seed})`, async (t) =>
    t.diagnostic(await walk(t, seed, STEPS)));
});
