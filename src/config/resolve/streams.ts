/**
 * From what is written about the standard streams of a service to what it is given: a terminal of its own, or a standard
 * input that is open or at its end.
 */
import { type Problem, problemAt } from '../diagnostics/problem.ts';
import { layered } from '../schema/object.ts';
import { type GivenService, serviceObject } from '../schema/service.ts';
import type { ServiceConfig } from '../types.ts';

/** To be spread into the service. A terminal counts before an input that all services are given. */
export function resolveStreams(
  own: GivenService,
  defaults: GivenService,
): Pick<ServiceConfig, 'stdin' | 'terminal'> {
  const get = layered(serviceObject, own, defaults);
  if (get('terminal')) return { terminal: true };
  return get('stdin') === 'open' ? { stdin: 'open' } : {};
}

/** What can't be together with a terminal. `asksDirect`: it is to write to its log file itself. */
export function terminalProblems(
  { name, terminal, log }: ServiceConfig,
  own: GivenService,
  asksDirect: boolean,
): readonly Problem[] {
  if (terminal !== true) return [];
  const path = ['services', name];
  const problems: Problem[] = [];
  if (own.stdin === 'open') {
    const message = `The stdin of service "${name}" is its terminal, which stays open: "stdin" says nothing about it`;
    problems.push(problemAt([...path, 'stdin'], message, 'Remove "stdin", or write "terminal: false"'));
  }
  if (asksDirect && log.file !== undefined) {
    const message = `Service "${name}" can't write to its terminal and, by "log.direct", to its file`;
    problems.push(problemAt([...path, 'log', 'direct'], message, 'Remove "direct", or "terminal"'));
  }
  return problems;
}
