/**
 * What a person waits for at another terminal: `ps` and `why` beside the start of Node itself, and a restart, from the command to its
 * end, when the new instance is ready, beside what the service itself takes to end and to start.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { orderlyBin } from '../support/orderly-bin.ts';
import { orderly, type Plan } from './contenders.ts';
import type { Goal } from './figure.ts';
import { interleave } from './interleave.ts';
import { launch } from './launch.ts';
import { type Sample, sampleOf } from './sample.ts';
import { idleServices } from './services.ts';
import type { Workload } from './workload.ts';

const SERVICES = 10;
const PLAN: Plan = { services: (stage) => idleServices(stage, SERVICES) };
const NEAR_NODE: Goal = { of: 'ratio', is: 'at most', limit: 1.5 };

export const client: Workload = async (repetitions) => {
  const times = await launch(orderly(PLAN), async ({ stage, marks }) => {
    marks(SERVICES);
    const file = join(stage.folder, 'supervisor.yaml');
    const ask = (command: string, ...names: readonly string[]) =>
      timeOf([orderlyBin, command, ...names, '--file', file]);
    // Until it answers.
    await ask('wait', 's*');
    return await interleave(2 * repetitions, {
      bare: () => timeOf(['-e', '0']),
      ps: () => ask('ps'),
      why: () => ask('why', 's000'),
      restart: () => ask('restart', 's000'),
      own: () => againByHand(),
    });
  });
  const node = { name: 'node -e 0', sample: sampleOf(times.bare) };
  const of = (name: string, ours: Sample) => ({ name, unit: 'ms' as const, ours, baseline: node });
  return [
    { ...of('ps, exec to exit', sampleOf(times.ps)), goal: NEAR_NODE },
    { ...of('why, exec to exit', sampleOf(times.why)), goal: NEAR_NODE },
    {
      ...of('restart of one service, exec of the command to ready', sampleOf(times.restart)),
      baseline: { name: 'the service itself', sample: sampleOf(times.own) },
      goal: { of: 'difference', is: 'at most', limit: 60 },
    },
  ];
};

/** Of a program of Node, in ms. Throws if it fails. */
async function timeOf(args: readonly string[]): Promise<number> {
  const startMs = performance.now();
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const [status] = (await once(child, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`${args.slice(1).join(' ')} ended with status ${status}`);
  return performance.now() - startMs;
}

/** A shell that waits is asked to end, and the next one is there when it says so. */
async function againByHand(): Promise<number> {
  const start = async () => {
    const child = spawn('/bin/sh', ['-c', 'echo up; read never'], { stdio: ['pipe', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    return child;
  };
  const first = await start();
  const startMs = performance.now();
  first.kill();
  await once(first, 'exit');
  const next = await start();
  const tookMs = performance.now() - startMs;
  next.kill();
  await once(next, 'exit');
  return tookMs;
}
