/**
 * Runs a plan: every service lives its own life, and the run ends when all are at rest and nothing keeps it open.
 *
 * Order emerges from neighbours: each waits for its dependencies to be ready before it starts and for its
 * dependents to be gone before it stops. Nobody walks the graph here.
 */
import { moveOnAfter, type Queue, shield, sleep, taskGroup, wait, withClock } from '../concurrency/index.ts';
import type { ShutdownCause } from '../events/event.ts';
import type { Budget, Plan } from '../graph/plan-run.ts';
import { changeGraph } from './generation/change-graph.ts';
import { rollThrough } from './generation/roll.ts';
import { noteSurvivors } from './instance/lingering.ts';
import { liveService } from './life/life.ts';
import { concludeRun } from './outcome/conclude-run.ts';
import { stopLeftovers } from './outcome/stop-leftovers.ts';
import type { EnginePorts } from './ports.ts';
import type { Command, RequestOptions, Ticket } from './requests/command.ts';
import { describeDefinition, describeDependencies, type Outcome } from './run/record.ts';
import { createRun, type Run, type SuperviseOptions } from './run/run.ts';
import type { ServiceNode } from './service/node.ts';
import { mayLeaveRest } from './service/rest.ts';

/** What the outside asks of a running supervisor. */
export type SupervisorRequest =
  | {
      readonly kind: 'signal';
      readonly signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP';
      /** A person at a terminal may have sent it; left out: SIGINT is of such a one. */
      readonly interactive?: boolean;
      /** By its own name; left out: the same. */
      readonly came?: NodeJS.Signals;
    }
  /** A signal that is the foreground service's, by its number; if that doesn't run it asks for the other. */
  | {
      readonly kind: 'pass-on';
      readonly signal: number;
      readonly otherwise: SupervisorRequest | undefined;
    }
  /** `budgetMs`: in place of the budget of the plan; `now`: what is there is killed in its order, as by a second signal. */
  | {
      readonly kind: 'shutdown';
      readonly cause: ShutdownCause;
      readonly budgetMs?: number | undefined;
      readonly now?: boolean;
    }
  | {
      readonly kind: 'command';
      readonly command: Command;
      readonly options?: RequestOptions;
      /** Hears at once what came of it. */
      readonly onTicket?: (ticket: Ticket) => void;
    };

/**
 * Resolves when everything has ended and been cleaned up. Cancelling it brings the services down first. Rejects
 * only for a bug of the supervisor.
 */
export function supervise(
  plan: Plan,
  ports: EnginePorts,
  requests: Queue<SupervisorRequest>,
  options: SuperviseOptions = {},
): Promise<Outcome> {
  return withClock(ports.clock, async () => {
    const run = createRun(plan, ports, options);
    const services = [...run.nodes.keys()];
    const dependencies = describeDependencies(plan.graph);
    const selection = options.selected && {
      selection: services.filter((name) => options.selected?.has(name)),
    };
    run.announce({
      type: 'run.started',
      name: plan.name,
      services,
      dependencies,
      definitions: Object.fromEntries(
        services.map((name) => [name, describeDefinition(plan.graph.spec(name))]),
      ),
      generation: 1,
      ...selection,
      ...(options.isDetached === true && { detached: true }),
      pid: ports.pid,
    });
    for (const text of options.notes ?? []) run.announce({ type: 'run.note', text });
    await taskGroup(async (group) => {
      group.startSoon(() => obeyRequests(run, requests), { name: 'requests' });
      group.startSoon(() => limitCommands(run), { name: 'commands of clients' });
      try {
        await taskGroup(async (lives) => {
          const live = (node: ServiceNode): void =>
            void lives.startSoon(() => liveService(run, node), { name: node.name });
          run.owner = {
            live,
            changeGraph: (change) =>
              void group.startSoon(() => changeGraph(run, change), { name: change.request }),
            roll: (roll) => void group.startSoon(() => rollThrough(run, roll), { name: roll.request }),
          };
          for (const node of run.nodes.values()) live(node);
          await run.changed.until(
            () => isDone(run),
            () => {
              run.isOver = true;
              for (const node of run.nodes.values()) node.pulse.fire();
            },
          );
        });
      } finally {
        await shield(async () => {
          await endOthers(run);
          await stopLeftovers(run);
          await noteSurvivors(run);
        });
      }
      group.cancel('everything has ended');
    });
    return concludeRun(run);
  });
}

/** Everything is at rest, and nobody keeps it open: no request, no client, and nobody who has stopped something to start it again. */
function isDone(run: Run): boolean {
  if (run.inMotion > 0) return false;
  if (run.shutdown.cause !== undefined) return true;
  if (run.options.isDetached === true || run.requests.isOpen || run.leases.any) return false;
  return [...run.nodes.values()].every((node) => !node.isDownByPerson && !mayLeaveRest(node));
}

/** The longest that a shutdown waits for the commands of clients, and what of its budget. */
const COMMANDS_MS = 10_000;
const COMMANDS_SHARE = 1 / 4;

/** What they need goes after them; one that does not end is waited for no longer than its share. */
async function limitCommands(run: Run): Promise<void> {
  await run.changed.until(() => run.shutdown.cause !== undefined);
  if (!run.leases.anyCommand) return;
  await sleep(Math.min(COMMANDS_MS, run.plan.budget.budgetMs * COMMANDS_SHARE));
  run.leases.giveUpCommands();
}

/** More than they take. */
const OTHERS_MS = 3_000;

async function endOthers({ ports }: Run): Promise<void> {
  const { endOthers: end } = ports;
  if (end !== undefined) await moveOnAfter(OTHERS_MS, () => wait(end()));
}

async function obeyRequests(run: Run, requests: Queue<SupervisorRequest>): Promise<void> {
  for await (const request of requests) {
    obey(run, request);
  }
}

function obey(run: Run, request: SupervisorRequest): void {
  const { foreground } = run.options;
  const passOn = foreground === undefined ? undefined : run.nodes.get(foreground)?.instance?.main;
  switch (request.kind) {
    case 'signal': {
      const { signal, interactive = signal === 'SIGINT', came } = request;
      const isCtrlC = signal === 'SIGINT' && interactive;
      // While the foreground service runs that is its own affair.
      if (passOn !== undefined && isCtrlC && run.shutdown.cause === undefined) passOn.interrupt();
      else run.shutdown.interrupt(signal, interactive, came);
      return;
    }
    case 'pass-on':
      if (passOn !== undefined) passOn.signal(request.signal);
      else if (request.otherwise !== undefined) obey(run, request.otherwise);
      return;
    case 'shutdown':
      run.shutdown.request(request.cause, budgetOf(request.budgetMs));
      if (request.now === true) run.shutdown.insist();
      return;
    case 'command': {
      const ticket = run.requests.submit(request.command, request.options);
      request.onTicket?.(ticket);
    }
  }
}

function budgetOf(budgetMs: number | undefined): Budget | undefined {
  return budgetMs === undefined ? undefined : { budgetMs, setting: '--budget', atMostMs: undefined };
}
