/**
 * What many facts are made of. Types only.
 */
export interface Of<Type extends string> {
  readonly type: Type;
}
export interface OfService<Type extends string> extends Of<Type> {
  readonly service: string;
  /** The instance's number, from 1; 0 before the first one. */
  readonly attempt: number;
}

/** What a service waits for before it starts, and what it does when that is lost, as configured; in milliseconds. */
export interface Dependency {
  readonly service: string;
  readonly condition: 'started' | 'ready' | 'completed' | 'exited';
  readonly optional?: true;
  readonly on_loss?: 'restart' | 'stop';
  readonly after_ms?: number;
}

/**
 * What a service reported with `started(values)`: texts by name. The names are its own: `toString` and `__proto__` are
 * names like others, and nothing is there that it didn't report.
 */
export type Values = Readonly<Record<string, string>>;

/** Undefined: it was not reported. */
export function reportedValue(values: Values, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** How a child of ours ended. */
export type ChildExit =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string };

/** How a function of this program ended that stood in the place of a process. */
export type CallExit =
  | { readonly kind: 'call'; readonly outcome: 'returned' | 'cancelled' }
  /** `error` is its name and message. */
  | { readonly kind: 'call'; readonly outcome: 'threw'; readonly error: string };

/** How a main process, or what stands for one, ended; `unknown`: it was no child of ours, and left no word. */
export type Exit = ChildExit | CallExit | { readonly kind: 'unknown' };
