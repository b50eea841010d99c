/**
 * Clauses about facts that both the engine and its outputs speak of. Pure.
 */
import type { ShutdownCause } from './event.ts';
import type { CallExit, Exit } from './fact-shape.ts';

/** Why the program goes down, a clause. */
export function describeCause(cause: ShutdownCause): string {
  switch (cause.kind) {
    case 'signal':
      return cause.signal;
    case 'collapse':
      return `"${cause.service}" failed: ${cause.why}`;
    case 'ended':
      return `"${cause.service}" has ended`;
    case 'down':
      return cause.reason === undefined ? 'asked to go down' : `asked to go down: ${cause.reason}`;
    case 'parent-gone':
      return 'the parent process is gone';
    case 'output-closed':
      return 'nobody reads the output any more';
    case 'done':
      return 'everything is done';
  }
}

/** How a process, or what stands for one, ended: a clause fit after its name. */
export function describeExit(exit: Exit): string {
  switch (exit.kind) {
    case 'code':
      return `exited with code ${exit.code}`;
    case 'signal':
      return `was killed by ${exit.signal}`;
    case 'call':
      return describeCall(exit);
    case 'unknown':
      return "ended, and how can't be known (its main process was no child of orderly)";
  }
}

function describeCall(exit: CallExit): string {
  if (exit.outcome === 'threw') return `threw ${exit.error}`;
  return exit.outcome === 'cancelled' ? 'was cancelled' : 'returned';
}

/**
 * A reason that names the chain by which it came: `"api" was skipped: "db" was skipped: "disk" failed: …`. Pure.
 *
 * Of a long chain the links next to its beginning are told, so that a reason of a graph of thousands of levels is as
 * short as any other.
 */
const LINK = /"[^"]+" was (?:stopped|skipped|lost): (?:\u2026 )?/y;

/** With that many links it is shortened, to so many. */
const MOST_LINKS = 8;
const KEPT_LINKS = 6;

/** The reason as the next link may have it. */
export function shortened(reason: string): string {
  const starts: number[] = [];
  LINK.lastIndex = 0;
  for (let at = 0; LINK.test(reason); at = LINK.lastIndex) starts.push(at);
  return starts.length < MOST_LINKS ? reason : `… ${reason.slice(starts.at(-KEPT_LINKS))}`;
}
