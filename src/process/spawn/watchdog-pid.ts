/**
 * How a service learns the number of its own process (`WATCHDOG_PID`, sd_watchdog_enabled(3)), which is known only once
 * it is there: a shell that is replaced by the program writes it into the environment.
 *
 * Only for who speaks as to systemd, and only where the program is the process that was spawned: behind a shell that
 * stays it would be wrong, and may be missing. Pure.
 */
import type { LaunchRequest } from '../ports.ts';
import type { Rights } from '../rights-ports.ts';
import { canExec } from './command-argv.ts';

const EXPORT_PID = 'WATCHDOG_PID=$$; export WATCHDOG_PID';

const NO_RIGHTS: Rights = { env: {}, before: [], script: '', ids: undefined, uid: undefined, who: undefined };
/** A shell may not pass on what it couldn't name. */
const NAME = /^[A-Za-z_]\w*$/;

type Asking = Pick<LaunchRequest, 'command' | 'channel' | 'watchdogMs' | 'rights' | 'env'>;

/** The rights to launch it with; `hasShell`: there is one to be replaced. */
export function withWatchdogPid(request: Asking, hasShell: () => boolean): Rights | undefined {
  const { command, rights } = request;
  if (!isTold(request)) return rights;
  if (rights?.script !== undefined) {
    const script = rights.script === '' ? EXPORT_PID : `${rights.script}; ${EXPORT_PID}`;
    return { ...rights, script, direct: undefined };
  }
  // A simple command has a shell of its own.
  if (command.kind !== 'exec' || !canWrap(request) || !hasShell()) return rights;
  return { ...NO_RIGHTS, ...rights, script: EXPORT_PID, direct: undefined };
}

/** What the shell of a simple command does first; empty: nothing. */
export function watchdogPrelude(request: Asking): string {
  const hasOwnShell = request.command.kind === 'shell' && request.rights?.script === undefined;
  return hasOwnShell && isTold(request) ? `${EXPORT_PID}; ` : '';
}

function isTold({ command, channel, watchdogMs }: Asking): boolean {
  if (channel !== 'systemd' || watchdogMs === undefined) return false;
  return command.kind === 'exec' || (command.kind === 'shell' && canExec(command.script.trim()));
}

function canWrap({ env }: Asking): boolean {
  return Object.keys(env).every((name) => NAME.test(name));
}
