/**
 * What `orderly check --output json` prints for programs: one document. Pure.
 *
 * Names are those of events and of `graph --format json`. What is missing is not known, or there is none.
 */
import type { Diagnostic } from '../../config/diagnostics/diagnostic.ts';
import type { ConfigPath } from '../../config/diagnostics/problem.ts';
import { printable } from '../../events/printable.ts';
import type { BudgetDescription } from '../../graph/describe-budget.ts';
import { estimateStart } from '../../graph/estimate-start.ts';
import { startWaves, stopWaves } from '../../graph/graph.ts';
import type { Surroundings } from '../../process/surroundings/tell-surroundings.ts';
import type { Project } from '../load-project.ts';

/** What is wrong, with all that is known of the project. */
export interface CheckDocument extends Partial<PlanDocument> {
  /** That of the command: 2 if something is an error, else 0. */
  readonly status: 0 | 2;
  readonly diagnostics: readonly DiagnosticDocument[];
}

export interface DiagnosticDocument {
  readonly severity: 'error' | 'warning';
  /** A sentence without its full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** Absolute, with the line and the column in it, both from 1. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** The keys to the place in the configuration: `["services", "api", "stop", "grace"]`. */
  readonly path?: ConfigPath;
  readonly service?: string;
}

/** What `up` would do. */
export interface PlanDocument {
  readonly name: string;
  /** Absolute, later ones over earlier ones. */
  readonly files: readonly string[];
  /** What starts together once the wave before is ready, and what stops together once the wave before is gone. */
  readonly start_waves: readonly (readonly string[])[];
  readonly stop_waves: readonly (readonly string[])[];
  /** Missing: a start has no limit. */
  readonly start_worst_ms?: number;
  /** Of a shutdown, and how long one would take at worst if no grace were made shorter for that. */
  readonly budget_ms: number;
  readonly worst_ms: number;
  readonly surroundings: Surroundings['kind'];
}

export function diagnosticDocument(diagnostic: Diagnostic): DiagnosticDocument {
  const { severity, message, hint, place, path = [] } = diagnostic;
  const [first, service] = path;
  return {
    ...{ severity, message: printable(message) },
    ...(hint !== undefined && { hint: printable(hint) }),
    ...(place && { file: place.file, line: place.line, column: place.column }),
    ...(path.length > 0 && { path }),
    ...(first === 'services' && typeof service === 'string' && { service }),
  };
}

export function planDocument(
  { config, graph, plan }: Pick<Project, 'config' | 'graph' | 'plan'>,
  { worstCaseMs }: Pick<BudgetDescription, 'worstCaseMs'>,
  { kind }: Surroundings,
): PlanDocument {
  const { worstMs } = estimateStart(graph);
  return {
    ...{ name: config.name, files: config.files },
    ...{ start_waves: startWaves(graph), stop_waves: stopWaves(graph) },
    ...(worstMs !== undefined && { start_worst_ms: worstMs }),
    ...{ budget_ms: plan.budget.budgetMs, worst_ms: worstCaseMs },
    surroundings: kind,
  };
}
