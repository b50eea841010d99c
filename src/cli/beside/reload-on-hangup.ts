/**
 * What SIGHUP asks for where the configuration says so: the files are read again, as by `orderly reload`, and it is told what
 * came of it. Files that are wrong change nothing.
 */
import type { Command, Settlement, Ticket } from '../../engine/requests/command.ts';
import type { SupervisorRequest } from '../../engine/supervise.ts';

export interface Reloads {
  /** As a request; or everything that is wrong with them. */
  readonly readAgain: () => Promise<Command | { readonly problems: readonly string[] }>;
  readonly ask: (request: SupervisorRequest) => void;
  /** Takes a sentence. */
  readonly tell: (text: string) => void;
  /** The run has begun. */
  readonly begun: Promise<void>;
}

/** Call it for each signal: however many come while the files are read, they are read once more. */
export function reloader({ readAgain, ask, tell, begun }: Reloads): () => void {
  let isReading = false;
  let isDue = false;

  const reload = async (): Promise<void> => {
    let command: Awaited<ReturnType<Reloads['readAgain']>>;
    try {
      command = await readAgain();
    } catch (error) {
      // A bug, which must not take down what runs well.
      tell(`SIGHUP: nothing is reloaded: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    if ('problems' in command) {
      tell('SIGHUP: nothing is reloaded, the configuration is wrong:');
      for (const line of command.problems.flatMap((problem) => problem.split('\n'))) tell(line);
      return;
    }
    ask({ kind: 'command', command, onTicket: (ticket) => void tellEnd(ticket) });
  };
  const tellEnd = async ({ answer, settled }: Ticket): Promise<void> => {
    const settlement = await settled;
    tell(`SIGHUP: ${answer.kind === 'refused' ? `nothing is reloaded: ${answer.why}` : endOf(settlement)}`);
  };

  return () => {
    isDue = true;
    if (isReading) return;
    isReading = true;
    void (async () => {
      await begun;
      while (isDue) {
        isDue = false;
        await reload();
      }
      isReading = false;
    })();
  };
}

/** What came of it, a clause. Pure. */
export function endOf({ outcome, why, by }: Settlement): string {
  switch (outcome) {
    case 'reached':
      return 'reloaded';
    case 'unchanged':
      return 'the files say nothing else than before';
    case 'replaced':
      return `the reload was replaced by ${by ?? 'another request'}`;
    case 'failed':
    case 'abandoned':
    case 'refused':
      return `not reloaded: ${why ?? outcome}`;
  }
}
