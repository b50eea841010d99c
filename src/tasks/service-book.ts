/**
 * What the services of one run have told in this program: the values that they reported, as they are, and what their
 * functions threw. Events have only texts; whoever needs the objects finds them here.
 */
import type { Values } from '../events/values.ts';

/** What a service gave to `started`: anything, by name. */
export type Reported = Readonly<Record<string, unknown>>;

export class ServiceBook {
  readonly #reported = new Map<string, { readonly attempt: number; readonly values: Reported }>();
  readonly #attempts = new Map<string, number>();
  readonly #thrown = new Map<string, unknown>();
  readonly #cleanupErrors = new Map<string, unknown>();

  /** A new instance begins: nothing is wrong with it, and what the one before reported holds until it reports itself. */
  begin(service: string, attempt: number): void {
    this.#attempts.set(service, attempt);
    this.#thrown.delete(service);
  }

  /** The number of its last instance; 0: it had none. */
  attemptOf(service: string): number {
    return this.#attempts.get(service) ?? 0;
  }

  report(service: string, values: Reported): void {
    this.#reported.set(service, { attempt: this.attemptOf(service), values });
  }

  /** What it reported last; undefined: nothing yet. */
  reportedBy(service: string): Reported | undefined {
    return this.#reported.get(service)?.values;
  }

  /** What its last instance itself reported. */
  reportedNow(service: string): Reported | undefined {
    const reported = this.#reported.get(service);
    return reported?.attempt === this.attemptOf(service) ? reported.values : undefined;
  }

  /** What its instance threw. */
  threw(service: string, error: unknown): void {
    this.#thrown.set(service, error);
  }

  /** What its last instance threw, in a box: it may be anything. */
  thrownBy(service: string): { readonly error: unknown } | undefined {
    return this.#thrown.has(service) ? { error: this.#thrown.get(service) } : undefined;
  }

  cleanupThrew(service: string, error: unknown): void {
    this.#cleanupErrors.set(service, error);
  }

  /** What its clean-up that ended last threw; once. */
  takeCleanupError(service: string): { readonly error: unknown } | undefined {
    if (!this.#cleanupErrors.has(service)) return undefined;
    const error = this.#cleanupErrors.get(service);
    this.#cleanupErrors.delete(service);
    return { error };
  }
}

/** What of it has a text that says all: for events, and for processes that ask for it. */
export function textsOf(values: Reported): Values {
  const texts = Object.entries(values)
    .filter(([, value]) => ['string', 'number', 'bigint', 'boolean'].includes(typeof value))
    .map(([name, value]) => [name, String(value)]);
  // Not by assignment: `__proto__` is a name like others.
  return Object.fromEntries(texts);
}

/** An error as one line: its name and message. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? error.name : `${error.name}: ${error.message}`;
}
