/**
 * What an instance says over its notify channel, beside being ready: more time where there is some to give, and notes.
 *
 * A note of a service is one of many: what writes a thousand a second is not let through.
 */
import type { ReadinessProbe } from '../../conditions/probe/probe.ts';
import { formatDuration } from '../../events/format-duration.ts';
import type { Notification } from '../../process/ports.ts';
import type { Run } from '../run/run.ts';
import type { ServiceNode } from '../service/node.ts';
import type { Monitors } from './live-instance.ts';

/** Takes the notifications of one instance, in order. Never throws, and never waits. */
export function createNotificationHandler(
  run: Run,
  node: ServiceNode,
  attempt: number,
  probe: ReadinessProbe,
  monitors: Monitors,
): (notification: Notification) => void {
  const told = new Set<string>();
  let notes: NoteCount = noNotes;
  let saidReady = false;

  const note = (text: string): void => {
    const counted = countNote(notes, run.ports.clock.now());
    notes = counted.count;
    if (counted.kind === 'dropped') return;
    const last = counted.kind === 'last' ? '; more of such notes are left out for a while' : '';
    run.announce({ type: 'service.note', service: node.name, attempt, text: `${text}${last}` });
  };

  /** Programs ask again and again: the first time is told. */
  const noteOnce = (about: string, text: string): void => {
    if (told.has(about)) return;
    told.add(about);
    note(text);
  };

  const extend = (byMs: number): void => {
    const nowMs = run.ports.clock.now();
    const longer = `${formatDuration(byMs)} more`;
    const stopMs = run.shutdown.deadlines.extend(node, byMs);
    if (stopMs !== undefined) {
      const given = formatDuration(Math.max(0, stopMs - nowMs));
      noteOnce('stop', `asks for ${longer} to stop: it has ${given} from now`);
    } else if (!probe.isOver) {
      probe.extend(nowMs + byMs);
      if (!saidReady) noteOnce('start', `asks for ${longer} to become ready`);
    }
  };

  return (notification) => {
    probe.notification(notification);
    if (monitors.heartbeats?.hear(notification)) return;
    switch (notification.kind) {
      case 'extend':
        return extend(notification.byMs);
      case 'stopping':
        // Its answer to our own request goes without saying.
        return run.shutdown.deadlines.isPatientWith(node)
          ? undefined
          : noteOnce('stopping', 'says that it is stopping');
      case 'tripped':
        return note('says that it hangs (WATCHDOG=trigger)');
      case 'note':
        return note(notification.text);
      case 'ready':
        saidReady = true;
        return;
      case 'heartbeat':
      case 'status':
      case 'watchdog':
      case 'closed':
        return undefined;
    }
  };
}

/** How many notes of its own an instance may have announced in a minute. */
const MOST_NOTES = 10;
const WINDOW_MS = 60_000;

interface NoteCount {
  /** When the minute that is counted began. */
  readonly sinceMs: number;
  readonly notes: number;
}

const noNotes: NoteCount = { sinceMs: Number.NEGATIVE_INFINITY, notes: 0 };

interface CountedNote {
  /** `last`: it is told, the next are not. */
  readonly kind: 'told' | 'last' | 'dropped';
  readonly count: NoteCount;
}

function countNote({ sinceMs, notes }: NoteCount, nowMs: number): CountedNote {
  const isNew = nowMs - sinceMs >= WINDOW_MS;
  const count = { sinceMs: isNew ? nowMs : sinceMs, notes: isNew ? 1 : notes + 1 };
  const kind = count.notes < MOST_NOTES ? 'told' : count.notes === MOST_NOTES ? 'last' : 'dropped';
  return { kind, count };
}
