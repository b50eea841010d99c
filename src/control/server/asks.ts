/**
 * What is asked of a run: requests, how they end, and the end of the run.
 */
import type { RequestOptions, Settlement, Ticket } from '../../engine/requests/command.ts';
import type { AcceptedAnswer, DownAnswer, OpenAnswer, RefusedAnswer, SettledAnswer } from '../protocol.ts';
import { type Asked, type Controlled, json, problem, type Reply } from './controlled.ts';
import { parseDown, parseRequest } from './parse-request.ts';

export function submit(run: Controlled, { body, client }: Asked): Promise<Reply> {
  return answerTo(run, body, { client });
}

/** What it would do: nothing is done. */
export function plan(run: Controlled, { body }: Asked): Promise<Reply> {
  return answerTo(run, body, { dryRun: true });
}

async function answerTo(
  run: Controlled,
  body: unknown,
  more: Pick<RequestOptions, 'dryRun' | 'client'>,
): Promise<Reply> {
  const parsed = parseRequest(body, run.signals);
  if (!parsed.ok) return problem(run.run, 400, 'invalid', parsed.problems.join('; '));
  const { noRollback } = parsed.asked;
  const options = { ...parsed.asked.options, ...more };
  const command = parsed.asked.command ?? (await run.readAgain(noRollback, options.dryRun === true));
  if ('problems' in command) return wrongConfiguration(run.run, command.problems);
  const against = command.kind === 'start' || command.kind === 'restart' ? await run.admit(command) : [];
  if (against.length > 0) return wrongConfiguration(run.run, against);
  const answer = await answerOf(run.run, await run.submit(command, options));
  if (answer.kind === 'refused') return refusal(answer);
  return json(options.dryRun === true ? 200 : 202, answer);
}

export function wrongConfiguration(run: string, problems: readonly string[]): Reply {
  const text = `the configuration is wrong:\n${problems.join('\n')}`;
  return problem(run, 422, 'invalid-configuration', text);
}

export function refusal(answer: RefusedAnswer): Reply {
  return json(answer.code === 'unknown-service' ? 404 : 409, answer);
}

/** What was said to a request. */
export async function answerOf(
  run: string,
  { id, answer, settled }: Ticket,
): Promise<AcceptedAnswer | RefusedAnswer> {
  if (answer.kind === 'refused') {
    const { status } = await settled;
    const why = answer.code === 'shutting-down' ? `everything goes down: ${answer.why}` : answer.why;
    return {
      ...{ run, request: id, kind: 'refused', code: answer.code, why },
      status: status === 1 ? 1 : 2,
    };
  }
  return {
    ...{ run, request: id, kind: 'accepted', seq: answer.seq, plan: answer.plan },
    worst_ms: answer.worstMs,
    replaces: answer.replaces,
  };
}

/** With `wait` it is told when it is settled. */
export async function requestAnswer(run: Controlled, { path, query, signal }: Asked): Promise<Reply> {
  const id = path.id ?? '';
  const known = run.tickets.get(id);
  if (known === undefined)
    return problem(run.run, 404, 'unknown-request', `there is no request ${JSON.stringify(id)}`);
  const settlement =
    known.settlement ??
    (query.has('wait') ? await Promise.race([known.settled, aborted(signal)]) : undefined);
  if (settlement !== undefined) return json(200, settledAnswer(run.run, id, settlement));
  const answer: OpenAnswer = { run: run.run, request: id, kind: 'open' };
  return json(200, answer);
}

function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}

export function settledAnswer(run: string, request: string, settlement: Settlement): SettledAnswer {
  const { outcome, services, why, by, status } = settlement;
  return {
    ...{ run, request, kind: 'settled', outcome, services, status },
    ...(why !== undefined && { why }),
    ...(by !== undefined && { by }),
  };
}

/** It is asked for at once; the end is seen by following the events. */
export function askDown(run: Controlled, { body }: Asked): Reply {
  const parsed = parseDown(body);
  if (!parsed.ok) return problem(run.run, 400, 'invalid', parsed.problems.join('; '));
  run.down(parsed.asked);
  const answer: DownAnswer = { run: run.run };
  return json(202, answer);
}
