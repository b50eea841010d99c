/**
 * How long clean-ups may take one after the other: what a shutdown may take beyond its budget (G4).
 */
import type { ServiceConfig } from '../../src/config/types.ts';

/** The largest sum of clean-up timeouts, in milliseconds, along a chain of dependencies. */
export function longestCleanupChainMs(services: readonly ServiceConfig[]): number {
  const specs = new Map(services.map((spec) => [spec.name, spec]));
  const memo = new Map<string, number>();
  const from = (name: string): number => {
    const known = memo.get(name);
    if (known !== undefined) return known;
    const spec = specs.get(name);
    const own = spec?.cleanup.reduce((sum, cleanup) => sum + cleanup.timeoutMs, 0) ?? 0;
    const chain = own + Math.max(0, ...(spec?.dependsOn ?? []).map((edge) => from(edge.service)));
    memo.set(name, chain);
    return chain;
  };
  return Math.max(0, ...services.map((spec) => from(spec.name)));
}
