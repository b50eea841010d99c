/**
 * A condition that combines others: `all` holds when every one of them has held, `any` when the first of them holds.
 *
 * Everything that comes from the instance is passed on to each. When it has settled, what is left of the others is
 * cancelled and has ended.
 */
import { taskGroup } from '../../concurrency/index.ts';
import { failed, held, type Part } from '../probe/part.ts';
import type { ReadinessProbe, Reading } from '../probe/probe.ts';

/** A part that passes on output and notifications; of two different channels the first one counts. */
function combine(probes: readonly ReadinessProbe[], own: Pick<Part, 'hold' | 'missing'>): Part {
  return {
    ...own,
    channel: probes.find((probe) => probe.channel !== 'none')?.channel ?? 'none',
    get wantsOutput() {
      return probes.some((probe) => probe.wantsOutput);
    },
    output(stream, chunk) {
      for (const probe of probes) if (probe.wantsOutput) probe.output(stream, chunk);
    },
    retime(condition) {
      if (!('of' in condition)) return;
      for (const [at, one] of condition.of.entries()) probes[at]?.retime(one);
    },
    extend(untilMs) {
      for (const probe of probes) probe.extend(untilMs);
    },
    notification(notification) {
      for (const probe of probes) probe.notification(notification);
    },
    unanswered: () => probes.flatMap((probe) => probe.unanswered()),
  };
}

type Held = Extract<Reading, { readonly kind: 'held' }>;

/**
 * Fails with the first that fails. Evidence stands in the order of the configuration; of equal names of values the
 * later one wins.
 */
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

/** Fails when every one of them has failed. The others are cancelled and have ended when it holds. */
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
