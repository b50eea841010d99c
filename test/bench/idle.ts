/**
 * How often the supervisor wakes up while a hundred services run and nothing happens.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { minimal, orderly, type Plan } from './contenders.ts';
import { interleave } from './interleave.ts';
import { launch, type Running } from './launch.ts';
import { sampleOf } from './sample.ts';
import { idleServices } from './services.ts';
import { sleepsOf } from './supervisor-processes.ts';
import type { Workload } from './workload.ts';

const MOST_REPETITIONS = 2;
const SERVICES = 100;
const PLAN: Plan = { services: (stage) => idleServices(stage, SERVICES), capture: true };
const SETTLE_MS = 2000;
const WINDOW_MS = 5000;

export const idle: Workload = async (repetitions) => {
  const rates = await interleave(Math.min(repetitions, MOST_REPETITIONS), {
    ours: () => launch(orderly(PLAN), wakeUps),
    minimal: () => launch(minimal(PLAN), wakeUps),
  });
  return [
    {
      name: `wake-ups with ${SERVICES} idle services`,
      unit: '/s',
      ours: sampleOf(rates.ours),
      baseline: { name: 'minimal', sample: sampleOf(rates.minimal) },
      goal: { of: 'value', is: 'at most', limit: 5 },
    },
  ];
};

/** Voluntary context switches of all threads, a second. */
async function wakeUps({ marks, stage }: Running): Promise<number> {
  marks(SERVICES);
  await sleep(SETTLE_MS);
  const before = sleepsOf(stage);
  const startMs = performance.now();
  await sleep(WINDOW_MS);
  return (sleepsOf(stage) - before) / ((performance.now() - startMs) / 1000);
}
