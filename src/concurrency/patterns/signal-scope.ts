/** A scope that signals of the process cancel. It listens, and keeps the program alive, while it is open and no longer. */
import { ambientClock } from '../kernel/scope/ambient.ts';
import { CancelScope, scopeNode } from '../kernel/scope/cancel-scope.ts';
import { listenTo } from './signal-hub.ts';
import { type SignalName, type SignalSource, systemSignals } from './system-signals.ts';

/** How a scope listens to signals. */
export interface SignalScopeOptions {
  /** Where signals come from; those of the process by default. For tests, which send none. */
  readonly source?: SignalSource | undefined;
  /** For messages and reports of open work; `signals` by default. */
  readonly name?: string | undefined;
}

/**
 * Runs `body` in a scope that the first of these signals cancels, and resolves with its value, or with undefined if that
 * ended it; the `reason` of the scope is then the name of the signal. Whatever the signals did before they do again
 * afterwards. Of nested scopes that listen to one signal it cancels the innermost that is not ending yet, side by side all
 * of them: the next one cancels the one around it. When all are ending, the next does what it does by default, and mostly
 * ends the program. Signals of one name within 300 ms count as one.
 *
 * While it is open it keeps the program alive, which waits for a signal if for nothing else. Rejects with a `RangeError` for a signal that there is none of, or that no program can
 * listen to; then `body` is not called.
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
