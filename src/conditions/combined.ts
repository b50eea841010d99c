/**
 * Feeds the probes of a combined condition: the half that `all` and `any` have in common.
 */
import type { Part } from './part.ts';
import type { ReadinessProbe } from './probe.ts';

/** A part that passes on output and notifications; of two different channels the first one counts. */
export function combine(probes: readonly ReadinessProbe[], own: Pick<Part, 'hold' | 'missing'>): Part {
  return {
    ...own,
    channel: probes.find((probe) => probe.channel !== 'none')?.channel ?? 'none',
    get wantsOutput() {
      return probes.some((probe) => probe.wantsOutput);
    },
    output(stream, chunk) {
      for (const probe of probes) if (probe.wantsOutput) probe.output(stream, chunk);
    },
    extend(untilMs) {
      for (const probe of probes) probe.extend(untilMs);
    },
    notification(notification) {
      for (const probe of probes) probe.notification(notification);
    },
  };
}
