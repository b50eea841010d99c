/**
 * A command that has the terminal, as the job of a shell has it: given to it when it starts, taken back when it ends or
 * is stopped (Ctrl-Z), given again when the shell above continues us (`fg`).
 *
 * Stopped, it would wait for ever if we ran on: nobody but us knows of it. So we stop ourselves then, with our whole
 * group, as the key would have done. Where no shell is above, that is without effect, and the command goes on at once.
 */
import { sendSignal } from '../tree/signals/send-signal.ts';
import type { ControllingTerminal } from './controlling-terminal.ts';

export interface Job {
  /** The terminal that is to be its own before it is executed; undefined: it runs in the background. */
  foreground(): number | undefined;
  /** Call it in the turn of the spawn, with the group, and whether it had the terminal before it was executed. */
  begin(group: number, hasTerminal: boolean): void;
  /** It was stopped. */
  stopped(): void;
  /** It has ended, or nothing came of it. */
  end(): void;
}

/** How long we run on at most after having been told to stop. */
const STOPPING_MS = 100;
const OUR_GROUP = 0;

/**
 * Without a terminal for its stdin it is given that only when it asks for it: a script may have put us into the background
 * in its own group, and needs the terminal itself. `stopOurselves` is another one in tests.
 */
export function createJob(
  terminal: ControllingTerminal,
  stdinIsTerminal: boolean,
  stopOurselves: () => void = () => void sendSignal(OUR_GROUP, 'SIGTSTP'),
): Job {
  let group: number | undefined;
  let given = false;
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;

  const giveIt = (): void => {
    if (group === undefined || given || !terminal.isOurs()) return;
    terminal.give(group);
    given = true;
  };

  /** It runs, and has the terminal if we are in the foreground. */
  const goOn = (): void => {
    if (group === undefined) return;
    clearTimeout(timer);
    giveIt();
    sendSignal(-group, 'SIGCONT');
  };

  return {
    foreground() {
      given = stdinIsTerminal && terminal.isOurs();
      return given ? terminal.fd : undefined;
    },
    begin(its, hasTerminal) {
      group = its;
      process.on('SIGCONT', goOn);
      if (!given || hasTerminal) return;
      terminal.give(group);
      // It may have been stopped for having read before that.
      sendSignal(-group, 'SIGCONT');
    },
    stopped() {
      if (group === undefined) return;
      // It ran in the background until now, and we are in the foreground again.
      if (!given && terminal.isOurs()) return goOn();
      if (given) terminal.take();
      given = false;
      // It fires after the stop, or because there was none. In the background only the shell can say that it may go on.
      clearTimeout(timer);
      timer = setTimeout(() => terminal.isOurs() && goOn(), STOPPING_MS);
      stopOurselves();
    },
    end() {
      if (isOver) return;
      isOver = true;
      process.removeListener('SIGCONT', goOn);
      clearTimeout(timer);
      if (given) terminal.take();
      given = false;
      group = undefined;
      terminal.close();
    },
  };
}
