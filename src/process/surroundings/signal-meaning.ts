/**
 * What a signal to this program means, where it runs. Pure.
 *
 * A signal that asks orderly for nothing goes to the command of `orderly run`, as an init would pass it on. Else it is
 * obeyed if only the stop signal of a container's image can be meant (SIGUSR1 of haproxy, SIGWINCH of httpd, SIGPWR of
 * LXC, SIGRTMIN+3 of systemd), and told by its name if not: what nobody mentions would end in a SIGKILL.
 */
export interface SignalFacts {
  /** What is sent to the container reaches us: we are its first process, or stand behind that one. */
  readonly isFirst: boolean;
  /** There is a terminal, and so a person at it. */
  readonly hasTerminal: boolean;
  /** Somebody asked that the end of the terminal be none for us (nohup). */
  readonly ignoresHangup: boolean;
  /** There was a terminal, and it was closed. */
  readonly lostTerminal: boolean;
  /** The configuration says that SIGHUP asks for a reload. */
  readonly hangupReloads: boolean;
  /** `orderly run`: there is a command that others would have run without us. */
  readonly hasCommand: boolean;
}

export type SignalMeaning =
  /** It counts as that one. `interactive`: by a person who waits; `note`: a sentence that says why. */
  | {
      readonly kind: 'stop';
      readonly signal: StopSignal;
      readonly interactive: boolean;
      readonly note?: string;
    }
  /** It is the command's; if that doesn't run, it means the other. */
  | { readonly kind: 'pass-on'; readonly otherwise: SignalMeaning }
  /** The files are to be read again. */
  | { readonly kind: 'reload' }
  | { readonly kind: 'tell'; readonly text: string }
  | { readonly kind: 'nothing' };

/** Signals by which images are stopped, beside those that ask every program to end. */
const STOPS_IMAGES: ReadonlySet<string> = new Set([
  ...['SIGUSR1', 'SIGWINCH', 'SIGPWR'],
  // systemd: halt, power off, reboot, kexec (systemd(1)).
  ...['SIGRTMIN+3', 'SIGRTMIN+4', 'SIGRTMIN+5', 'SIGRTMIN+6'],
]);

/** They do nothing to a program that doesn't listen. */
const SILENT: ReadonlySet<string> = new Set(['SIGWINCH', 'SIGCONT']);

const nothing: SignalMeaning = { kind: 'nothing' };

export function meaningOf(name: string, facts: SignalFacts): SignalMeaning {
  const { hasTerminal, ignoresHangup, lostTerminal, hangupReloads, hasCommand } = facts;
  switch (name) {
    case 'SIGTERM':
    case 'SIGQUIT':
      return stop('SIGTERM');
    case 'SIGINT':
      return stop('SIGINT', isInteractive(name, hasTerminal));
    case 'SIGHUP': {
      if (hangupReloads && !lostTerminal && !hasCommand) return { kind: 'reload' };
      if (ignoresHangup) return nothing;
      const hangup = stop('SIGHUP');
      return hasCommand && !hasTerminal ? { kind: 'pass-on', otherwise: hangup } : hangup;
    }
    case 'SIGCONT':
      return hasCommand && !hasTerminal ? { kind: 'pass-on', otherwise: nothing } : nothing;
    default: {
      const otherwise = withoutCommand(name, facts);
      return hasCommand ? { kind: 'pass-on', otherwise } : otherwise;
    }
  }
}

/** Whether a person sent it who waits at a terminal; without one it is an engine's, which kills when its time is up. */
export function isInteractive(name: string, hasTerminal: boolean): boolean {
  return name === 'SIGINT' && hasTerminal;
}

function stop(signal: StopSignal, interactive = false): SignalMeaning {
  return { kind: 'stop', signal, interactive };
}

function withoutCommand(name: string, { isFirst, hasTerminal }: SignalFacts): SignalMeaning {
  const isResize = name === 'SIGWINCH' && hasTerminal;
  if (isFirst && STOPS_IMAGES.has(name) && !isResize) {
    const note = `${name} came, which can only be the stop signal of this container's image: it counts as SIGTERM ("STOPSIGNAL SIGTERM" in the Dockerfile says that plainly); to reach a service signal its own process`;
    return { kind: 'stop', signal: 'SIGTERM', interactive: false, note };
  }
  if (SILENT.has(name)) return nothing;
  const ofImage = isFirst ? ' ("STOPSIGNAL SIGTERM" in the Dockerfile, or docker run --stop-signal)' : '';
  const text = `${name} came, which asks orderly for nothing: what stops it is SIGTERM${ofImage}; to reach a service signal its own process, and to have it stopped with ${name} set its "stop.signal"`;
  return { kind: 'tell', text };
}

/** A signal that came, by its name and by the number that sends it on. Real-time ones are `SIGRTMIN+3`, say. */
export interface CaughtSignal {
  readonly name: string;
  readonly number: number;
}

/** The signals that ask a program to end. */
export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP';
