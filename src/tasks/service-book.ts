/**
 * What the services of one run have told in this program: the values that they reported, as they are, and what their
 * functions threw. Events have only texts; whoever needs the objects finds them here.
 */
import type { Values } from '../events/fact-shape.ts';

/** What a service gave to `started`: anything, by name. */
export type Reported = Readonly<Record<string, unknown>>;

/** What a service said last that it is doing. */
export interface Said {
  /** The number of the instance that said it. */
  readonly attempt: number;
  readonly text: string;
  /** Numbers by name, as they were given. */
  readonly numbers: Readonly<Record<string, number>>;
}

export class ServiceBook {
  readonly #said = new Map<string, Said>();
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

  say(service: string, text: string, numbers: Readonly<Record<string, number>>): void {
    this.#said.set(service, { attempt: this.attemptOf(service), text, numbers });
  }

  /** What it said last; undefined: nothing. */
  saidBy(service: string): Said | undefined {
    return this.#said.get(service);
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
  const texts = namesOf(values).flatMap((name) => {
    const value = readValue(values, name);
    return ['string', 'number', 'bigint', 'boolean'].includes(typeof value) ? [[name, String(value)]] : [];
  });
  // Not by assignment: `__proto__` is a name like others.
  return Object.fromEntries(texts);
}

function namesOf(values: Reported): readonly string[] {
  try {
    return Object.keys(values);
  } catch {
    return [];
  }
}

/** Undefined also if it can't be read: those that depend on it get the object, and see for themselves. */
function readValue(values: Reported, name: string): unknown {
  try {
    return values[name];
  } catch {
    return undefined;
  }
}
