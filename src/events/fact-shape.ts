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
