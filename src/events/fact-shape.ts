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
