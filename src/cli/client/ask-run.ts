/**
 * One question to a run, and its answer as data; or why there is none, as a sentence.
 */
import { NoAnswerError, type Question, WrongQuestionError } from '../../control/client/ask.ts';
import type { ErrorAnswer, OpenAnswer, SettledAnswer } from '../../control/protocol.ts';
import type { FoundRun } from '../../process/guard/find-run.ts';
import type { ClientWorld } from './client-world.ts';

/** It could not be asked, or didn't like the question: a sentence for the user. */
export class AskError extends Error {
  override readonly name = 'AskError';
  readonly status: 1 | 2;

  /** `status`: that of the command; 2 if the question was wrong. */
  constructor(message: string, status: 1 | 2) {
    super(message);
    this.status = status;
  }
}

/** A run that lives answers within milliseconds; one that is stopped (SIGSTOP), or a machine that hangs, never. */
export const PATIENCE_MS = 30_000;

/** What may take its time: a plan that has to be read from files. */
export const PATIENT: Pick<Question, 'patienceMs'> = { patienceMs: undefined };

/** Throws an `AskError`; also when the question is given up. */
export async function askRun<Answer extends object>(
  world: Pick<ClientWorld, 'ask'>,
  run: FoundRun,
  question: Question,
): Promise<Answer> {
  const { status, text } = await world
    .ask(run, { patienceMs: PATIENCE_MS, ...question })
    .catch((error: unknown) => {
      throw noAnswer(run, error);
    });
  const answer = answerOf<Answer>(run, text);
  if (answer === undefined) throw noAnswer(run, new NoAnswerError('what listens there is something else'));
  if ('error' in answer) throw new AskError(answer.error.message, status >= 500 ? 1 : 2);
  return answer;
}

/** How a request ended, once it has: nothing is heard until then, however long that takes. Throws as `askRun` does. */
export function askSettled(
  world: Pick<ClientWorld, 'ask'>,
  run: FoundRun,
  request: string,
  signal?: AbortSignal,
): Promise<SettledAnswer | OpenAnswer> {
  const path = `/v1/requests/${encodeURIComponent(request)}?wait`;
  return askRun(world, run, { method: 'GET', path, signal, ...PATIENT });
}

/** Undefined: it is of somebody else. */
function answerOf<Answer extends object>({ run }: FoundRun, text: string): Answer | ErrorAnswer | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    const isOwn = typeof answer === 'object' && answer !== null && 'run' in answer && answer.run === run;
    return isOwn ? (answer as Answer | ErrorAnswer) : undefined;
  } catch {
    return undefined;
  }
}

/** What to say of a run that gives no answer; what is no such error is thrown again. */
export function noAnswer({ pid }: FoundRun, error: unknown): AskError {
  const { name, message } = error as Error;
  // By their names: who asks may be of another bundle.
  if (name === WrongQuestionError.name) return new AskError(message, 2);
  if (name !== NoAnswerError.name) throw error;
  return new AskError(`The run (pid ${pid}) gives no answer: ${message}`, 1);
}
