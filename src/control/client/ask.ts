/**
 * Asks a run over its socket: one question, or a stream of lines. Whatever listens there may answer anything.
 */

import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { ErrorAnswer, RefusedAnswer } from '../protocol.ts';

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

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object | undefined;
  /** Gives the question up. */
  readonly signal?: AbortSignal | undefined;
  /** How long it may be silent, in milliseconds; missing: for as long as it likes. */
  readonly patienceMs?: number | undefined;
}

/** Resolves with the whole answer. Rejects with a `NoAnswerError`. */
export async function ask(run: Listener, question: Question): Promise<Answered> {
  const response = await open(run, question);
  return { status: response.statusCode ?? 0, text: await wholeText(response) };
}

const STREAM = 'application/x-ndjson';

/**
 * The lines of a stream as they come; returns at its end. Throws a `NoAnswerError` if it breaks off, is given up or isn't what was asked for, a
 * `WrongQuestionError` if there is no such stream.
 */
export async function* follow(run: Listener, question: Question): AsyncGenerator<string> {
  const response = await open(run, question);
  if (response.statusCode !== 200) throw troubleIn(await wholeText(response));
  if (response.headers['content-type'] !== STREAM) {
    response.destroy();
    throw new NoAnswerError('what listens there is something else');
  }
  let rest = '';
  for await (const part of textOf(response)) {
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

async function open(run: Listener, question: Question): Promise<IncomingMessage> {
  for (;;) {
    try {
      return await tryToOpen(run, question);
    } catch (error) {
      const isAbsent = NOBODY_THERE.test((error as Error).message);
      if (!isAbsent || !(await run.mayListenBy())) throw new NoAnswerError(clauseOf(error as Error));
    }
  }
}

function tryToOpen(
  { socket, client }: Listener,
  { method, path, body, signal, patienceMs }: Question,
): Promise<IncomingMessage> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const type = text === undefined ? {} : { 'content-type': 'application/json' };
  const headers = { ...type, 'user-agent': client };
  return new Promise((resolve, reject) => {
    // Without an agent, which would look for a server's name, by a regular expression that takes 3 ms to compile.
    const createConnection = () => connect(socket);
    const request = httpRequest(
      { createConnection, method, path, headers, ...(signal && { signal }) },
      resolve,
    );
    request.on('error', reject);
    if (patienceMs !== undefined)
      request.setTimeout(patienceMs, () => request.destroy(new Error(`it was silent for ${patienceMs} ms`)));
    request.end(text);
  });
}

async function wholeText(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of textOf(response)) text += part;
  return text;
}

/** So much is taken in ahead of whoever reads it. */
const MOST_AHEAD = 1024 * 1024;

/** All that came, also where it breaks off right after: a stream of Node forgets what was not read yet. */
async function* textOf(response: IncomingMessage): AsyncGenerator<string> {
  const parts: string[] = [];
  let ahead = 0;
  let isOver = false;
  let trouble: Error | undefined;
  let wake = (): void => {};
  const end = (error?: Error): void => {
    isOver = true;
    trouble ??= error;
    wake();
  };
  response.setEncoding('utf8');
  response.on('data', (part: string) => {
    parts.push(part);
    ahead += part.length;
    if (ahead > MOST_AHEAD) response.pause();
    wake();
  });
  response.on('error', end);
  response.on('close', () => end());
  response.on('end', () => end());
  try {
    for (;;) {
      const part = parts.shift();
      if (part !== undefined) {
        ahead -= part.length;
        yield part;
        continue;
      }
      if (isOver) break;
      if (response.isPaused()) response.resume();
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    response.destroy();
  }
  if (trouble !== undefined || !response.complete)
    throw new NoAnswerError(clauseOf(trouble ?? new Error('aborted')));
}

const NOBODY_THERE = /ENOENT|ECONNREFUSED/;

/** In plain words, where Node has none. */
function clauseOf({ message }: Error): string {
  if (NOBODY_THERE.test(message))
    return 'it listens nowhere; was it started with --no-control, or is it ending?';
  if (/ECONNRESET|EPIPE|socket hang up|aborted/.test(message)) return 'it broke off in the middle';
  return /^Parse Error/.test(message) ? 'what listens there is something else' : message;
}
