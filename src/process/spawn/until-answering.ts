/**
 * Sees to it that the folder and the program of a spawn answer before it is made.
 *
 * Node's spawn stands still, and all of us with it, until the child has entered its folder and was executed: in a dead
 * network file system for ever. So both are asked for in the thread pool first. A question without an answer is asked
 * once, however many wait for it: each holds one of the few threads there are.
 */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { untilMountAnswers } from '../files/mounts.ts';

export interface ToSpawn {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** How long an answer is good for: many are spawned at the same place at once. */
const GOOD_MS = 1_000;

interface Question {
  /** Whether it is there. */
  readonly answer: Promise<boolean>;
  /** Undefined: it is open. */
  answeredMs: number | undefined;
}

const questions = new Map<string, Question>();

/**
 * Settles when both have answered, be it that they aren't there; it may never. `onWaiting` hears what is waited for, if
 * anything is: `its folder "/mnt/data" to answer`; undefined: nothing more. Never rejects.
 */
export async function untilAnswering(
  { argv: [name = ''], cwd, env }: ToSpawn,
  onWaiting: (what: string | undefined) => void = () => {},
): Promise<void> {
  forgetOld();
  onWaiting(`its folder ${JSON.stringify(cwd)} to answer`);
  await isThere(cwd);
  for (const path of placesOf(name, cwd, env.PATH)) {
    onWaiting(`its program ${JSON.stringify(path)} to answer`);
    if (await isThere(path)) break;
  }
  onWaiting(undefined);
}

/** Where the system looks, in its order; with neither PATH nor slash it knows best, and none of it is on a network. */
function placesOf(name: string, cwd: string, searchPath: string | undefined): readonly string[] {
  if (name === '' || name.includes('\0') || cwd.includes('\0')) return [];
  if (name.includes('/')) return [resolve(cwd, name)];
  return (searchPath ?? '').split(':').map((folder) => resolve(cwd, folder, name));
}

function isThere(path: string): Promise<boolean> {
  const known = questions.get(path);
  if (known !== undefined) return known.answer;
  const question: Question = {
    answer: untilMountAnswers(path)
      .then(() => stat(path))
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        question.answeredMs = performance.now();
      }),
    answeredMs: undefined,
  };
  questions.set(path, question);
  return question.answer;
}

function forgetOld(): void {
  const oldMs = performance.now() - GOOD_MS;
  for (const [path, { answeredMs }] of questions) {
    if (answeredMs !== undefined && answeredMs < oldMs) questions.delete(path);
  }
}
