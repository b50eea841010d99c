/**
 * Asks a run over its socket: one question, or a stream of lines. Whatever listens there may answer anything.
 */

import type { ErrorAnswer, RefusedAnswer } from '../protocol.ts';
import { NotHttpError } from './answer-reader.ts';
import { type Asked, type Exchange, exchange } from './exchange.ts';

/** Whoever should answer doesn't, a clause: it is not there, or has gone away in the middle. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** The question was wrong: a sentence of the run. */
export class WrongQuestionError extends Error {
  override readonly name = 'WrongQuestionError';
}

/** Whom to ask. */
export interface Listener {
  readonly socket: string;
  /** What the client calls itself. */
  readonly client: string;
  /** Nobody listens there. Whether somebody may by now; resolves after a moment, since a run can be found before it listens. */
  mayListenBy(): Promise<boolean>;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
}

/** `signal` gives it up. */
export type Question = Omit<Asked, 'client'>;

/** Resolves with the whole answer. Rejects with a `NoAnswerError`. */
export async function ask(run: Listener, question: Question): Promise<Answered> {
  const answer = await open(run, question);
  return { status: answer.status, text: await wholeText(answer) };
}

const STREAM = 'application/x-ndjson';

/**
 * The lines of a stream as they come; returns at its end. Throws a `NoAnswerError` if it breaks off, is given up or isn't what was asked for, a
 * `WrongQuestionError` if there is no such stream.
 */
export async function* follow(run: Listener, question: Question): AsyncGenerator<string> {
  const answer = await open(run, question);
  if (answer.status !== 200) throw troubleIn(await wholeText(answer));
  if (answer.type !== STREAM) {
    answer.leave();
    throw new NoAnswerError('what listens there is something else');
  }
  let rest = '';
  for await (const part of textOf(answer)) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function troubleIn(text: string): Error {
  try {
    const answer = JSON.parse(text) as ErrorAnswer | RefusedAnswer;
    if (!('error' in answer)) return new WrongQuestionError(answer.why);
    const { error } = answer;
    return error.code === 'busy' ? new NoAnswerError(error.message) : new WrongQuestionError(error.message);
  } catch {
    return new NoAnswerError('what listens there is something else');
  }
}

async function open({ socket, client, mayListenBy }: Listener, question: Question): Promise<Exchange> {
  for (;;) {
    try {
      return await exchange(socket, { ...question, client });
    } catch (error) {
      const isAbsent = NOBODY_THERE.test((error as Error).message);
      if (!isAbsent || !(await mayListenBy())) throw new NoAnswerError(clauseOf(error as Error));
    }
  }
}

function wholeText(answer: Exchange): Promise<string> {
  return answer.whole().catch((error: unknown) => {
    throw new NoAnswerError(clauseOf(error as Error));
  });
}

async function* textOf({ body }: Exchange): AsyncGenerator<string> {
  try {
    yield* body;
  } catch (error) {
    throw new NoAnswerError(clauseOf(error as Error));
  }
}

const NOBODY_THERE = /ENOENT|ECONNREFUSED/;

/** In plain words, where Node has none. */
function clauseOf(error: Error): string {
  const { message } = error;
  if (error instanceof NotHttpError) return 'what listens there is something else';
  if (NOBODY_THERE.test(message))
    return 'it listens nowhere; was it started with --no-control, or is it ending?';
  return /ECONNRESET|EPIPE|aborted/.test(message) ? 'it broke off in the middle' : message;
}
