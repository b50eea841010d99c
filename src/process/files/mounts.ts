/**
 * Sees to it that a file system answers before anything in it is asked for.
 *
 * A question to a dead one (a server that is gone) holds a thread of Node's pool for ever, and there are four. So the
 * root of the file system that a path leads into by its name is asked first, once for all who want something there.
 */
import { readFileSync, stat } from 'node:fs';
import { promisify } from 'node:util';

// What `node:fs/promises` loads costs a start 3 ms.
const look = promisify(stat);

/** How long an answer is good for, and a list of what is mounted: many ask at once. */
const GOOD_MS = 1_000;

interface Question {
  readonly answer: Promise<void>;
  /** Undefined: it is open. */
  answeredMs: number | undefined;
}

const questions = new Map<string, Question>();
let listed: { readonly points: readonly string[]; readonly untilMs: number } | undefined;

/** Settles when the file system of an absolute path has answered, whatever; it may never. Never rejects. */
export function untilMountAnswers(path: string): Promise<void> {
  const nowMs = performance.now();
  if (listed === undefined || listed.untilMs < nowMs) {
    listed = { points: mountPoints(readMounts()), untilMs: nowMs + GOOD_MS };
  }
  const point = mountPointOf(listed.points, path);
  const known = questions.get(point);
  if (known !== undefined && (known.answeredMs ?? nowMs) >= nowMs - GOOD_MS) return known.answer;
  const question: Question = {
    answer: look(point).then(
      () => {},
      () => {},
    ),
    answeredMs: undefined,
  };
  void question.answer.then(() => {
    question.answeredMs = performance.now();
  });
  questions.set(point, question);
  return question.answer;
}

/** In a text like that of `/proc/self/mountinfo` (proc_pid_mountinfo(5)). Pure. */
export function mountPoints(mountinfo: string): readonly string[] {
  return mountinfo
    .split('\n')
    .map((line) => unescapeOctal(line.split(' ', 5)[4] ?? ''))
    .filter((point) => point !== '');
}

/** The deepest of them that the path is at or below; links in the path are not followed. Pure. */
export function mountPointOf(points: readonly string[], path: string): string {
  const above = points.filter(
    (point) => path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`),
  );
  return above.reduce((deepest, point) => (point.length > deepest.length ? point : deepest), '/');
}

function readMounts(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    // No Linux, or no /proc: then all is one.
    return '';
  }
}

/** mountinfo writes a space, a tab, a newline and a backslash as three octal digits (proc_pid_mountinfo(5)). */
export function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
