/**
 * The gap that a crash leaves: from just before the exit of one instance to the first act of the next.
 */
import { minimal, orderly, type Plan } from './contenders.ts';
import { interleave } from './interleave.ts';
import { launch, type Running } from './launch.ts';
import { sampleOf } from './sample.ts';
import { crashingService } from './services.ts';
import type { Workload } from './workload.ts';

const PLAN: Plan = { services: crashingService, restart: true };
/** While the program still warms up. */
const SKIPPED = 20;
const RESTARTS = 100;

export const restart: Workload = async (repetitions) => {
  const gaps = await interleave(repetitions, {
    ours: () => launch(orderly(PLAN), gap),
    minimal: () => launch(minimal(PLAN), gap),
  });
  return [
    {
      name: 'restart without delay: crash to the next start',
      unit: 'ms',
      ours: sampleOf(gaps.ours),
      baseline: { name: 'minimal', sample: sampleOf(gaps.minimal) },
      goal: undefined,
    },
  ];
};

function gap(running: Running): number {
  const times = running.marks(SKIPPED + RESTARTS + 1);
  return (times[SKIPPED + RESTARTS]! - times[SKIPPED]!) / RESTARTS;
}
