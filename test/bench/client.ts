/**
 * What a person waits for at another terminal: `ps` and `why` beside the start of Node itself, and a restart, from the command to its
 * end and from the request alone, until the new instance is ready, beside what the service itself takes to end and to start.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask as askListener, type Listener } from '../../src/control/client/ask.ts';
import type { AcceptedAnswer } from '../../src/control/protocol.ts';
import { findRuns } from '../../src/process/guard/find-run.ts';
import { cleanEnvironment } from '../support/clean-environment.ts';
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
const NEAR_ITSELF: Goal = { of: 'difference', is: 'at most', limit: 60 };
const NEAR_NODE: Goal = { of: 'ratio', is: 'at most', limit: 1.5 };

export const client: Workload = async (repetitions) => {
  const times = await launch(orderly(PLAN), async ({ stage, pid, marks }) => {
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
      request: () => timeOfRestart(pid),
      own: () => againByHand(),
    });
  });
  const node = { name: 'node -e 0', sample: sampleOf(times.bare) };
  const of = (name: string, ours: Sample) => ({ name, unit: 'ms' as const, ours, baseline: node });
  const itself = { name: 'the service itself', sample: sampleOf(times.own) };
  return [
    { ...of('ps, exec to exit', sampleOf(times.ps)), goal: NEAR_NODE },
    { ...of('why, exec to exit', sampleOf(times.why)), goal: NEAR_NODE },
    {
      ...of('restart of one service, exec of the command to ready', sampleOf(times.restart)),
      ...{ baseline: itself, goal: NEAR_ITSELF },
    },
    {
      ...of('restart of one service, its request to ready', sampleOf(times.request)),
      ...{ baseline: itself, goal: NEAR_ITSELF },
    },
  ];
};

/** Of a program of Node, in ms. Throws if it fails. */
async function timeOf(args: readonly string[]): Promise<number> {
  const startMs = performance.now();
  const child = spawn(process.execPath, args, { stdio: 'ignore', env: cleanEnvironment() });
  const [status] = (await once(child, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`${args.slice(1).join(' ')} ended with status ${status}`);
  return performance.now() - startMs;
}

/** As any client asks that runs already, in ms. Throws if the new instance isn't ready. */
async function timeOfRestart(pid: number): Promise<number> {
  const machine = { uid: process.getuid?.() ?? 0, tmpdir: tmpdir(), env: process.env };
  const run = findRuns(machine).find((each) => each.pid === pid);
  if (run === undefined) throw new Error(`${pid} can't be asked`);
  const listener: Listener = { socket: run.socket, client: 'a benchmark', mayListenBy: async () => false };
  const startMs = performance.now();
  const body = { kind: 'restart', names: ['s000'] };
  const accepted = await askListener(listener, { method: 'POST', path: '/v1/requests', body });
  const { request } = JSON.parse(accepted.text) as AcceptedAnswer;
  const settled = await askListener(listener, { method: 'GET', path: `/v1/requests/${request}?wait` });
  const tookMs = performance.now() - startMs;
  const { outcome } = JSON.parse(settled.text) as { readonly outcome?: string };
  if (outcome !== 'reached') throw new Error(`a restart did not reach it: ${settled.text}`);
  return tookMs;
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
