/**
 * How soon a service hears that it should end, beside many processes of others that are younger than the supervisor.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { minimal, orderly, type Plan } from './contenders.ts';
import { interleave } from './interleave.ts';
import { launch, type Running } from './launch.ts';
import { sampleOf } from './sample.ts';
import { stoppingService } from './services.ts';
import type { Workload } from './workload.ts';

const MOST_REPETITIONS = 5;
const STRANGERS = 1000;
const PLAN: Plan = { services: stoppingService };

export const firstSignal: Workload = async (repetitions) => {
  const times = await interleave(Math.min(repetitions, MOST_REPETITIONS), {
    ours: () => launch(orderly(PLAN), untilHeard),
    minimal: () => launch(minimal(PLAN), untilHeard),
  });
  return [
    {
      name: `SIGTERM to the service's own, beside ${STRANGERS} processes of others`,
      unit: 'ms',
      ours: sampleOf(times.ours),
      baseline: { name: 'minimal', sample: sampleOf(times.minimal) },
      goal: undefined,
    },
  ];
};

async function untilHeard({ marks, pid }: Running): Promise<number> {
  marks(1);
  const strangers = await startStrangers();
  try {
    const askedMs = performance.now();
    process.kill(pid, 'SIGTERM');
    return marks(2)[1]! - askedMs;
  } finally {
    process.kill(-strangers.pid!, 'SIGKILL');
  }
}

/** In a group of their own. */
async function startStrangers(): Promise<ChildProcess> {
  const script = `i=0; while [ $i -lt ${STRANGERS} ]; do sleep 1000 & i=$((i + 1)); done; echo up; wait`;
  const child = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}
