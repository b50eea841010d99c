/**
 * `npm run campaign`: the five examples of programs, again and again, each told to stop by a random signal at a random moment.
 * Their accounts must add up, every time.
 *
 * Not part of `npm test`. `ORDERLY_TIMES` says how often (50), `ORDERLY_SEED` repeats what a failure names.
 */
import { constants } from 'node:os';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createChance } from '../soak/random.ts';
import { exampleFolder } from '../support/example-folder.ts';
import { startExample } from '../support/example-process.ts';
import { type Judge, judges } from './judges.ts';

const TIMES = Number(process.env.ORDERLY_TIMES ?? 50);
const firstSeed = Number(process.env.ORDERLY_SEED ?? Date.now() % 1_000_000);

for (const [name, judge] of Object.entries(judges)) {
  suite(`${name}: stopped by any signal at any moment, its account adds up`, { concurrency: 2 }, () => {
    for (let seed = firstSeed; seed < firstSeed + TIMES; seed++) {
      test(`ORDERLY_SEED=${seed}`, (t) => stopOnce(t, name, judge, seed));
    }
  });
}

async function stopOnce(t: TestContext, name: string, judge: Judge, seed: number): Promise<void> {
  const chance = createChance(seed);
  const folder = exampleFolder(t);
  const run = startExample(t, `${name}/main.mjs`, { env: judge.env(folder, seed) });
  await run.line(judge.begun);
  await pause(chance.below(judge.withinMs));
  const signal = chance.pick(judge.signals);
  run.signal(signal);
  let again: NodeJS.Signals | undefined;
  if (judge.mayInsist && chance.below(3) === 0) {
    await pause(chance.below(400));
    again = chance.pick(judge.signals);
    run.signal(again);
  }
  const { status, ...end } = await run.ended;
  // Node gives its handlers up before it is gone: a signal in that moment ends it as it ends any program. Its account is told.
  const isLate = again !== undefined && status === 128 + constants.signals[again];
  t.diagnostic(`${signal}: ${judge.assertAddsUp({ ...end, status: isLate ? 0 : status, folder, signal })}`);
}
