/**
 * `orderlyd/service`: what a Node program that orderly supervises says and hears. Everything is harmless without a
 * supervisor, so that the program runs on its own too.
 *
 * It uses the channel that the service is configured with, `notify: fd` or `notify: node`. What it says over `notify:
 * systemd` Node has no means to send: use one of the two others.
 */
import { type Channel, openChannel } from './channel.ts';
import { listenForShutdown } from './shutdown-request.ts';

const channel: Channel = openChannel(process);
const handlers: (() => unknown)[] = [];
let isListening = false;
let isAsked = false;
let hasStarted = false;

/**
 * Whether anybody hears what is said here; false where there is no channel: without a supervisor, or with `notify:
 * systemd`.
 */
export const isSupervised: boolean = channel.kind !== 'none';

/**
 * Says that the program is ready, with values that services that depend on it can use (`${service.name}`): texts,
 * numbers and booleans by name. The first call counts; further ones do nothing. It never throws and never waits.
 */
export function started(values: Readonly<Record<string, string | number | boolean>> = {}): void {
  if (hasStarted) return;
  hasStarted = true;
  const texts = Object.entries(values).map(([name, value]) => [name, String(value)] as const);
  channel.say({ kind: 'ready', values: Object.fromEntries(texts) });
}

/** Says that it is alive: a service's `watchdog` trips when this stays away. It never throws and never waits. */
export function heartbeat(): void {
  channel.say({ kind: 'heartbeat' });
}

/** Says in a few words what it is doing, for people. Line ends become blanks. It never throws and never waits. */
export function status(text: string): void {
  channel.say({ kind: 'status', text });
}

/**
 * Has `fn` called once when the program is asked to end: by SIGTERM, SIGINT, or the message `shutdown`; at once if it
 * was asked before. The program then ends when it has nothing left to do: close in `fn` what keeps it alive. A second
 * signal ends it as usual. Without a supervisor Ctrl-C does the same. What `fn` throws is an uncaught error.
 */
export function onShutdown(fn: () => unknown): void {
  if (isAsked) {
    void call(fn);
    return;
  }
  handlers.push(fn);
  if (isListening) return;
  isListening = true;
  listenForShutdown(process, () => {
    isAsked = true;
    for (const handler of handlers.splice(0)) void call(handler);
  });
}

/** A rejection is left unhandled, which ends the program with a stack, as a bug does. */
async function call(fn: () => unknown): Promise<void> {
  await fn();
}
