/**
 * How a process ended, as events spell it, and what that mostly means. Pure.
 *
 * A shell tells a signal as 128 + n, and many programs do as shells do (POSIX, 2.8.2). What is told of a number is a
 * hint, never more: a program may mean something of its own by any code.
 */
import type { ChildExit, Exit } from './fact-shape.ts';

/** How an instance ended; empty: nothing is known of it. */
export interface ExitFact {
  readonly code?: number;
  readonly signal?: string;
  /** Of a function of this program, in place of code and signal. */
  readonly outcome?: 'returned' | 'threw' | 'cancelled';
  readonly error?: string;
  /** What it mostly means, a clause; missing: nothing in particular. */
  readonly means?: string;
}

export function exitFact(exit: Exit): ExitFact {
  const means = exit.kind === 'unknown' || exit.kind === 'call' ? undefined : meaningOf(exit);
  return means === undefined ? exitShape(exit) : { ...exitShape(exit), means };
}

export type ExitShape = Omit<ExitFact, 'means'>;

/** The same without what it mostly means. */
export function exitShape({ kind: _, ...how }: Exit): ExitShape {
  return how;
}

/** The exit that is spelled so. */
export function exitOf({ code, signal, outcome, error = '' }: ExitShape): Exit {
  if (outcome === 'threw') return { kind: 'call', outcome, error };
  if (outcome !== undefined) return { kind: 'call', outcome };
  if (signal !== undefined) return { kind: 'signal', signal };
  return code === undefined ? { kind: 'unknown' } : { kind: 'code', code };
}

/** The signal by which it ended, itself or what it passed on; undefined: none. */
export function signalOf({ code, signal }: ExitFact): string | undefined {
  return signal ?? (code === undefined ? undefined : SIGNAL_CODES[code]);
}

const SIGNAL_CODES: Readonly<Record<number, string>> = {
  129: 'SIGHUP',
  130: 'SIGINT',
  131: 'SIGQUIT',
  132: 'SIGILL',
  134: 'SIGABRT',
  135: 'SIGBUS',
  136: 'SIGFPE',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  141: 'SIGPIPE',
  143: 'SIGTERM',
  152: 'SIGXCPU',
  153: 'SIGXFSZ',
  159: 'SIGSYS',
};

const SIGNALS: Readonly<Record<string, string>> = {
  SIGHUP: 'its terminal was closed, or somebody sent it',
  SIGINT: 'somebody asked it to end, as Ctrl-C does',
  SIGQUIT: 'somebody asked it to end with a core dump',
  SIGILL: 'it was built for another processor, or is broken',
  SIGABRT: 'it gave itself up: a failed assertion, or no memory left for it',
  SIGBUS: 'a crash in native code, or a disk or /dev/shm is full',
  SIGFPE: 'a crash in native code, mostly a division by zero',
  SIGKILL: 'somebody killed it: mostly the kernel, when memory ran out',
  SIGSEGV: 'a crash in native code',
  SIGPIPE: 'it wrote to a connection or a pipe that nobody reads any more',
  SIGTERM: 'somebody asked it to end, and it was not orderly',
  SIGXCPU: 'it used more processor time than its limit',
  SIGXFSZ: 'it wrote a file larger than its limit',
  SIGSYS: 'it made a system call that it may not make (seccomp)',
};

/** 126 and 127 are the words of shells, and of env, nice, timeout and the like. */
const CODES: Readonly<Record<number, string>> = {
  126: 'a command was found and could not be executed',
  127: 'a command was not found',
};

function meaningOf(exit: ChildExit): string | undefined {
  if (exit.kind === 'signal') return SIGNALS[exit.signal];
  const signal = SIGNAL_CODES[exit.code];
  if (signal === undefined) return CODES[exit.code];
  return `mostly ${signal}: ${SIGNALS[signal]}`;
}
