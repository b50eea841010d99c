/**
 * What `orderly check` prints for people. Pure.
 */
import { shortPath } from '../../config/diagnostics/diagnostic.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { printable } from '../../events/printable.ts';
import type { BudgetDescription } from '../../graph/describe-budget.ts';
import { estimateStart, type StartEstimate } from '../../graph/estimate-start.ts';
import { startWaves, stopWaves } from '../../graph/graph.ts';
import type { Plan } from '../../graph/plan-run.ts';
import type { Project } from '../load-project.ts';

/**
 * What is printed: in which order a project starts and stops, and how long that takes at worst. `interrupt` is
 * undefined if nobody has less time after Ctrl-C. Ends with a line end. Pure.
 */
export function report(
  { config, graph, plan }: Project,
  shutdown: BudgetDescription,
  interrupt: BudgetDescription | undefined,
): string {
  const when = interrupt === undefined ? 'on any signal' : 'on a signal';
  return [
    `${printable(config.name)}: ${count(graph.services.length, 'service')}`,
    '',
    'start',
    ...waveLines(startWaves(graph)),
    `  at worst ${startText(estimateStart(graph))}`,
    '',
    'stop',
    ...waveLines(stopWaves(graph)),
    ...budgetLines(`${when}, ${plan.budget.setting} ${formatDuration(plan.budget.budgetMs)}`, shutdown),
    ...(interrupt === undefined ? [] : interruptLines(plan, interrupt)),
    '',
  ].join('\n');
}

/** Of which files it is made, in the order in which they were read; nothing if there is only one. */
export function filesText({ config: { files } }: Project, cwd: string): string {
  if (files.length < 2) return '';
  return ['\nfiles', ...files.map((file) => `  ${printable(shortPath(file, cwd))}`), ''].join('\n');
}

/** The last line: how many errors and warnings there were, or that there were none. */
export function verdict(warnings: number, errors = 0): string {
  const told = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  return told.length === 0 ? 'nothing wrong' : told.join(', ');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function waveLines(waves: readonly (readonly string[])[]): string[] {
  return waves.map((wave, index) => `  ${index + 1}. ${wave.join(', ')}`);
}

function startText({ worstMs, limitedMs, chain, unlimited }: StartEstimate): string {
  if (worstMs !== undefined) return `${formatDuration(worstMs)}${chainText(chain)}`;
  return `${formatDuration(limitedMs)}${chainText(chain)}, and as long as ${unlimited.join(', ')} may take: no limit is set`;
}

function budgetLines(title: string, { worstCaseMs, chain, scaled }: BudgetDescription): string[] {
  const unless = scaled.length === 0 ? '' : ' if nothing were scaled';
  return [
    `  ${title}: at worst ${formatDuration(worstCaseMs)}${unless}${chainText(chain)}`,
    ...scaled.map(
      ({ service, graceMs, guaranteedMs }) =>
        `    ${service} is guaranteed ${formatDuration(guaranteedMs)} of its grace of ${formatDuration(graceMs)}`,
    ),
  ];
}

/** Its graces are what is left of them then. */
function interruptLines({ interrupt: { atMostMs = 0 } }: Plan, described: BudgetDescription): string[] {
  const title = `on Ctrl-C, at most shutdown.interrupt_grace ${formatDuration(atMostMs)} for each`;
  return budgetLines(title, described);
}

function chainText(chain: readonly string[]): string {
  return chain.length === 0 ? '' : ` (${chain.join(' -> ')})`;
}
