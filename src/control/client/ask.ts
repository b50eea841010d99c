/**
 * Asks a run over its socket: one question, or a stream of lines.
 */

import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { ErrorAnswer } from '../protocol.ts';

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
}

/** Resolves with the whole answer. Rejects with a `NoAnswerError`; also when `signal` gives the question up. */
export async function ask(socket: string, question: Question, signal?: AbortSignal): Promise<Answered> {
  const response = await open(socket, question, signal);
  let text = '';
  for await (const part of textOf(response)) text += part;
  return { status: response.statusCode ?? 0, text };
}

/**
 * The lines of a stream as they come; returns at its end. Throws a `NoAnswerError` if it breaks off or `signal` gives it up, a
 * `WrongQuestionError` if there is no such stream.
 */
export async function* follow(socket: string, path: string, signal?: AbortSignal): AsyncGenerator<string> {
  const response = await open(socket, { method: 'GET', path }, signal);
  if (response.statusCode !== 200) {
    let text = '';
    for await (const part of textOf(response)) text += part;
    throw new WrongQuestionError((JSON.parse(text) as ErrorAnswer).error.message);
  }
  let rest = '';
  for await (const part of textOf(response)) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function open(
  socket: string,
  { method, path, body }: Question,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = text === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const given = signal === undefined ? {} : { signal };
    const request = httpRequest({ socketPath: socket, method, path, headers, ...given }, resolve);
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
