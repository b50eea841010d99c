/**
 * What a run answered, as an agent is told it, and what it would ask next. Pure.
 */
import type {
  AcceptedAnswer,
  DroppedAnswer,
  LogAnswer,
  RefusedAnswer,
  ServiceAnswer,
  ServicesAnswer,
  SettledAnswer,
  WhyAnswer,
} from '../../../control/protocol.ts';
import { plainText, printable } from '../../../events/printable.ts';
import { planLines, settledLines } from '../request.ts';
import { serviceTable } from '../service-table.ts';
import type { NextCall, Told } from './tool-result.ts';
import type { RequestName } from './tools.ts';

type Arguments = Readonly<Record<string, unknown>>;

/** More of them would drown the answer. */
const MOST_CALLS = 3;

export function tellStatus(answer: ServicesAnswer): Told {
  const { services } = answer;
  const table = services.length === 0 ? 'there are no services' : serviceTable(services, answer.now_ms);
  return {
    lines: table.trimEnd().split('\n'),
    data: answer,
    next: callsFor(services),
  };
}

/** The worst first. */
const WORRYING = ['failed', 'backoff', 'unhealthy', 'skipped'];

function callsFor(services: readonly ServiceAnswer[]): readonly NextCall[] {
  const worry = ({ state, unhealthy }: ServiceAnswer): number =>
    WORRYING.indexOf(unhealthy === undefined ? state : 'unhealthy');
  const worrying = services.filter((one) => worry(one) !== -1).sort((a, b) => worry(a) - worry(b));
  if (worrying.length > 0)
    return worrying
      .slice(0, MOST_CALLS)
      .map(({ service }) => ({ tool: 'why', arguments: { service }, why: 'tells what is wrong' }));
  const coming = services.filter(({ state, wanted }) => wanted.want === 'up' && COMING.includes(state));
  if (coming.length === 0) return [];
  const names = coming.map(({ service }) => service);
  return [{ tool: 'wait', arguments: { services: names }, why: 'waits until they are ready' }];
}

const COMING = ['pending', 'starting'];

export function tellWhy(answer: WhyAnswer): Told {
  const lines = answer.chain.map(({ text }, depth) => `${'  '.repeat(depth)}${text}`);
  const next: NextCall[] = [];
  const others: string[] = [];
  for (const { argv, why } of answer.commands) {
    const [, command, service] = argv;
    if (command === 'start' || command === 'logs')
      next.push({ tool: command, arguments: { services: [service] }, why });
    else others.push(`in a terminal: ${argv.join(' ')} (${why})`);
  }
  return { lines: [...lines, `then: ${answer.next.text}`, ...others], data: answer, next };
}

/**
 * A line is cut where nobody reads on, and has none of the commands of terminals. It has the name of its service unless that is the one
 * name that was asked for.
 */
export function tellLogs(lines: readonly (LogAnswer | DroppedAnswer)[], names: readonly string[]): Told {
  const shown = lines.map((line) => ('dropped' in line ? line : { ...line, text: readable(line.text) }));
  if (shown.length === 0)
    return {
      lines: ['nothing was written, or nothing that fits'],
      data: { lines: [] },
      next: [{ tool: 'status', arguments: {}, why: 'shows whether it runs' }],
    };
  return {
    lines: shown.map((line) => {
      if ('dropped' in line) return `(${line.dropped} lines are missing here)`;
      return names.length === 1 && names[0] === line.service ? line.text : `${line.service} | ${line.text}`;
    }),
    data: { lines: shown },
  };
}

function readable(text: string): string {
  return printable(plainText(text));
}

export function tellPlan(answer: AcceptedAnswer, request: RequestName, given: Arguments): Told {
  const next: NextCall[] = [{ tool: request, arguments: given, why: 'does it' }];
  return { lines: planLines(answer), data: answer, ...(answer.plan.length > 0 && { next }) };
}

export function tellRefused(request: string, answer: RefusedAnswer): Told {
  return {
    lines: [`Cannot ${request}: ${answer.why}`],
    data: answer,
    next: [{ tool: 'status', arguments: {}, why: 'shows what there is' }],
    isError: true,
  };
}

export function tellSettled(
  request: RequestName,
  settled: SettledAnswer,
  plan: AcceptedAnswer['plan'],
): Told {
  const { outcome, services, why, status } = settled;
  const failed = services.filter((one) => one.outcome === 'failed').slice(0, MOST_CALLS);
  const lines = [
    ...settledLines(request, settled, plan),
    ...(status !== 0 && why !== undefined ? [why] : []),
  ];
  // With 3 it was reached, though something had to be killed.
  const isError = status === 1 || status === 2;
  const causes = failed.map(
    ({ service }): NextCall => ({ tool: 'why', arguments: { service }, why: 'tells what is wrong' }),
  );
  const look: NextCall = { tool: 'status', arguments: {}, why: 'shows where everything is' };
  return {
    lines: lines.length === 0 ? [`${request}: ${outcome}`] : lines,
    data: settled,
    ...(isError && { next: causes.length > 0 ? causes : [look] }),
    isError,
  };
}

/** It is not at its end yet: that is no error. `why`: a clause. */
export function tellOpen(request: RequestName, answer: AcceptedAnswer, given: Arguments, why: string): Told {
  const { services, labels } = given;
  const wait = {
    ...{ services, ...(labels !== undefined && { labels }) },
    ...(request === 'stop' && { for: 'stopped' }),
  };
  const next: NextCall =
    services === undefined
      ? { tool: 'status', arguments: {}, why: 'shows how far it is' }
      : { tool: 'wait', arguments: request === 'wait' ? given : wait, why: 'waits on' };
  return {
    lines: [`${why}; ${answer.request} goes on`],
    data: { run: answer.run, request: answer.request, kind: 'open', plan: answer.plan },
    next: [next],
  };
}
