/**
 * What belongs to a failure beside the failure itself: what its service had lost shortly before, and what fell with it.
 *
 * A fold of the events, so that it says nothing that a record doesn't. It keeps a few words for each service, however
 * long the run.
 */
import { describeExit } from './describe.ts';
import type { OrderlyEvent } from './event.ts';
import { type ExitFact, exitFact, exitOf, exitShape } from './exit-fact.ts';
import type { Dependency } from './fact-shape.ts';
import type { EarlierLoss, Fallen } from './failure.ts';

/** A loss that long ago is not told as what a failure may have come of. */
const RECENT_MS = 10_000;

interface Known {
  /** When its last instance was started, and began to end. */
  startedMs: number;
  endedMs: number | undefined;
  exit: ExitFact | undefined;
  killed: string | undefined;
  /** How it was last lost without having been asked to end. */
  loss: { readonly atMs: number; readonly what: string } | undefined;
}

export class FailureStory {
  readonly #services = new Map<string, Known>();
  readonly #fallen = new Map<string, Fallen[]>();
  #dependencies: Readonly<Record<string, readonly Dependency[]>> = {};

  apply(event: OrderlyEvent): void {
    switch (event.type) {
      case 'run.started':
        this.#dependencies = event.dependencies;
        return;
      case 'graph.changed':
        this.#dependencies = { ...this.#dependencies, ...event.dependencies };
        return;
      case 'service.starting': {
        const { loss } = this.#known(event.service);
        const fresh = { endedMs: undefined, exit: undefined, killed: undefined };
        this.#services.set(event.service, { startedMs: event.ms, ...fresh, loss });
        return;
      }
      case 'service.exited': {
        const known = this.#known(event.service);
        const exit = exitOf(event);
        // What an exit mostly means is so of one that nobody here asked for.
        known.exit = event.asked ? exitShape(exit) : exitFact(exit);
        known.endedMs ??= event.ms;
        if (!event.asked) known.loss = { atMs: event.ms, what: describeExit(exit) };
        return;
      }
      case 'service.unhealthy':
        this.#known(event.service).loss = { atMs: event.ms, what: `was unhealthy: ${event.detail}` };
        return;
      case 'service.stopping':
        this.#known(event.service).endedMs ??= event.ms;
        return;
      case 'service.killed':
        this.#known(event.service).killed ??= event.reason;
        return;
      case 'service.stopped':
      case 'service.failed':
      case 'service.skipped':
        if (event.due_to !== undefined) this.#fall(event.due_to, event);
        return;
    }
  }

  /** What went down because of it, in the order of their ends. */
  fellWith(service: string): readonly Fallen[] {
    return this.#fallen.get(service) ?? [];
  }

  /** What it needs, directly or through others, and lost while its last instance ran; the latest first. */
  lostBefore(service: string): readonly EarlierLoss[] {
    const { startedMs, endedMs = Infinity } = this.#known(service);
    const fromMs = Math.max(startedMs, endedMs - RECENT_MS);
    const lost = this.#needs(service).flatMap((name): EarlierLoss[] => {
      const { loss } = this.#known(name);
      if (loss === undefined || loss.atMs < fromMs || loss.atMs > endedMs) return [];
      return [{ service: name, what: loss.what, before_ms: Math.round(endedMs - loss.atMs) }];
    });
    return lost.sort((one, other) => one.before_ms - other.before_ms);
  }

  #known(service: string): Known {
    let known = this.#services.get(service);
    if (known === undefined) {
      known = { startedMs: 0, endedMs: undefined, exit: undefined, killed: undefined, loss: undefined };
      this.#services.set(service, known);
    }
    return known;
  }

  #fall(cause: string, event: FinalEvent): void {
    const fallen = this.#fallen.get(cause) ?? [];
    this.#fallen.set(cause, fallen);
    const { exit, killed } = event.attempt > 0 ? this.#known(event.service) : NOTHING;
    fallen.push({ service: event.service, ...howItFell(event, killed), ...(exit && { exit }) });
  }

  /** A graph has no cycles, but may lead to one service by many ways. */
  #needs(service: string): string[] {
    const found = new Set<string>();
    const open = [service];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const dependencies = Object.hasOwn(this.#dependencies, name) ? this.#dependencies[name]! : [];
      for (const dependency of dependencies) {
        if (found.has(dependency.service)) continue;
        found.add(dependency.service);
        open.push(dependency.service);
      }
    }
    return [...found];
  }
}

type FinalEvent = OrderlyEvent & { readonly type: 'service.stopped' | 'service.failed' | 'service.skipped' };

const NOTHING: Partial<Known> = {};

function howItFell(event: FinalEvent, killed: string | undefined): Pick<Fallen, 'how' | 'because'> {
  if (event.type === 'service.failed') return { how: 'failed', because: event.cause };
  if (event.type === 'service.skipped') return { how: 'skipped', because: event.because };
  return killed === undefined ? { how: 'stopped' } : { how: 'killed', because: killed };
}
