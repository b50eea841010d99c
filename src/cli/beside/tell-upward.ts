/**
 * What orderly itself tells to whoever started it: that all is ready, where it is, that it goes down. By sd_notify(3), if there is a
 * NOTIFY_SOCKET, and by a line to a descriptor that was asked for.
 */
import type { OrderlyEvent } from '../../events/event.ts';
import { printable } from '../../events/printable.ts';
import type { RunStatus } from '../../events/status.ts';
import { StatusTracker } from '../../events/status-tracker.ts';
import type { Output } from '../../output/output.ts';

export interface Upward {
  /** Sends a message of sd_notify to our own manager; in the order of the calls. */
  readonly notify: ((message: string) => void) | undefined;
  /** All is ready, once. */
  readonly ready: (() => void) | undefined;
}

/** Undefined: nobody wants to know. */
export function upwardOutput({ notify, ready }: Upward): Output | undefined {
  if (notify === undefined && ready === undefined) return undefined;
  const tracker = new StatusTracker();
  let isReady = false;
  let told = '';
  const tell = (message: string): void => {
    if (message !== told) notify?.(message);
    told = message;
  };
  return {
    onEvent(event) {
      tracker.apply(event);
      const { status } = tracker;
      if (event.type === 'shutdown.requested') tell(`STOPPING=1\n${statusLine(status)}`);
      else if (!isReady && isUp(status)) {
        isReady = true;
        ready?.();
        tell(`READY=1\n${statusLine(status)}`);
      } else if (changesState(event)) tell(statusLine(status));
    },
    onLog: () => undefined,
    finish: async () => undefined,
  };
}

function changesState({ type }: OrderlyEvent): boolean {
  return STATES.has(type);
}

const STATES: ReadonlySet<OrderlyEvent['type']> = new Set([
  ...(['service.starting', 'service.ready', 'service.backoff', 'service.failed', 'service.stopped'] as const),
  ...(['service.skipped', 'service.completed', 'service.unhealthy', 'service.healthy'] as const),
]);

/** Whatever is not at rest by a wish is ready, or has completed. */
export function isUp({ services, shutdown }: RunStatus): boolean {
  if (shutdown !== undefined || services.size === 0) return false;
  return [...services.values()].every(
    ({ state, attempt }) =>
      state === 'ready' || state === 'completed' || (state === 'stopped' && attempt === 0),
  );
}

/** `STATUS=` in one line, as `systemctl status` shows it. */
export function statusLine({ services, shutdown }: RunStatus): string {
  const all = [...services].filter(([, { state, attempt }]) => state !== 'stopped' || attempt > 0);
  const of = (...states: readonly string[]) => all.filter(([, { state }]) => states.includes(state));
  const up = of('ready', 'completed');
  const bad = of('failed', 'skipped', 'backoff');
  const rest = shutdown === undefined ? all.filter((one) => !up.includes(one) && !bad.includes(one)) : [];
  const parts = [
    shutdown === undefined ? `${up.length} of ${all.length} ready` : 'going down',
    ...(rest.length > 0 ? [`waiting for ${names(rest)}`] : []),
    ...(bad.length > 0 ? [`not up: ${names(bad)}`] : []),
  ];
  return `STATUS=${printable(parts.join('; '))}`;
}

const MOST_NAMES = 5;

function names(services: readonly (readonly [string, unknown])[]): string {
  const shown = services.slice(0, MOST_NAMES).map(([name]) => name);
  const more = services.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
