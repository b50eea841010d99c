/**
 * How much longer than its budget a shutdown may take (G4): by what clean-ups can take beyond what is put aside for them.
 *
 * Put aside are their timeouts, of one that has none of its own a tenth of the budget at most, all of them scaled down so
 * that the longest chain of what is put aside takes half of the budget.
 */
import type { ServiceConfig } from '../../src/config/types.ts';

/** In milliseconds, along the chain of dependencies where it is most. */
export function beyondReserveMs(services: readonly ServiceConfig[], budgetMs: number): number {
  const countedMs = ({ cleanup }: ServiceConfig) =>
    sum(cleanup.map(({ timeoutMs, untimed }) => (untimed ? Math.min(timeoutMs, budgetMs / 10) : timeoutMs)));
  const scale = Math.min(1, budgetMs / 2 / longestMs(services, countedMs));
  return longestMs(services, (spec) => {
    return sum(spec.cleanup.map(({ timeoutMs }) => timeoutMs)) - scale * countedMs(spec);
  });
}

function longestMs(services: readonly ServiceConfig[], takesMs: (spec: ServiceConfig) => number): number {
  const specs = new Map(services.map((spec) => [spec.name, spec]));
  const known = new Map<string, number>();
  const from = (name: string): number => {
    const spec = specs.get(name);
    if (spec === undefined) return 0;
    const chainMs =
      known.get(name) ?? takesMs(spec) + Math.max(0, ...spec.dependsOn.map((edge) => from(edge.service)));
    known.set(name, chainMs);
    return chainMs;
  };
  return Math.max(0, ...services.map((spec) => from(spec.name)));
}

function sum(timesMs: readonly number[]): number {
  return timesMs.reduce((totalMs, timeMs) => totalMs + timeMs, 0);
}
