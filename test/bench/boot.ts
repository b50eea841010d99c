/**
 * How long from the exec of the supervisor until the first service runs.
 */
import { minimal, node, orderly, type Plan } from './contenders.ts';
import { interleave } from './interleave.ts';
import { launch, type Running } from './launch.ts';
import { sampleOf } from './sample.ts';
import { idleServices } from './services.ts';
import type { Workload } from './workload.ts';

const ONE: Plan = { services: (stage) => idleServices(stage, 1) };

export const boot: Workload = async (repetitions) => {
  const times = await interleave(2 * repetitions, {
    ours: () => launch(orderly(ONE), firstMark),
    bare: () => launch(node('0'), (running) => running.gone() - running.startMs),
    minimal: () => launch(minimal(ONE), firstMark),
  });
  const ours = sampleOf(times.ours);
  return [
    {
      name: 'boot: exec to the first service running',
      unit: 'ms',
      ours,
      baseline: { name: 'node -e 0', sample: sampleOf(times.bare) },
      goal: { of: 'ratio', is: 'at most', limit: 2.5 },
    },
    {
      name: 'boot: the same',
      unit: 'ms',
      ours,
      baseline: { name: 'minimal', sample: sampleOf(times.minimal) },
      goal: undefined,
    },
  ];
};

function firstMark(running: Running): number {
  return running.marks(1)[0]! - running.startMs;
}
