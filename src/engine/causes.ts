/** Sentences of why things end: one family, one place. Pure. */
import type { Exit, ShutdownCause } from '../events/event.ts';

/** Why a shutdown happens, a clause fit for "stopping: …". */
export function shutdownReason(cause: ShutdownCause): string {
  switch (cause.kind) {
    case 'signal':
      return cause.signal;
    case 'collapse':
      return `"${cause.service}" failed: ${cause.why}`;
    case 'down':
      return 'asked to go down';
    case 'parent-gone':
      return 'the parent process is gone';
    case 'output-closed':
      return 'nobody reads the output any more';
    case 'done':
      return 'everything is done';
  }
}

/** How a process ended, a clause fit after its name. */
export function exitClause(exit: Exit): string {
  return exit.kind === 'code' ? `exited with code ${exit.code}` : `was killed by ${exit.signal}`;
}
