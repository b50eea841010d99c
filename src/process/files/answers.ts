/**
 * What is at a path, asked in the thread pool, once for all who want to know at about the same time.
 *
 * A question without an answer is asked once, however many wait for it: each holds one of the few threads there are.
 */
import type { Stats } from 'node:fs';
import { stat } from 'node:fs';
import { promisify } from 'node:util';
import { untilMountAnswers } from './mounts.ts';

// What `node:fs/promises` loads costs a start 3 ms.
const look = promisify(stat);

/** How long an answer is good for: many are spawned at the same place at once. */
const GOOD_MS = 1_000;

interface Question {
  readonly answer: Promise<Stats | undefined>;
  /** Undefined: it is open. */
  answeredMs: number | undefined;
}

const questions = new Map<string, Question>();

/**
 * Of an absolute path, links followed; undefined: nothing, or it may not be seen. It may never settle: its file system may not
 * answer. Never rejects.
 */
export function lookAt(path: string): Promise<Stats | undefined> {
  const known = questions.get(path);
  if (known !== undefined) return known.answer;
  const question: Question = {
    answer: untilMountAnswers(path)
      .then(() => look(path))
      .catch(() => undefined)
      .finally(() => {
        question.answeredMs = performance.now();
      }),
    answeredMs: undefined,
  };
  questions.set(path, question);
  return question.answer;
}

/** Those that are good no more are asked anew. */
export function forgetOldAnswers(): void {
  const oldMs = performance.now() - GOOD_MS;
  for (const [path, { answeredMs }] of questions) {
    if (answeredMs !== undefined && answeredMs < oldMs) questions.delete(path);
  }
}
