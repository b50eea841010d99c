/**
 * Runs the hooks of a run beside it: nothing waits for them, and what becomes of them changes nothing. A few at the same
 * time, of each place one; what goes wrong is told once.
 *
 * It owns all that it runs, until `close`.
 */
import type { Hook } from '../config/hook-types.ts';
import { Lanes } from './lanes.ts';
import type { Occasion } from './occasions.ts';
import { type HookPorts, messageOf, runHook } from './run-hook.ts';

/** A thousand services that become ready at once must not be in the way of each other's start. */
const MOST_AT_ONCE = 4;

interface Firing {
  readonly hook: Hook;
  readonly occasion: Occasion;
}

export class HookRunner {
  readonly #ports: HookPorts;
  readonly #tell: (text: string) => void;
  readonly #lanes = new Lanes<Firing>(MOST_AT_ONCE);
  readonly #end = new AbortController();
  /** By their places: whose trouble was told. */
  readonly #told = new Map<string, Hook>();
  #onIdle: (() => void) | undefined;

  /** `tell` takes a sentence. */
  constructor(ports: HookPorts, tell: (text: string) => void) {
    this.#ports = ports;
    this.#tell = tell;
  }

  fire(hook: Hook, occasion: Occasion): void {
    if (this.#end.signal.aborted) return;
    this.#lanes.add(placeOf(occasion), { hook, occasion });
    this.#runWhatMay();
  }

  /** Cuts all that runs, and forgets what waits. */
  cut(): void {
    this.#lanes.clear();
    this.#end.abort();
    this.#tellIfIdle();
  }

  /** Resolves when nothing runs or waits; after so long it is cut. Never rejects. */
  async close(withinMs: number): Promise<void> {
    const { clock } = this.#ports;
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    this.#tellIfIdle();
    const timer = clock.at(clock.now() + withinMs, () => this.cut());
    await idle;
    timer.cancel();
    this.#end.abort();
  }

  #runWhatMay(): void {
    for (let next = this.#lanes.take(); next !== undefined; next = this.#lanes.take()) {
      const { place, item, missed } = next;
      void this.#run(place, item, missed);
    }
  }

  async #run(place: string, { hook, occasion }: Firing, missed: number): Promise<void> {
    const message = messageOf(this.#ports.project, occasion, missed);
    const trouble = await runHook(this.#ports, hook, message, this.#end.signal);
    if (trouble !== undefined && this.#told.get(place) !== hook) {
      this.#told.set(place, hook);
      this.#tell(`the ${hook.kind === 'command' ? 'hook' : 'webhook'} ${place} ${trouble}`);
    }
    this.#lanes.end(place);
    this.#runWhatMay();
    this.#tellIfIdle();
  }

  #tellIfIdle(): void {
    if (this.#lanes.isIdle) this.#onIdle?.();
  }
}

/** As the configuration spells it. */
export function placeOf({ of, event, service }: Occasion): string {
  return of === 'graph' ? `"on.${event}"` : `"on.${event}" of service "${service}"`;
}
