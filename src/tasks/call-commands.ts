/**
 * Runs clean-ups and health checks that are functions, and leaves programs to others.
 *
 * A function that is told to end and doesn't is left to itself after a moment, as no other one must wait for it.
 */
import { CancelScope, moveOnAfter, shield, wait } from '../concurrency/index.ts';
import { errorText } from '../concurrency/kernel/errors/thrown.ts';
import type { CallExit } from '../events/fact-shape.ts';
import type { Commands, ReadyCommand } from '../process/ports.ts';

/** What is given to the functions: the variables of a clean-up, too. */
export type ShortCall = (signal: AbortSignal, env: Readonly<Record<string, string>>) => unknown;

/** As long as a killed process may take. */
const LEAVE_MS = 250;

/** The functions by the very objects that stand for them. */
export function createCallCommands(
  calls: { get(command: ReadyCommand): ShortCall | undefined },
  programs: Commands,
): Commands {
  return {
    async run(asked, signal) {
      const { command, env } = asked;
      if (command.kind !== 'call') return programs.run(asked, signal);
      const call = calls.get(command);
      if (call === undefined) throw new Error(`there is no function for "${command.name}"`);
      const work = endOf(call, command.name, signal, env);
      const patience = new CancelScope({ signal, shield: true, name: command.name });
      const end =
        (await patience.run(() => wait(work))) ??
        (await shield(() => moveOnAfter(LEAVE_MS, () => wait(work))));
      return end ?? { kind: 'failed', message: 'it has not ended, though it was cancelled' };
    },
  };
}

async function endOf(
  call: ShortCall,
  name: string,
  signal: AbortSignal,
  env: Readonly<Record<string, string>>,
): Promise<CallExit> {
  const scope = new CancelScope({ signal, shield: true, name });
  try {
    const outcome = await scope.run(async () => {
      await call(scope.signal, env);
      return 'returned' as const;
    });
    return { kind: 'call', outcome: outcome ?? 'cancelled' };
  } catch (error) {
    return { kind: 'call', outcome: 'threw', error: errorText(error) };
  }
}
