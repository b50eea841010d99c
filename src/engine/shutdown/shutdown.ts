/**
 * The shutdown of a run: one cause, then only ever more insistence.
 *
 * It stops nothing itself: it tells every service, and each waits for its own dependents to be gone. How long that may
 * take is `stop-deadlines.ts`.
 */
import { describeCause } from '../../events/describe.ts';
import type { ShutdownCause } from '../../events/event.ts';
import { type Budget, type Plan, shortensGraces } from '../../graph/plan-run.ts';
import type { Announce } from '../service/announce.ts';
import type { ServiceNode } from '../service/node.ts';
import { Pulse } from '../service/pulse.ts';
import type { Down } from '../service/wished.ts';
import { StopDeadlines } from './stop-deadlines.ts';

export class Shutdown {
  /** Fires when clean-ups are given up. */
  readonly givenUp = new Pulse();
  readonly deadlines: StopDeadlines;
  readonly #plan: () => Plan;
  readonly #nodes: ReadonlyMap<string, ServiceNode>;
  readonly #announce: Announce;
  readonly #now: () => number;
  /** The signal that began it, by its own name. */
  came: NodeJS.Signals | undefined;
  #cause: ShutdownCause | undefined;
  #interrupts: Interrupts = noInterrupts;

  constructor(
    plan: () => Plan,
    nodes: ReadonlyMap<string, ServiceNode>,
    announce: Announce,
    now: () => number,
  ) {
    this.#plan = plan;
    this.#nodes = nodes;
    this.#announce = announce;
    this.#now = now;
    this.deadlines = new StopDeadlines(plan, nodes, now);
  }

  get cause(): ShutdownCause | undefined {
    return this.#cause;
  }

  /** Clean-ups are given up, and the order too. */
  get abandoned(): boolean {
    return this.#interrupts.level === 3;
  }

  /** Begins the shutdown, unless one is under way: the first cause stands. */
  request(cause: ShutdownCause, budget: Budget = this.#plan().budget): void {
    if (this.#cause !== undefined) return;
    this.#cause = cause;
    this.deadlines.limitBy(budget);
    const { budgetMs: budget_ms, atMostMs: grace_ms } = budget;
    const most = grace_ms !== undefined && shortensGraces(this.#plan(), budget) ? { grace_ms } : {};
    this.#announce({ type: 'shutdown.requested', cause, budget_ms, ...most });
    const fault = cause.kind === 'collapse' ? cause.service : undefined;
    const down: Down = { reason: describeCause(cause), by: 'shutdown', isNamed: true, along: new Set() };
    for (const node of this.#nodes.values()) node.wantDown(down, undefined, fault);
  }

  /**
   * A signal that asks the program to end: the first begins, the second forces, the third abandons. `interactive`: by a
   * person who waits; `came`: by its own name.
   */
  interrupt(
    signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP',
    interactive: boolean,
    came: NodeJS.Signals = signal,
  ): void {
    const counted = countInterrupt(this.#interrupts, this.#now());
    if (counted === this.#interrupts) return;
    this.#interrupts = counted;
    const { budget, interrupt } = this.#plan();
    const isCtrlC = signal === 'SIGINT' && interactive;
    if (counted.level >= 2) this.#escalate(counted.level as 2 | 3);
    else if (this.#cause === undefined) {
      this.came = came === 'SIGHUP' ? undefined : came;
      this.request({ kind: 'signal', signal }, isCtrlC ? interrupt : budget);
    }
    // Ctrl-C during a shutdown that nobody asked for: a person is waiting now.
    else if (isCtrlC) this.deadlines.limitBy(interrupt);
  }

  /** Somebody doesn't wait any longer: as by a second signal, unless there was one. */
  insist(): void {
    if (this.#interrupts.level >= 2) return;
    this.#interrupts = { level: 2, countedAtMs: this.#now() };
    this.#escalate(2);
  }

  #escalate(level: 2 | 3): void {
    this.#announce({ type: 'shutdown.escalated', level });
    this.deadlines.force();
    if (this.abandoned) this.givenUp.fire();
    for (const node of this.#nodes.values()) node.pulse.fire();
  }
}

/**
 * How often the program was told to stop. Pure.
 *
 * Signals that arrive within 300 ms of the one counted last are that one again: a terminal and npm both pass on
 * the same Ctrl-C.
 */
const SAME_SIGNAL_MS = 300;

interface Interrupts {
  /** 0: none yet; 1: asked; 2: insisting; 3: at once. */
  readonly level: 0 | 1 | 2 | 3;
  readonly countedAtMs: number;
}

export const noInterrupts: Interrupts = { level: 0, countedAtMs: Number.NEGATIVE_INFINITY };

/** The count after one more signal; the same object if it is a repetition or there is no further level. */
export function countInterrupt(before: Interrupts, atMs: number): Interrupts {
  if (atMs - before.countedAtMs < SAME_SIGNAL_MS || before.level === 3) return before;
  return { level: (before.level + 1) as 1 | 2 | 3, countedAtMs: atMs };
}
