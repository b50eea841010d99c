/**
 * Many independent services: how long until all run, how long from SIGTERM until all are gone, and what it computes.
 *
 * The minimal supervisor gives them /dev/null for their output here, which spares it two pipes a service.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { minimal, orderly, type Plan } from './contenders.ts';
import type { Figure, Goal } from './figure.ts';
import { interleave } from './interleave.ts';
import { launch, type Running } from './launch.ts';
import { sampleOf } from './sample.ts';
import { idleServices } from './services.ts';
import { cpuMsOf } from './supervisor-processes.ts';
import type { Workload } from './workload.ts';

interface Size {
  readonly count: number;
  readonly mostRepetitions: number;
  readonly start?: Goal;
  readonly stop?: Goal;
}

const SIZES: readonly Size[] = [
  { count: 10, mostRepetitions: 9 },
  {
    count: 100,
    mostRepetitions: 9,
    start: { of: 'ratio', is: 'at most', limit: 2 },
    stop: { of: 'ratio', is: 'at most', limit: 4 },
  },
  { count: 500, mostRepetitions: 5 },
];

/** What is left to do after the start is not part of the stop. */
const SETTLE_MS = 200;

interface Times {
  readonly startMs: number;
  readonly cpuMs: number;
  readonly stopMs: number;
}

export const fanOut: Workload = async (repetitions) => {
  const figures: Figure[] = [];
  for (const size of SIZES) figures.push(...(await measureSize(size, repetitions)));
  return figures;
};

async function measureSize(
  { count, mostRepetitions, start, stop }: Size,
  repetitions: number,
): Promise<readonly Figure[]> {
  const plan: Plan = { services: (stage) => idleServices(stage, count) };
  const measure = (running: Running) => measureRun(running, count);
  const times = await interleave(Math.min(repetitions, mostRepetitions), {
    ours: () => launch(orderly(plan), measure),
    minimal: () => launch(minimal(plan), measure),
  });
  const figure = (name: string, of: keyof Times, goal: Goal | undefined): Figure => ({
    name: `${count} services: ${name}`,
    unit: 'ms',
    ours: sampleOf(times.ours.map((each) => each[of])),
    baseline: { name: 'minimal', sample: sampleOf(times.minimal.map((each) => each[of])) },
    goal,
  });
  return [
    figure('exec to all running', 'startMs', start),
    figure('CPU of the supervisor until then', 'cpuMs', undefined),
    figure('SIGTERM to all gone', 'stopMs', stop),
  ];
}

async function measureRun(running: Running, count: number): Promise<Times> {
  const startMs = running.marks(count)[count - 1]! - running.startMs;
  const cpuMs = cpuMsOf(running.pid);
  await sleep(SETTLE_MS);
  return { startMs, cpuMs, stopMs: running.stop() };
}
