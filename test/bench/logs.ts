/**
 * How many bytes of log lines get through, with prefixes, into a file in memory; and whether all of them do.
 *
 * Time runs from the opening of the gate, when every service is there, until the last byte is in the file.
 */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkLines, type FloodLines, LINE_BYTES, outputLineBytes } from './check-lines.ts';
import { minimal, orderly, type Plan } from './contenders.ts';
import type { Figure, Unit } from './figure.ts';
import { interleave } from './interleave.ts';
import { launch, type Running } from './launch.ts';
import { sampleOf } from './sample.ts';
import { floodingServices } from './services.ts';
import { cpuMsOf } from './supervisor-processes.ts';
import type { Workload } from './workload.ts';

const MOST_REPETITIONS = 5;
const LINES = 2_000_000;
const LOOK_MS = 1;
const PATIENCE_MS = 30_000;

interface Throughput {
  /** What the services wrote, a second. */
  readonly mbPerS: number;
  /** What the supervisor computed for it. */
  readonly sPerGb: number;
}

export const logs: Workload = async (repetitions) => {
  const most = Math.min(repetitions, MOST_REPETITIONS);
  return [...(await measureFlood(1, most)), ...(await measureFlood(10, most))];
};

async function measureFlood(services: number, repetitions: number): Promise<readonly Figure[]> {
  const count = LINES / services;
  const plan: Plan = { services: (stage) => floodingServices(stage, services, count), capture: true };
  const measure = (running: Running) =>
    flood(running, { names: plan.services(running.stage).map(({ name }) => name), count });
  const found = await interleave(repetitions, {
    ours: () => launch(orderly(plan), measure),
    minimal: () => launch(minimal(plan), measure),
  });
  const who = services === 1 ? 'one service' : `${services} services`;
  const figure = (name: string, of: keyof Throughput, unit: Unit, goal: Figure['goal']): Figure => ({
    name,
    unit,
    ours: sampleOf(found.ours.map((each) => each[of])),
    baseline: { name: 'minimal', sample: sampleOf(found.minimal.map((each) => each[of])) },
    goal,
  });
  return [
    figure(`log lines of ${who}, all checked`, 'mbPerS', 'MB/s', { of: 'ratio', is: 'at least', limit: 0.9 }),
    figure(`log lines of ${who}: CPU of the supervisor`, 'sPerGb', 's/GB', undefined),
  ];
}

async function flood({ pid, marks, stage, outputFd }: Running, lines: FloodLines): Promise<Throughput> {
  const { names, count } = lines;
  marks(names.length);
  const cpuBeforeMs = cpuMsOf(pid);
  const startMs = performance.now();
  const gate = openSync(stage.gate, 'w');
  marks(2 * names.length);
  await sizeReached(
    outputFd,
    names.reduce((sum, name) => sum + outputLineBytes(name) * count, 0),
  );
  const tookMs = performance.now() - startMs;
  const cpuMs = cpuMsOf(pid) - cpuBeforeMs;
  closeSync(gate);
  checkLines(outputFd, lines);
  const mb = (names.length * count * LINE_BYTES) / 1e6;
  return { mbPerS: (mb / tookMs) * 1000, sPerGb: cpuMs / mb };
}

async function sizeReached(fd: number, wanted: number): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  for (let size = 0; size < wanted; ) {
    size = fstatSync(fd).size;
    if (performance.now() > endMs) throw new Error(`The output is incomplete: ${size} of ${wanted} bytes`);
    if (size < wanted) await sleep(LOOK_MS);
  }
}
