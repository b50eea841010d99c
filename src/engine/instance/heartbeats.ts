/**
 * The signs of life of one instance: when the last one came decides until when the next one is due.
 *
 * Made before the spawn, so that none is missed; what follows from silence is decided in `watch-heartbeat.ts`. A sign
 * only moves a deadline, since there may be thousands of them in a second.
 */
import { CancelScope, Event } from '../../concurrency/index.ts';
import type { WatchdogConfig } from '../../config/types.ts';
import type { Notification } from '../../process/ports.ts';
import type { Run } from '../run/run.ts';
import type { ServiceNode } from '../service/node.ts';

/** A shorter time can't be told from a busy machine. */
const SHORTEST_WITHIN_MS = 100;

/** Why there is no more patience with it: nothing came, or it says itself that it hangs. */
export type Silence = 'silent' | 'tripped';

export class Heartbeats {
  readonly source: WatchdogConfig['source'];
  readonly #now: () => number;
  #withinMs: number;
  #scope: CancelScope | undefined;
  #tripped = new Event();
  #awaited: Event | undefined;

  constructor({ source, withinMs }: WatchdogConfig, now: () => number) {
    this.source = source;
    this.#withinMs = withinMs;
    this.#now = now;
  }

  /** How long it may be silent now. */
  get withinMs(): number {
    return this.#withinMs;
  }

  /** Takes what concerns it; whether it did. */
  hear(notification: Notification): boolean {
    if (notification.kind === 'tripped') {
      this.#tripped.set();
      return true;
    }
    if (this.source === 'log') return false;
    if (notification.kind === 'heartbeat') this.#beat();
    else if (notification.kind === 'watchdog') this.#limit(notification.withinMs);
    else return false;
    return true;
  }

  /** It wrote something. */
  output(): void {
    if (this.source === 'log') this.#beat();
  }

  /**
   * Waits until it has been silent for too long, from now on. Time in which we could not run, or held its output back
   * (`heldAgoMs`: how long ago, 0 while we do), isn't its silence: what waits in write(2) can't give a sign.
   */
  async untilSilent(heldAgoMs: () => number): Promise<Silence> {
    for (let fromMs = this.#now(); ; ) {
      const deadline = fromMs + this.#withinMs;
      const scope = new CancelScope({ deadline, forgivesStalls: true, name: 'heartbeat' });
      this.#scope = scope;
      const trip = await scope.run(() => this.#tripped.wait().then(() => true));
      this.#scope = undefined;
      if (trip) return 'tripped';
      const heldMs = heldAgoMs();
      if (heldMs >= this.#withinMs) return 'silent';
      fromMs = this.#now() - heldMs;
    }
  }

  /** Waits for the next sign. */
  async untilHeard(): Promise<void> {
    this.#awaited = new Event();
    await this.#awaited.wait();
    this.#tripped = new Event();
  }

  #beat(): void {
    if (this.#scope !== undefined) this.#scope.deadline = this.#now() + this.#withinMs;
    this.#awaited?.set();
  }

  /** As systemd takes it: it begins anew, and 0 means that nobody watches. */
  #limit(withinMs: number): void {
    this.#withinMs = withinMs === 0 ? Number.POSITIVE_INFINITY : Math.max(withinMs, SHORTEST_WITHIN_MS);
    if (this.#scope !== undefined) this.#scope.deadline = this.#now() + this.#withinMs;
  }
}

/** For an instance that is about to be launched; undefined: nobody watches it. */
export function heartbeatsOf(run: Run, { name, spec }: ServiceNode): Heartbeats | undefined {
  const { watchdog } = spec;
  // What has the terminal writes to that: its silence can't be heard.
  const isUnheard = watchdog?.source === 'log' && run.options.foreground === name;
  if (watchdog === undefined || isUnheard) return undefined;
  return new Heartbeats(watchdog, () => run.ports.clock.now());
}

/** The notify channel that the heartbeats need. */
export function channelOf(
  heartbeats: Heartbeats | undefined,
): Exclude<WatchdogConfig['source'], 'log'> | 'none' {
  return heartbeats === undefined || heartbeats.source === 'log' ? 'none' : heartbeats.source;
}
