/**
 * Holds when the instance says over its notify channel that it is ready, with the values it gave.
 *
 * The protocols are spoken elsewhere; here only their meaning counts. A channel closed without that word means
 * never.
 */
import { Event, now } from '../../concurrency/index.ts';
import type { ConditionKind } from '../../config/types.ts';
import { failed, held, type Part, withElapsed } from '../probe/part.ts';
import type { Reading } from '../probe/probe.ts';

type NotifyCondition = Extract<ConditionKind, { readonly kind: 'notify' }>;

type Protocol = NotifyCondition['protocol'];

/** How what came over it is spoken of. */
export const channelNames: Readonly<Record<Protocol, string>> = {
  fd: 'fd 3',
  node: 'the node channel',
  systemd: 'NOTIFY_SOCKET',
  call: 'started()',
};

export function createNotifyPart({ protocol }: NotifyCondition): Part {
  const settled = new Event();
  let reading: Reading | undefined;
  let status: string | undefined;

  const settle = (result: Reading): void => {
    reading = result;
    settled.set();
  };

  return {
    channel: protocol,
    notification(notification) {
      if (notification.kind === 'status') status = notification.text;
      if (reading !== undefined) return;
      if (notification.kind === 'ready') {
        settle(held(said(protocol), notification.values));
      }
      if (notification.kind === 'closed') settle(failed('the notify channel was closed without a word'));
    },
    async hold() {
      const sinceMs = now();
      await settled.wait();
      return withElapsed(reading as Reading, sinceMs);
    },
    missing: () => `${unsaid(protocol)}${status === undefined ? '' : ` (its status: "${status}")`}`,
  };
}

function said(protocol: Protocol): string {
  return protocol === 'call' ? 'started()' : `notified over ${channelNames[protocol]}`;
}

function unsaid(protocol: Protocol): string {
  return protocol === 'call'
    ? 'it has not called started()'
    : `no notification over ${channelNames[protocol]}`;
}
