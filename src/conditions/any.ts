/**
 * Holds when the first of its conditions holds; fails when every one of them has failed.
 */
import { taskGroup } from '../concurrency/index.ts';
import { combine } from './combined.ts';
import { failed, type Part } from './part.ts';
import type { ReadinessProbe, Reading } from './probe.ts';

/** The others are cancelled and have ended when it holds. */
export function createAnyPart(probes: readonly ReadinessProbe[]): Part {
  const failures = new Map<ReadinessProbe, string>();
  return combine(probes, {
    async hold() {
      let winner: Reading | undefined;
      await taskGroup(
        (group) => {
          for (const probe of probes) {
            group.startSoon(async () => {
              const reading = await probe.wait();
              if (reading.kind === 'failed') return void failures.set(probe, reading.why);
              winner ??= reading;
              group.cancel();
            });
          }
        },
        { name: 'any' },
      );
      return winner ?? failed(probes.map((probe) => failures.get(probe)).join('; '));
    },
    missing: () => probes.map((probe) => failures.get(probe) ?? probe.missing()).join('; '),
  });
}
