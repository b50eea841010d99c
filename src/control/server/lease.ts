/**
 * A client that holds services: they are wanted up as long as its stream is open, however that ends.
 */
import { answerOf, refusal, settledAnswer, wrongConfiguration } from './asks.ts';
import { type Asked, type Controlled, problem, type Reply } from './controlled.ts';
import { parseLease } from './parse-request.ts';

/** Without names it holds nothing, and keeps the run open all the same. */
export async function lease(run: Controlled, { body, client, signal }: Asked): Promise<Reply> {
  const parsed = parseLease(body);
  if (!parsed.ok) return problem(run.run, 400, 'invalid', parsed.problems.join('; '));
  const { names, forCommand } = parsed;
  const against = await run.admit({ names });
  if (against.length > 0) return wrongConfiguration(run.run, against);
  const id = run.nextLease();
  const ticket = await run.submit({ kind: 'start', names, lease: id, forCommand }, { client });
  const answer = await answerOf(run.run, ticket);
  if (answer.kind === 'refused') return refusal(answer);
  const release = (): void =>
    void run.submit({ kind: 'release', names: [], lease: id }, { id: `release-${id}`, client });
  if (signal.aborted) release();
  else signal.addEventListener('abort', release, { once: true });
  return {
    kind: 'stream',
    feed(stream) {
      stream.write({ ...answer, lease: id });
      void ticket.settled.then((settlement) => stream.write(settledAnswer(run.run, ticket.id, settlement)));
    },
  };
}
