/**
 * How much a dependency adds: a chain of services, each ready at once, each waiting for the one before it.
 */
import { minimal, orderly, type Plan } from './contenders.ts';
import { interleave } from './interleave.ts';
import { launch, type Running } from './launch.ts';
import { sampleOf } from './sample.ts';
import { readyServices } from './services.ts';
import type { Workload } from './workload.ts';

const LENGTH = 50;
const PLAN: Plan = { services: (stage) => readyServices(stage, LENGTH), chain: true };

export const chain: Workload = async (repetitions) => {
  const times = await interleave(repetitions, {
    ours: () => launch(orderly(PLAN), hop),
    minimal: () => launch(minimal(PLAN), hop),
  });
  return [
    {
      name: `chain of ${LENGTH}: a hop`,
      unit: 'ms',
      ours: sampleOf(times.ours),
      baseline: { name: 'minimal', sample: sampleOf(times.minimal) },
      goal: { of: 'value', is: 'at most', limit: 6 },
    },
  ];
};

/** From start to start; the start of the program itself is in the first. */
function hop(running: Running): number {
  const times = running.marks(LENGTH);
  return (times[LENGTH - 1]! - times[0]!) / (LENGTH - 1);
}
