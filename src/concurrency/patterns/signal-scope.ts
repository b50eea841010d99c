/**
 * A scope that signals of the process cancel. It listens, and keeps the program alive, while it is open and no longer.
 * Each signal takes back one layer: the innermost of the scopes that listen to it and are not ending yet, side by side
 * all of them. When there is none left, the next does what it does by default. One that comes within 300 ms of another
 * of its name is the same: a terminal and npm both send the SIGINT of one Ctrl-C.
 */
import type { Clock } from '../kernel/clock/clock.ts';
import { ambientClock } from '../kernel/scope/ambient.ts';
import type { CancelNode } from '../kernel/scope/cancel-node.ts';
import { CancelScope, scopeNode } from '../kernel/scope/cancel-scope.ts';
import { type SignalName, type SignalSource, systemSignals } from './system-signals.ts';

/** How a scope listens to signals. */
export interface SignalScopeOptions {
  /** Where signals come from; those of the process by default. For tests, which send none. */
  readonly source?: SignalSource | undefined;
  /** For messages and reports of open work; `signals` by default. */
  readonly name?: string | undefined;
}

/**
 * Runs `body` in a scope that the first of these signals cancels, and resolves with its value, or with undefined if
 * that ended it; the `reason` of the scope is then the name of the signal. Whatever the signals did before they do
 * again afterwards. Of nested scopes that listen to one signal it cancels the innermost that is not ending yet, side by
 * side all of them: the next one cancels the one around it. When all are ending, the next does what it does by default,
 * and mostly ends the program. Signals of one name within 300 ms count as one.
 *
 * While it is open it keeps the program alive, which waits for a signal if for nothing else. Rejects with a
 * `RangeError` for a signal that there is none of, or that no program can listen to; then `body` is not called.
 */
export async function signalScope<T>(
  signals: SignalName | readonly SignalName[],
  body: (scope: CancelScope) => Promise<T> | T,
  { source = systemSignals, name = 'signals' }: SignalScopeOptions = {},
): Promise<T | undefined> {
  const node = scopeNode({ name });
  const list = typeof signals === 'string' ? [signals] : signals;
  const leave = listenTo(source, list, { node, clock: ambientClock() });
  try {
    return await new CancelScope({}, node).run(body);
  } finally {
    leave();
  }
}

/** A signal within so many ms of another of its name is the same. */
const sameMs = 300;

/** One scope that listens. */
interface Listening {
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
function listenTo(source: SignalSource, signals: readonly SignalName[], one: Listening): () => void {
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
