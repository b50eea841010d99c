/**
 * The hooks of a run: the events that it tells decide, beside the engine, which of the configuration in force are run.
 *
 * What runs them is loaded with the first.
 */
import type { Hook } from '../../config/hook-types.ts';
import type { ServiceConfig } from '../../config/types.ts';
import type { LogSink } from '../../events/event.ts';
import type { Stamper } from '../../events/stamper.ts';
import type { Plan } from '../../graph/plan-run.ts';
import type { HookRunner } from '../../hooks/hook-runner.ts';
import { type Occasion, Occasions } from '../../hooks/occasions.ts';
import type { Output } from '../../output/output.ts';
import type { Project } from '../load-project.ts';
import type { System, World } from '../world.ts';

export interface RunHooks extends Output {
  /** This plan is in force. */
  readonly use: (plan: Plan) => void;
  /** All services have ended: what still runs is given a second, or what is left of the budget, and is ended. Never rejects. */
  readonly close: () => Promise<void>;
}

export interface HookedRun {
  readonly system: () => Promise<System>;
  readonly stamper: Stamper;
  readonly onLog: LogSink;
  /** Takes a sentence. */
  readonly tell: (text: string) => void;
}

/** What is said at the end of a run must not be lost because the run was quick. */
const CLOSING_MS = 1_000;
/** What was killed is gone by then, or is left behind. */
const KILL_MS = 250;

export function hooksOf(world: World, { plan: first, config }: Project, run: HookedRun): RunHooks {
  const { clock, env } = world;
  const { system, stamper, onLog, tell } = run;
  let plan = first;
  let loading: Promise<HookRunner> | undefined;
  let loaded: HookRunner | undefined;
  let isClosed = false;
  let hasCommands = false;
  let budgetEndMs = Number.POSITIVE_INFINITY;
  const now = (): number => stamper.sinceStart(clock.now());
  let names: ReadonlySet<string> | undefined;
  const specOf = (service: string): ServiceConfig | undefined => {
    names ??= new Set(plan.graph.services);
    return names.has(service) ? plan.graph.spec(service) : undefined;
  };
  const hookFor = ({ of, event, service }: Occasion): Hook | undefined =>
    of === 'graph' ? plan.beside.on[event] : specOf(service)?.on?.[event];
  const occasions = new Occasions((service) => specOf(service)?.type === 'task');

  const load = async (): Promise<HookRunner> => {
    const [{ HookRunner: Runner }, { hookCommands: commands, post }] = await Promise.all([
      import('../../hooks/hook-runner.ts'),
      system(),
    ]);
    const ports = { clock, commands, post, onLog, env, cwd: config.dir, project: config.name };
    loaded = new Runner(ports, tell);
    return loaded;
  };
  const fire = (hook: Hook, occasion: Occasion): void => {
    hasCommands ||= hook.kind === 'command';
    loading ??= load();
    void loading.then((runner) => runner.fire(hook, occasion));
  };

  return {
    onEvent(event) {
      if (isClosed) return;
      if (event.type === 'shutdown.requested' && event.budget_ms !== undefined)
        budgetEndMs = event.ms + event.budget_ms;
      if (event.type === 'shutdown.escalated') {
        // Somebody insists on the end.
        budgetEndMs = event.ms;
        loaded?.cut();
      }
      for (const occasion of occasions.next(event)) {
        const hook = hookFor(occasion);
        if (hook !== undefined) fire(hook, occasion);
      }
    },
    onLog: () => undefined,
    finish: async () => undefined,
    use(next) {
      plan = next;
      names = undefined;
    },
    async close() {
      isClosed = true;
      if (loading === undefined) return;
      const runner = await loading;
      await runner.close(Math.max(0, Math.min(CLOSING_MS, budgetEndMs - now())));
      if (hasCommands) await (await system()).endHooks(KILL_MS);
    },
  };
}
