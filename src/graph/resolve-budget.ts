/**
 * How long a shutdown may take when the configuration leaves it to us: a little less than what whoever runs us
 * waits before it kills us.
 */

/** Kubernetes kills 30 s after SIGTERM, and systemd 90 s. */
const DEFAULT_BUDGET_MS = 28_000;
/** `docker stop` kills after 10 s. */
const CONTAINER_BUDGET_MS = 9_000;

export interface Surroundings {
  readonly pid1: boolean;
  readonly kubernetes: boolean;
}

export function resolveBudget(budgetMs: number | 'auto', { pid1, kubernetes }: Surroundings): number {
  if (budgetMs !== 'auto') return budgetMs;
  return pid1 && !kubernetes ? CONTAINER_BUDGET_MS : DEFAULT_BUDGET_MS;
}
