/**
 * The signals that reach this program. Importing this file installs the handlers: before anything else is loaded,
 * since as PID 1 a signal without a handler is lost, and SIGUSR1 would open the debugger's port.
 *
 * Signals that come before anyone listens are kept for the first listener. What they mean is `signal-meaning.ts`.
 */
import { createHook } from 'node:async_hooks';
import { constants } from 'node:os';
import type { CaughtSignal } from './signal-meaning.ts';
import { isUnderNohup } from './under-nohup.ts';

const early: CaughtSignal[] = [];
let listener: (signal: CaughtSignal) => void = (signal) => early.push(signal);

const hear = (signal: CaughtSignal): void => listener(signal);
const onNamed = (name: NodeJS.Signals, number: number): void => hear({ name, number });

/** To die of one of these would leave every service behind, and as PID 1 none of them would be heard. */
const HEARD: readonly NodeJS.Signals[] = [
  ...(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const),
  ...(['SIGVTALRM', 'SIGSTKFLT', 'SIGPWR', 'SIGWINCH', 'SIGCONT'] as const),
];

const handlers = new Map(HEARD.map((signal) => [signal, onNamed]));
for (const [signal, handler] of handlers) {
  try {
    process.on(signal, handler);
  } catch {
    // This system has no such signal.
  }
}
// It costs half a millisecond, which elsewhere has time until a run listens.
if (process.pid === 1) catchRealTimeSignals(hear);

/** Hands every signal to `listen` from now on, the early ones first. */
export function listenForSignals(listen: (signal: CaughtSignal) => void): void {
  listener = listen;
  for (const signal of early.splice(0)) listen(signal);
}

/** From now on real-time signals too, which end a program that doesn't listen to them. */
export function listenForAllSignals(listen: (signal: CaughtSignal) => void): void {
  listenForSignals(listen);
  catchRealTimeSignals(hear);
}

/**
 * From now on those that ask for the end do what they do to any program, also while it computes or waits for a file: for a
 * command that has nothing to take down. As PID 1 the kernel would drop them: there they are heard as before.
 */
export function letSignalsEnd(): void {
  if (process.pid === 1) return;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP'] as const) {
    if (!(signal === 'SIGHUP' && isUnderNohup())) process.removeListener(signal, onNamed);
  }
}

/** Ends the program by raising the signal on itself, as its parent expects; as PID 1 that has no effect. */
export function raiseSignal(signal: NodeJS.Signals): void {
  const handler = handlers.get(signal);
  if (handler !== undefined) process.removeListener(signal, handler);
  process.kill(process.pid, signal);
}

// Hears real-time signals, for which Node has no names: images that expect systemd stop by SIGRTMIN+3.
//
// libuv hears any number; only `process.on` wants a name. So the object that Node makes for a named signal is taken hold
// of by the documented way, an async hook, and its like is made for the others. Where that fails they aren't heard.

interface SignalHandle {
  onsignal: (number: number) => void;
  start(number: number): number;
  unref(): void;
}

/** The C library keeps the first two; engines count from here whatever it is. */
const FIRST = 34;
const LAST = 64;

/** Held for as long as the program lives: what is collected hears no more. */
const handles: SignalHandle[] = [];

/** Hears them from now on; once is enough. Never throws. */
function catchRealTimeSignals(hear: (signal: CaughtSignal) => void): void {
  if (handles.length > 0 || process.platform !== 'linux') return;
  const Handle = handleOfSignals();
  if (Handle === undefined) return;
  try {
    for (let number = FIRST; number <= LAST; number++) {
      const handle = new Handle();
      handle.unref();
      handle.onsignal = () => hear({ name: nameOf(number), number });
      if (handle.start(number) === 0) handles.push(handle);
    }
  } catch {
    // Node's own insides have changed: they are lost, as they were.
  }
}

export function nameOf(number: number): string {
  return number === FIRST ? 'SIGRTMIN' : `SIGRTMIN+${number - FIRST}`;
}

function handleOfSignals(): (new () => SignalHandle) | undefined {
  let found: object | undefined;
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (type === 'SIGNALWRAP') found = resource;
    },
  });
  const listener = (): void => {};
  hook.enable();
  // Nobody else listens to it, so that Node makes a handle for it.
  process.on(UNUSED, listener);
  process.removeListener(UNUSED, listener);
  hook.disable();
  return found?.constructor as (new () => SignalHandle) | undefined;
}

const UNUSED = 'SIGXCPU' in constants.signals ? 'SIGXCPU' : 'SIGTRAP';
