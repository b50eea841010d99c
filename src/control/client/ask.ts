/**
 * Asks a run over its socket: one question, or a stream of lines.
 */

import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { ErrorAnswer, RefusedAnswer } from '../protocol.ts';

/** Whoever should answer doesn't, a clause: it is not there, or has gone away in the middle. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** The question was wrong: a sentence of the run. */
export class WrongQuestionError extends Error {
  override readonly name = 'WrongQuestionError';
}

export interface Answered {
  readonly status: number;
  readonly text: string;
}

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object | undefined;
  /** Gives the question up. */
  readonly signal?: AbortSignal | undefined;
}

/** Resolves with the whole answer. Rejects with a `NoAnswerError`. */
export async function ask(socket: string, question: Question): Promise<Answered> {
  const response = await open(socket, question);
  let text = '';
  for await (const part of textOf(response)) text += part;
  return { status: response.statusCode ?? 0, text };
}

/**
 * The lines of a stream as they come; returns at its end. Throws a `NoAnswerError` if it breaks off or is aborted, a
 * `WrongQuestionError` if there is no such stream.
 */
export async function* follow(socket: string, question: Question): AsyncGenerator<string> {
  const response = await open(socket, question);
  if (response.statusCode !== 200) {
    let text = '';
    for await (const part of textOf(response)) text += part;
    const answer = JSON.parse(text) as ErrorAnswer | RefusedAnswer;
    throw new WrongQuestionError('error' in answer ? answer.error.message : answer.why);
  }
  let rest = '';
  for await (const part of textOf(response)) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function open(socket: string, { method, path, body, signal }: Question): Promise<IncomingMessage> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = text === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { socketPath: socket, method, path, headers, ...(signal && { signal }) },
      resolve,
    );
    request.on('error', (error) => reject(new NoAnswerError(error.message)));
    request.end(text);
  });
}

async function* textOf(response: IncomingMessage): AsyncGenerator<string> {
  response.setEncoding('utf8');
  try {
    yield* response as AsyncIterable<string>;
  } catch (error) {
    throw new NoAnswerError((error as Error).message);
  }
}
