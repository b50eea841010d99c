/**
 * One question to a run, and its answer as data; or why there is none, as a sentence.
 */
import { NoAnswerError, type Question, WrongQuestionError } from '../../control/client/ask.ts';
import type { ErrorAnswer } from '../../control/protocol.ts';
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

/** Throws an `AskError`; also when the question is given up. */
export async function askRun<Answer extends object>(
  world: Pick<ClientWorld, 'ask'>,
  run: FoundRun,
  question: Question,
): Promise<Answer> {
  const { text } = await world.ask(run.socket, question).catch((error: unknown) => {
    throw noAnswer(run, error);
  });
  const answer = JSON.parse(text) as Answer | ErrorAnswer;
  if ('error' in answer) throw new AskError(answer.error.message, 2);
  return answer;
}

/** What to say of a run that gives no answer; what is no such error is thrown again. */
export function noAnswer({ pid }: FoundRun, error: unknown): AskError {
  const { name, message } = error as Error;
  // By their names: who asks may be of another bundle.
  if (name === WrongQuestionError.name) return new AskError(message, 2);
  if (name !== NoAnswerError.name) throw error;
  const isAbsent = /ENOENT|ECONNREFUSED/.test(message);
  const why = isAbsent ? 'it listens nowhere; was it started with --no-control, or is it ending?' : message;
  return new AskError(`The run (pid ${pid}) gives no answer: ${why}`, 1);
}
