/**
 * Which scopes a signal cancels: the innermost of those that listen to it and are not ending yet, side by side all of
 * them. So each signal takes back one layer; when there is none left, the next does what it does by default. One that
 * comes within 300 ms of another of its name is the same: a terminal and npm both send the SIGINT of one Ctrl-C.
 */

import type { Clock } from '../kernel/clock/clock.ts';
import type { CancelNode } from '../kernel/scope/cancel-node.ts';
import type { SignalName, SignalSource } from './system-signals.ts';

const sameMs = 300;

/** One scope that listens. */
export interface Listening {
  readonly node: CancelNode;
  readonly clock: Clock;
}

/** One signal of one source, and who listens to it. */
class Line {
  readonly #source: SignalSource;
  readonly #signal: SignalName;
  readonly #listening = new Set<Listening>();
  /** Who was there at the last signal. */
  #heard = new WeakSet<Listening>();
  #heardMs = Number.NEGATIVE_INFINITY;
  #unlisten: (() => void) | undefined;

  constructor(source: SignalSource, signal: SignalName) {
    this.#source = source;
    this.#signal = signal;
  }

  add(one: Listening): () => void {
    this.#unlisten ??= this.#source.listen(this.#signal, () => this.#arrived());
    this.#listening.add(one);
    return () => {
      this.#listening.delete(one);
      if (this.#listening.size === 0) this.#stop();
    };
  }

  #arrived(): void {
    const all = [...this.#listening];
    const [any] = all;
    if (any === undefined) return;
    const nowMs = any.clock.now();
    const isSame = nowMs - this.#heardMs < sameMs;
    const open = all.filter((one) => one.node.effective() === undefined && !(isSame && this.#heard.has(one)));
    if (open.length === 0) {
      if (!isSame) this.#giveUp();
      return;
    }
    this.#heardMs = nowMs;
    this.#heard = new WeakSet(all);
    const innermost = open.filter((one) => !open.some((other) => other.node.isInside(one.node)));
    for (const { node } of innermost) node.cancel('call', this.#signal);
  }

  /** Whoever asks again while all are ending doesn't want to wait. */
  #giveUp(): void {
    this.#stop();
    this.#source.raise(this.#signal);
  }

  #stop(): void {
    this.#unlisten?.();
    this.#unlisten = undefined;
  }
}

const hubs = new WeakMap<SignalSource, Map<SignalName, Line>>();

/** Has the signals cancel `one` from now on, until what it returns is called. */
export function listenTo(source: SignalSource, signals: readonly SignalName[], one: Listening): () => void {
  const lines = hubs.get(source) ?? new Map<SignalName, Line>();
  hubs.set(source, lines);
  const leaves: (() => void)[] = [];
  const leave = (): void => {
    for (const each of leaves) each();
  };
  try {
    for (const signal of new Set(signals)) {
      const line = lines.get(signal) ?? new Line(source, signal);
      lines.set(signal, line);
      leaves.push(line.add(one));
    }
  } catch (error) {
    leave();
    throw error;
  }
  return leave;
}
