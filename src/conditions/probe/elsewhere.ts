/**
 * What there is to add to a sentence that nobody answered: where the service listens in place of that.
 *
 * It is looked for only when such a sentence is about to be told, and no more than once a second for an instance. Who takes
 * long over the look isn't waited for: nothing about readiness or health depends on it.
 */
import { moveOnAfter, now, wait } from '../../concurrency/index.ts';
import type { Endpoint } from '../../process/ports.ts';

/** Where a process of the service is to answer. */
export interface Target {
  /** A connection to any of them will do. */
  readonly hosts: readonly string[];
  readonly port: number;
}

/** The sentence, with what there is to add; `unanswered`: where nobody of the service answered. */
export type Elsewhere = (sentence: string, unanswered: readonly Target[]) => Promise<string>;

const REST_MS = 1000;
const PATIENCE_MS = 500;

/** Of one instance. `listening`: where its processes listen; it never rejects, and gives undefined where that can't be told. */
export function createElsewhere(listening: () => Promise<readonly Endpoint[]> | undefined): Elsewhere {
  let lookedMs = Number.NEGATIVE_INFINITY;
  let places: readonly Endpoint[] = [];
  const look = async (): Promise<void> => {
    const looking = now() < lookedMs + REST_MS ? undefined : listening();
    if (looking === undefined) return;
    lookedMs = now();
    places = (await moveOnAfter(PATIENCE_MS, () => wait(looking))) ?? places;
  };
  return async (sentence, unanswered) => {
    if (unanswered.length === 0) return sentence;
    await look();
    // What should have answered, and does listen, has another trouble.
    const isElsewhere = unanswered.some((target) => !places.some((place) => takes(place, target)));
    return places.length > 0 && isElsewhere ? `${sentence}; it listens at ${listOf(places)}` : sentence;
  };
}

/** Whether what listens there accepts connections to the target. */
function takes({ address, port }: Endpoint, { hosts, port: wanted }: Target): boolean {
  return port === wanted && hosts.some((host) => isAt(address, host));
}

function isAt(address: string, host: string): boolean {
  if (address === '::' || address === host) return true;
  if (address === '0.0.0.0') return !host.includes(':');
  return host === 'localhost' && (address === '::1' || address.startsWith('127.'));
}

const NAMED = 3;

function listOf(places: readonly Endpoint[]): string {
  const named = places.slice(0, NAMED).map(textOf).join(', ');
  const more = places.length - NAMED;
  return more > 0 ? `${named} and ${more} more` : named;
}

function textOf({ address, port }: Endpoint): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

const HERE = /^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1?)$/;

/** Undefined: that is elsewhere, and says nothing about where the service should listen. */
export function targetHere(hosts: readonly string[], port: number): Target | undefined {
  return hosts.every((host) => HERE.test(host)) ? { hosts, port } : undefined;
}
