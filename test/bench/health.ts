/**
 * What it costs the supervisor to check the health of two hundred services every second, and how evenly it does.
 *
 * Checks by tcp and http knock at this process, which sees when; with `owner: service` each service listens itself, and
 * exec starts a program for each check. What the checked and the commands compute is not counted.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { orderly, type Plan } from './contenders.ts';
import type { Figure } from './figure.ts';
import { interleave } from './interleave.ts';
import { launch, type Running } from './launch.ts';
import { sampleOf } from './sample.ts';
import { idleServices, listeningServices } from './services.ts';
import { cpuMsOf } from './supervisor-processes.ts';
import type { Workload } from './workload.ts';

const MOST_REPETITIONS = 3;
const SERVICES = 200;
const SETTLE_MS = 3000;
const WINDOW_MS = 10_000;
const INTERVAL_MS = 1000;
const CROWD_MS = 50;
const LISTENERS = '127.83.9';

interface Seen {
  readonly cpuPercent: number;
  /** The largest share of the checks of an interval within 50 ms of it. */
  readonly crowdPercent: number;
}

export const health: Workload = async (repetitions) => {
  const door = await openDoor();
  const idle = (check: string): Plan => ({
    services: (stage) => idleServices(stage, SERVICES),
    more: () => healthKeys(check),
  });
  const own: Plan = {
    services: (stage) => listeningServices(stage, SERVICES, addressOf),
    more: (index) => healthKeys(`tcp: "${addressOf(index)}"`),
  };
  const measure = (plan: Plan) => () => launch(orderly(plan), (running) => look(running, door.knocks));
  try {
    const seen = await interleave(Math.min(repetitions, MOST_REPETITIONS), {
      none: measure({ services: (stage) => idleServices(stage, SERVICES) }),
      tcp: measure(idle(`tcp: "127.0.0.1:${door.port}", owner: any`)),
      http: measure(idle(`http: "http://127.0.0.1:${door.port}/", owner: any`)),
      own: measure(own),
      exec: measure(idle('exec: ["true"]')),
    });
    const cpu = (kind: keyof typeof seen, what: string, goal?: Figure['goal']): Figure => ({
      name: `${SERVICES} services, each checked every second by ${what}: CPU of the supervisor`,
      unit: '%',
      ours: sampleOf(seen[kind].map(({ cpuPercent }) => cpuPercent)),
      baseline: {
        name: 'unchecked',
        sample: sampleOf(seen.none.map(({ cpuPercent }) => cpuPercent)),
      },
      goal,
    });
    return [
      cpu('tcp', 'tcp', { of: 'value', is: 'at most', limit: 15 }),
      cpu('own', 'tcp, with its owner', { of: 'value', is: 'at most', limit: 15 }),
      cpu('http', 'http'),
      cpu('exec', 'exec'),
      {
        name: `most checks within ${CROWD_MS} ms of a second`,
        unit: '%',
        ours: sampleOf(seen.tcp.map(({ crowdPercent }) => crowdPercent)),
        baseline: { name: 'evenly', sample: sampleOf([(100 * CROWD_MS) / INTERVAL_MS]) },
        goal: { of: 'ratio', is: 'at most', limit: 1.5 },
      },
    ];
  } finally {
    door.close();
  }
};

interface Door {
  readonly port: number;
  /** When somebody knocked, by the monotonic clock. */
  readonly knocks: number[];
  close(): void;
}

async function openDoor(): Promise<Door> {
  const knocks: number[] = [];
  const server = createServer((_, response) => response.end());
  server.on('connection', () => knocks.push(performance.now()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, knocks, close: () => server.close() };
}

function healthKeys(check: string): readonly string[] {
  return [`    health: { ${check}, interval: ${INTERVAL_MS}ms, on_failure: report }`];
}

function addressOf(index: number): string {
  return `${LISTENERS}.${index + 1}:9400`;
}

async function look({ marks, pid }: Running, knocks: number[]): Promise<Seen> {
  marks(SERVICES);
  await sleep(SETTLE_MS);
  knocks.length = 0;
  const cpuMs = cpuMsOf(pid);
  const startMs = performance.now();
  await sleep(WINDOW_MS);
  const cpuPercent = (100 * (cpuMsOf(pid) - cpuMs)) / (performance.now() - startMs);
  return { cpuPercent, crowdPercent: crowdOf(knocks.map((atMs) => atMs % INTERVAL_MS)) };
}

/** Of times of an interval that repeats itself. */
function crowdOf(timesMs: readonly number[]): number {
  const within = (fromMs: number) =>
    timesMs.filter((atMs) => (atMs - fromMs + INTERVAL_MS) % INTERVAL_MS < CROWD_MS).length;
  return timesMs.length === 0 ? 0 : (100 * Math.max(...timesMs.map(within))) / timesMs.length;
}
