/**
 * Runs the real engine on simulated processes and a virtual clock, and returns everything that was seen.
 */
import { openTasks, Queue, VirtualClock } from '../../src/concurrency/index.ts';
import type { Config, ServiceConfig } from '../../src/config/types.ts';
import type { Outcome } from '../../src/engine/run/record.ts';
import type { SuperviseOptions } from '../../src/engine/run/run.ts';
import { type SupervisorRequest, supervise } from '../../src/engine/supervise.ts';
import type { OrderlyEvent, ProbeSink } from '../../src/events/event.ts';
import { Stamper } from '../../src/events/stamper.ts';
import { graphOf } from '../../src/graph/graph.ts';
import { type Plan, planRun } from '../../src/graph/plan-run.ts';
import { withReplicas } from '../../src/graph/replicas.ts';
import { createFakeCommands, type FakeCommandRecord, type FakeRun } from './fake-commands.ts';
import { createFakeFiles, type FakeFiles } from './fake-files.ts';
import { createFakeNetwork, type FakeAttempt, type FakeNetwork } from './fake-network.ts';
import { type Behaviour, createSimulatedLauncher, type LogEntry } from './simulated-launcher.ts';
import { toMicrosecond } from './to-microsecond.ts';

export interface TimedRequest {
  readonly atMs: number;
  readonly request: SupervisorRequest;
}

export interface Scenario {
  readonly services: readonly ServiceConfig[];
  readonly shutdown?: Partial<Config['shutdown']>;
  readonly budgetMs?: number;
  /** Whether there is a terminal, so that SIGINT is Ctrl-C; by default there is. */
  readonly interactive?: boolean;
  readonly behave?: (service: string, attempt: number, atMs: number) => Behaviour;
  /** How clean-ups, stop commands and probes go, by their text; of several the last one repeats. */
  readonly commands?: Readonly<Record<string, FakeRun | readonly FakeRun[]>>;
  /** Sets the stage of the network and the files, with the times of the clock. */
  readonly scene?: (world: { readonly network: FakeNetwork; readonly files: FakeFiles }) => void;
  readonly requests?: readonly TimedRequest[];
  /** What is asked because of an event, all at once, in the moment in which it was told. */
  readonly answers?: (event: OrderlyEvent) => readonly SupervisorRequest[];
  /** Why no instance of a service can be started at that time; by default nothing stands against it. */
  readonly foresee?: (service: string, atMs: number) => string | undefined;
  readonly options?: SuperviseOptions;
  readonly random?: () => number;
  /** When the supervisor can't run for how long, in order; what it supervises goes on. */
  readonly stalls?: readonly { readonly atMs: number; readonly forMs: number }[];
}

export interface Simulated {
  readonly outcome: Outcome;
  readonly events: readonly OrderlyEvent[];
  /** The graphs that were in force, each from that event on. */
  readonly graphs: readonly { readonly seq: number; readonly services: readonly ServiceConfig[] }[];
  readonly log: readonly LogEntry[];
  readonly commands: readonly FakeCommandRecord[];
  /** Attempts at probes, as it was told of them. */
  readonly probes: readonly Parameters<ProbeSink>[];
  /** Attempts at the network. */
  readonly attempts: readonly FakeAttempt[];
  readonly endMs: number;
  /** How long the supervisor couldn't run. */
  readonly lostMs: number;
  /** How much later than a spawn it may be told; missing: it is told in its moment. */
  readonly toldWithinMs?: number;
  /** Instances with something alive at the end. */
  readonly alive: number;
  /** What the kernel still had open at the end. */
  readonly open: readonly string[];
}

export async function simulate(scenario: Scenario): Promise<Simulated> {
  const clock = new VirtualClock();
  for (const { atMs, forMs } of scenario.stalls ?? []) clock.stall(atMs, forMs);
  const events: OrderlyEvent[] = [];
  const probes: Parameters<ProbeSink>[] = [];
  let lostMs = 0;
  clock.watchStalls((ms) => {
    lostMs += ms;
  });
  const launcher = createSimulatedLauncher(
    clock.outside,
    scenario.behave ?? (() => ({ readyAfterMs: 10 })),
    (forMs) => clock.stall(clock.now(), forMs),
    () => events.length,
  );
  const commands = createFakeCommands();
  for (const [text, run] of Object.entries(scenario.commands ?? {}))
    commands.script(text, ...(Array.isArray(run) ? run : [run]));
  const network = createFakeNetwork();
  const files = createFakeFiles();
  scenario.scene?.({ network, files });
  const requests = new Queue<SupervisorRequest>(Number.POSITIVE_INFINITY);
  for (const { atMs, request } of scenario.requests ?? [])
    clock.outside.at(atMs, () => requests.tryPut(fromWhere(request, scenario)));
  const plan = planOf(scenario);
  const graphs = [{ seq: 0, services: plan.graph.services.map(plan.graph.spec) }];
  const outcome = await supervise(
    plan,
    {
      launcher,
      leftovers: launcher.leftovers,
      commands,
      network,
      files,
      clock,
      random: scenario.random ?? (() => 0),
      stamper: new Stamper(
        () => clock.now(),
        () => '2000-01-01T00:00:00.000Z',
      ),
      environment: {},
      foresee: ({ name }) => scenario.foresee?.(name, clock.now()),
      onSwitch: ({ graph }) =>
        void graphs.push({ seq: events.length + 1, services: graph.services.map(graph.spec) }),
      pid: 1,
      onEvent(event) {
        events.push(event);
        for (const request of scenario.answers?.(event) ?? []) requests.tryPut(request);
      },
      onLog: () => {},
      onProbe: (...probe) => void probes.push(probe),
    },
    requests,
    scenario.options,
  ).catch((error: unknown) => {
    // A bug of the engine; what had been told leads to it.
    const told = events.slice(-60).map(({ time: _, ...event }) => JSON.stringify(event).slice(0, 200));
    throw new Error(`${String(error)}\n${told.join('\n')}`, { cause: error });
  });
  return {
    outcome,
    events,
    graphs,
    log: launcher.log,
    commands: commands.records,
    probes,
    attempts: network.attempts,
    endMs: toMicrosecond(clock.now()),
    lostMs,
    alive: launcher.alive,
    open: openTasks(),
  };
}

/** A signal tells itself whether a person at a terminal sent it; by default SIGINT is theirs. */
function fromWhere(request: SupervisorRequest, { interactive }: Scenario): SupervisorRequest {
  if (interactive === undefined || request.kind !== 'signal') return request;
  return { interactive: interactive && request.signal === 'SIGINT', ...request };
}

/** The plan of the services of a scenario, and of its settings. */
export function planOf(scenario: Pick<Scenario, 'services' | 'shutdown' | 'budgetMs'>): Plan {
  const config = configOf(scenario);
  return planRun(config, graphOf(withReplicas(config.services)), {
    autoBudgetMs: 28_000,
    budgetMs: scenario.budgetMs,
  });
}

function configOf(scenario: Pick<Scenario, 'services' | 'shutdown'>): Config {
  return {
    name: 'simulated',
    files: ['/simulated/supervisor.yaml'],
    dir: '/simulated',
    shutdown: { budgetMs: 'auto', interruptGraceMs: 2000, ...scenario.shutdown },
    process: { cgroup: 'auto' },
    on: {},
    onHangup: 'shutdown',
    services: scenario.services,
  };
}
