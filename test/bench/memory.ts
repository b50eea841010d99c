/**
 * What the supervisor holds in memory while a hundred services run, against Node doing nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { minimal, node, orderly, type Plan } from './contenders.ts';
import type { Figure } from './figure.ts';
import { interleave } from './interleave.ts';
import { launch, type Running } from './launch.ts';
import { sampleOf } from './sample.ts';
import { idleServices } from './services.ts';
import { type Memory, memoryOf } from './supervisor-processes.ts';
import type { Workload } from './workload.ts';

const MOST_REPETITIONS = 3;
const SERVICES = 100;
const PLAN: Plan = { services: (stage) => idleServices(stage, SERVICES), capture: true };
const SETTLE_MS = 1500;

export const memory: Workload = async (repetitions) => {
  const found = await interleave(Math.min(repetitions, MOST_REPETITIONS), {
    ours: () => launch(orderly(PLAN), (running) => rest(running, SERVICES)),
    bare: () =>
      launch(node("require('fs').writeSync(9,'.');setInterval(()=>{},1e9)"), (running) => rest(running, 1)),
    minimal: () => launch(minimal(PLAN), (running) => rest(running, SERVICES)),
  });
  const figure = (baseline: 'bare' | 'minimal', of: keyof Memory, goal: Figure['goal']): Figure => ({
    name: `memory with ${SERVICES} services (${of === 'rssMb' ? 'RSS' : 'PSS'})`,
    unit: 'MB',
    ours: sampleOf(found.ours.map((each) => each[of])),
    baseline: {
      name: baseline === 'bare' ? 'bare Node' : baseline,
      sample: sampleOf(found[baseline].map((each) => each[of])),
    },
    goal,
  });
  return [
    figure('bare', 'rssMb', { of: 'difference', is: 'at most', limit: 25 }),
    figure('minimal', 'rssMb', undefined),
    figure('bare', 'pssMb', undefined),
  ];
};

async function rest(running: Running, services: number): Promise<Memory> {
  running.marks(services);
  await sleep(SETTLE_MS);
  return memoryOf(running.stage);
}
