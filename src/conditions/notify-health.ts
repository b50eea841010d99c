/**
 * Health by what a program says itself: anything that shows it is alive, over its notify channel, since the last check.
 */
import type { ConditionKind } from '../config/types.ts';
import type { Notification } from '../process/ports.ts';
import type { HealthCheck } from './health-check.ts';
import { createEar } from './listening.ts';
import { channelNames } from './notify.ts';

type NotifyCondition = Extract<ConditionKind, { readonly kind: 'notify' }>;

export function createNotifyHealth({ protocol }: NotifyCondition): HealthCheck {
  const subject = `notify ${protocol}`;
  let closed = false;
  const ear = createEar(() =>
    closed
      ? `${subject}: it has closed its channel, and can say nothing any more`
      : `${subject}: no word over ${channelNames[protocol]} since the last check`,
  );
  return {
    subject,
    unanswered: 'not heard',
    channel: protocol,
    listens: true,
    wantsOutput: false,
    output: () => undefined,
    notification(notification) {
      if (notification.kind === 'closed') closed = true;
      else if (speaksForIt(notification)) ear.hear(`${subject}: ${notification.kind}`);
    },
    attempt: (signal) => ear.attempt(signal),
  };
}

/** A note is ours, and whoever says that it hangs isn't well. */
function speaksForIt({ kind }: Notification): boolean {
  return kind !== 'note' && kind !== 'tripped';
}
