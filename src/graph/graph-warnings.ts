/**
 * What is allowed but doesn't do what it seems to say, for `check`.
 */
import type { Problem } from '../config/diagnostics/problem.ts';
import type { Edge, ServiceConfig } from '../config/types.ts';
import { edgePath } from './dependency-problems.ts';
import { type Graph, startWaves } from './graph.ts';
import { longestChain } from './longest-chain.ts';
import { KILL_MS, type StopLimits } from './stop-limits.ts';

/** In the order of the file. */
export function graphWarnings(graph: Graph): readonly Problem[] {
  const idle = idleHooks(graph.services.map(graph.spec));
  return graph.services.flatMap((name) => [
    ...graph.dependencies(name).flatMap((edge) => edgeWarnings(graph, name, edge)),
    ...profileWarnings(graph, name),
    ...healthWarnings(graph.spec(name)),
    ...endWarnings(graph.spec(name)),
    ...idle.filter(({ path }) => path[1] === name),
  ]);
}

function edgeWarnings(graph: Graph, dependent: string, edge: Edge): readonly Problem[] {
  const { type, restart, ready } = graph.spec(edge.service);
  const warning = { severity: 'warning', path: edgePath(dependent, edge.service), atKey: true } as const;
  const forSuccess = edge.condition === 'completed' || (edge.condition === 'ready' && type === 'task');
  if (forSuccess && restart.policy === 'always') {
    const message = `"${dependent}" waits for "${edge.service}" to complete, but "${edge.service}" is always restarted and never completes`;
    return [{ ...warning, message, hint: `Give "${edge.service}" the restart policy on-failure or no.` }];
  }
  if (edge.condition === 'exited' && restart.policy === 'always' && restart.max === 0) {
    const message = `"${dependent}" waits for "${edge.service}" to have ended, but "${edge.service}" is restarted without limit and never completes`;
    return [
      { ...warning, message, hint: `Give "${edge.service}" another restart policy, or \`max\` a limit.` },
    ];
  }
  if (edge.condition === 'ready' && type === 'service' && ready === undefined) {
    const message = `"${dependent}" waits for "${edge.service}" to be ready, but "${edge.service}" has no readiness condition and counts as ready once it is spawned`;
    return [
      { ...warning, message, hint: `Give "${edge.service}" a \`ready\`, or say \`condition: started\`.` },
    ];
  }
  return [];
}

/** A profile holds nothing back when a service that always starts needs the one that has it. */
function profileWarnings(graph: Graph, name: string): readonly Problem[] {
  if (graph.spec(name).profiles.length === 0) return [];
  const needing = graph
    .dependents(name)
    .find(({ service, edge }) => !edge.optional && graph.spec(service).profiles.length === 0);
  if (needing === undefined) return [];
  return [
    {
      severity: 'warning',
      message: `The profiles of "${name}" have no effect: "${needing.service}" has none and needs it`,
      path: ['services', name, 'profiles'],
      hint: `Give "${needing.service}" the same profiles, or make the dependency optional.`,
    },
  ];
}

/** "restart" stops what is unhealthy; that it is started again is said by another key. */
function healthWarnings({ name, health, restart }: ServiceConfig): readonly Problem[] {
  if (health?.onFailure !== 'restart' || restart.policy !== 'no') return [];
  return [
    {
      severity: 'warning',
      message: `"${name}" is never restarted: when its health fails it is stopped, and has failed for good`,
      path: ['services', name, 'health'],
      atKey: true,
      hint: `Give "${name}" the restart policy on-failure, or say \`on_failure: report\` or \`shutdown\` in its \`health\`.`,
    },
  ];
}

function endWarnings({ name, onEnd, restart }: ServiceConfig): readonly Problem[] {
  if (onEnd === undefined || restart.policy !== 'always' || restart.max !== 0) return [];
  return [
    {
      severity: 'warning',
      message: `"on_end" of "${name}" has no effect: it is restarted without limit, and never ends by itself`,
      path: ['services', name, 'on_end'],
      hint: `Give "${name}" another restart policy, or \`max\` a limit.`,
    },
  ];
}

const NEVER = {
  unhealthy: {
    is: ({ health, watchdog }: ServiceConfig) => health === undefined && watchdog === undefined,
    why: 'it has neither health nor a watchdog',
  },
  restarted: { is: ({ restart }: ServiceConfig) => restart.policy === 'no', why: 'it is never restarted' },
} as const;

/** Hooks that none of the services that have them can ever run: what stands in the defaults is for those that can. */
function idleHooks(specs: readonly ServiceConfig[]): readonly Problem[] {
  return (['restarted', 'unhealthy'] as const).flatMap((event) => {
    const { is, why } = NEVER[event];
    const used = new Set(specs.filter((spec) => !is(spec)).map(({ on }) => on?.[event]));
    const idle = new Map(specs.map(({ name, on }) => [on?.[event], name] as const).reverse());
    return [...idle].flatMap(([hook, name]): Problem[] => {
      if (hook === undefined || used.has(hook)) return [];
      const message = `The hook \`${event}\` of "${name}" is never run: ${why}`;
      return [{ severity: 'warning', message, path: ['services', name, 'on', event], hint: HINTS[event] }];
    });
  });
}

const HINTS = {
  unhealthy: 'Give it a `health` or a `watchdog`, or remove the hook.',
  restarted: 'Give it the restart policy on-failure or always, or remove the hook.',
} as const;

// What may run at once when a shutdown begins. Pure.
//
// A task that has completed takes no time to stop, and while it still runs nothing that waits for its end does: so a
// chain through a task is never stopped as a whole. Tasks of which none waits for another may run at once, and are told
// together where the same waits for them. Of very many states those with the longest chains are enough.

/** Each is a plan of its own: more would take minutes with thousands of services. */
const MOST_STATES = 30;

/** Tasks that may run at once, as they are in the same wave, have the same neighbours and so the same that waits. */
interface Crew {
  readonly tasks: string[];
  /** The longest chain that stops through them. */
  readonly ms: number;
}

/**
 * All services, every task having ended; then for tasks: some that may run at once, with what doesn't wait for their
 * end.
 */
export function runningStates(
  graph: Graph,
  limits?: ReadonlyMap<string, StopLimits>,
): readonly ReadonlySet<string>[] {
  const isTask = (name: string) => graph.spec(name).type === 'task';
  const services = graph.services.filter((name) => !isTask(name));
  const ownMs = (name: string) => {
    const { graceMs = 0, cleanupMs = 0 } = limits?.get(name) ?? {};
    return graceMs + cleanupMs + KILL_MS;
  };
  const { tailMs } = longestChain(graph, (name) => (isTask(name) ? 0 : ownMs(name)));
  const crews = new Map<string, Crew>();
  for (const [wave, names] of startWaves(graph).entries()) {
    for (const task of names.filter(isTask)) {
      const ms = ownMs(task) + (tailMs.get(task) ?? 0);
      const key = `${wave} ${ms} ${neighbours(graph, task)}`;
      const crew = crews.get(key);
      if (crew === undefined) crews.set(key, { tasks: [task], ms });
      else crew.tasks.push(task);
    }
  }
  const longest = new Set([...crews.values()].sort((a, b) => b.ms - a.ms).slice(0, MOST_STATES));
  const states = [...crews.values()]
    .filter((crew) => longest.has(crew))
    .map(({ tasks }) => {
      const waiting = waitingForEnd(graph, tasks[0]!);
      return new Set([...services.filter((name) => !waiting.has(name)), ...tasks]);
    });
  return [new Set(services), ...states];
}

function neighbours(graph: Graph, task: string): string {
  const before = graph.dependencies(task).map(({ service }) => service);
  const after = graph
    .dependents(task)
    .map(({ service, edge }) => `${service} ${edge.condition} ${edge.optional}`);
  return `${before.join()};${after.join()}`;
}

function waitingForEnd(graph: Graph, task: string): ReadonlySet<string> {
  const waiting = new Set<string>();
  const open = [task];
  for (const name of open) {
    for (const { service, edge } of graph.dependents(name)) {
      const forEnd = edge.condition === 'completed' || edge.condition === 'exited';
      // Only the task itself may have started.
      if (edge.optional || waiting.has(service) || (name === task && !forEnd)) continue;
      waiting.add(service);
      open.push(service);
    }
  }
  return waiting;
}
