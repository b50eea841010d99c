/**
 * A command of this program that an agent waits for: to its end, or until its time is over. Then it is asked to end,
 * and killed if it doesn't: nothing that an agent started outlives the wish for it. What it writes is bounded.
 */
import { OutputTail } from '../../../engine/service/tail.ts';
import { formatDuration } from '../../../events/format-duration.ts';
import type { ClientWorld } from '../client-world.ts';
import { within } from './within.ts';

export interface Ran {
  /** As a shell tells it; undefined: it couldn't be started. */
  readonly status: number | undefined;
  /** What stood against it, or why it was ended before it was through, a clause; undefined: nothing. */
  readonly why: string | undefined;
  /** The last lines of stdout and stderr, as they came. */
  readonly output: readonly string[];
  /** There was more before them. */
  readonly isCut: boolean;
}

interface Waiting {
  readonly world: Pick<ClientWorld, 'after' | 'startOwnProgram'>;
  /** Aborted: nobody waits for it any more. */
  readonly signal: AbortSignal;
  /** Aborted: the server ends. */
  readonly hurry: AbortSignal;
}

const KEPT_BYTES = 16 * 1024;
const MOST_LINES = 50;
/** From being asked to end until it is killed. */
const GRACE_MS = 5_000;
/** The same when the server itself has little time left. */
const LAST_GRACE_MS = 1_000;

export async function runToItsEnd(
  { world, signal, hurry }: Waiting,
  words: readonly string[],
  limitMs: number,
): Promise<Ran> {
  const tail = new OutputTail(KEPT_BYTES);
  const program = await world.startOwnProgram(words, (chunk) => tail.append(chunk));
  const { ended } = program;
  const ranOf = (end: Awaited<typeof ended>, why?: string): Ran => {
    const kept = tail.lines(Number.POSITIVE_INFINITY);
    return {
      ...('status' in end ? { status: end.status, why } : { status: undefined, why: end.why }),
      output: kept.slice(-MOST_LINES),
      isCut: tail.isTorn || kept.length > MOST_LINES,
    };
  };
  const end = await within({ world, signal, hurry }, limitMs, (own) => Promise.race([ended, aborted(own)]));
  if (end !== undefined) return ranOf(end);
  const over = signal.aborted
    ? 'the call was cancelled'
    : hurry.aborted
      ? 'stdin has ended'
      : `it took more than ${formatDuration(limitMs)}`;
  program.ask();
  const obeyed = hurry.aborted
    ? await Promise.race([ended, world.after(LAST_GRACE_MS).then(() => undefined)])
    : await within({ world, signal: NEVER, hurry }, GRACE_MS, () => ended);
  if (obeyed !== undefined) return ranOf(obeyed, `${over}: it was asked to end`);
  program.kill();
  return ranOf(await ended, `${over}: it was asked to end, and had to be killed`);
}

const NEVER = new AbortController().signal;

function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}
