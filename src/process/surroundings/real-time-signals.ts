/**
 * Hears real-time signals, for which Node has no names: images that expect systemd stop by SIGRTMIN+3.
 *
 * libuv hears any number; only `process.on` wants a name. So the object that Node makes for a named signal is taken hold
 * of by the documented way, an async hook, and its like is made for the others. Where that fails they aren't heard.
 */
import { createHook } from 'node:async_hooks';
import { constants } from 'node:os';
import type { CaughtSignal } from './signal-meaning.ts';

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
export function catchRealTimeSignals(hear: (signal: CaughtSignal) => void): void {
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
