/**
 * How many bytes of log lines get through, with prefixes, into a file in memory; and whether all of them do.
 *
 * Time runs from the opening of the gate, when every service is there, until the last byte is in the file.
 */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkLines, LINE_BYTES, outputLineBytes } from './check-lines.ts';
import { minimal, orderly, type Plan } from './contenders.ts';
import type { Figure } from './figure.ts';
import { interleave } from './interleave.ts';
import { launch, type Running } from './launch.ts';
import { sampleOf } from './sample.ts';
import { floodingServices } from './services.ts';
import type { Workload } from './workload.ts';

const MOST_REPETITIONS = 5;
const LINES = 2_000_000;
const LOOK_MS = 1;
const PATIENCE_MS = 30_000;

export const logs: Workload = async (repetitions) => {
  const most = Math.min(repetitions, MOST_REPETITIONS);
  return [await measureFlood(1, most), await measureFlood(10, most)];
};

async function measureFlood(services: number, repetitions: number): Promise<Figure> {
  const lines = LINES / services;
  const plan: Plan = { services: (stage) => floodingServices(stage, services, lines), capture: true };
  const measure = (running: Running) =>
    throughput(
      running,
      plan.services(running.stage).map(({ name }) => name),
      lines,
    );
  const rates = await interleave(repetitions, {
    ours: () => launch(orderly(plan), measure),
    minimal: () => launch(minimal(plan), measure),
  });
  return {
    name: `log lines of ${services === 1 ? 'one service' : `${services} services`}, all checked`,
    unit: 'MB/s',
    ours: sampleOf(rates.ours),
    baseline: { name: 'minimal', sample: sampleOf(rates.minimal) },
    goal: { of: 'ratio', is: 'at least', limit: 0.9 },
  };
}

/** What the services wrote, in MB a second. */
async function throughput(
  { marks, stage, outputFd }: Running,
  names: readonly string[],
  count: number,
): Promise<number> {
  marks(names.length);
  const startMs = performance.now();
  const gate = openSync(stage.gate, 'w');
  marks(2 * names.length);
  const wanted = names.reduce((sum, name) => sum + outputLineBytes(name) * count, 0);
  await sizeReached(outputFd, wanted);
  const seconds = (performance.now() - startMs) / 1000;
  closeSync(gate);
  checkLines(outputFd, { names, count });
  return (names.length * count * LINE_BYTES) / 1e6 / seconds;
}

async function sizeReached(fd: number, wanted: number): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  for (let size = 0; size < wanted; ) {
    size = fstatSync(fd).size;
    if (performance.now() > endMs) throw new Error(`The output is incomplete: ${size} of ${wanted} bytes`);
    if (size < wanted) await sleep(LOOK_MS);
  }
}
