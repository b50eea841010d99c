/**
 * Holds when every one of its conditions has held; fails with the first that fails.
 */
import { taskGroup } from '../concurrency/index.ts';
import { combine } from './combined.ts';
import { held, type Part } from './part.ts';
import type { ReadinessProbe, Reading } from './probe.ts';

type Held = Extract<Reading, { readonly kind: 'held' }>;

/** Evidence in the order of the configuration; of equal names of values the later one wins. */
export function createAllPart(probes: readonly ReadinessProbe[]): Part {
  const readings = new Map<ReadinessProbe, Held>();
  return combine(probes, {
    async hold() {
      let failure: Reading | undefined;
      await taskGroup(
        (group) => {
          for (const probe of probes) {
            group.startSoon(async () => {
              const reading = await probe.wait();
              if (reading.kind === 'held') return void readings.set(probe, reading);
              failure ??= reading;
              group.cancel();
            });
          }
        },
        { name: 'all' },
      );
      return failure ?? merge(probes.flatMap((probe) => readings.get(probe) ?? []));
    },
    missing: () =>
      probes
        .filter((probe) => !readings.has(probe))
        .map((probe) => probe.missing())
        .join('; '),
  });
}

function merge(readings: readonly Held[]): Reading {
  return held(
    readings.map((reading) => reading.evidence).join(', '),
    Object.fromEntries(readings.flatMap((reading) => Object.entries(reading.values))),
  );
}
