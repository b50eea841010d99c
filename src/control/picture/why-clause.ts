/**
 * What is said of one service in a clause, and how several are told together. Pure.
 */
import type { WaitingFor } from '../../events/event.ts';
import { formatDuration } from '../../events/format-duration.ts';
import type { ServiceStatus } from '../../events/status.ts';
import type { Picture } from './picture.ts';

/** Of what is waited for so many are told of. */
export const MOST_TOLD = 5;

/** Where it is and since when, with its immediate cause: what follows its name. */
export function clauseOf(picture: Picture, nowMs: number, service: string, status: ServiceStatus): string {
  const age = formatDuration(Math.max(0, nowMs - status.sinceMs));
  const instance = status.attempt > 1 ? `, instance ${status.attempt}` : '';
  switch (status.state) {
    case 'pending': {
      const waited = inOrder(picture, status.waitingFor).map((one) => waitedFor(picture, one));
      return waited.length === 0
        ? `is pending, for ${age}: its turn has not come`
        : `is pending, for ${age}: waits for ${listOf(waited)}`;
    }
    case 'starting':
      return `is starting, for ${age}${instance}: not ready yet${status.detail === undefined ? '' : `, ${status.detail}`}`;
    case 'ready':
      return `is ready, for ${age}${instance} (${status.evidence})`;
    case 'stopping':
      return `is stopping, for ${age}: ${status.reason}`;
    case 'cleaning': {
      const current = Math.min(status.count, picture.cleanedUp(service) + 1);
      return `has ended, and is cleaned up after, for ${age}: clean-up ${current} of ${status.count}`;
    }
    case 'backoff':
      return `waits to be started again, for ${age}: it ${status.cause}; ${ordinal(status.failures)} failure in a row`;
    case 'stopped':
      return status.attempt === 0 && picture.asked(service)?.by === 'selection'
        ? 'was not selected'
        : `was stopped ${ago(nowMs, status.sinceMs)}${stopReason(picture, service, status)}`;
    case 'completed': {
      const needed = picture.last(service, 'service.completed')?.needed_by ?? [];
      return `completed ${ago(nowMs, status.sinceMs)}${needed.length === 0 ? '' : `, though ${listOf(needed)} still needed it`}`;
    }
    case 'failed':
      return `failed ${ago(nowMs, status.sinceMs)}${instance}: ${status.cause}`;
    case 'skipped':
      return `was skipped ${ago(nowMs, status.sinceMs)}: ${status.because}`;
  }
}

function waitedFor(picture: Picture, { service, condition, why, stopped_by: by }: WaitingFor): string {
  // Where it was when that was told may be long ago.
  const where = by === undefined ? (picture.status.services.get(service)?.state ?? why) : why;
  return `${service} to be ${condition} (${where})`;
}

/** Who stopped it, or what it lost. */
function stopReason(picture: Picture, service: string, { attempt, sinceMs }: ServiceStatus): string {
  const { shutdown } = picture.status;
  const wanted = picture.asked(service);
  if (wanted?.want === 'down' && wanted.reason !== undefined) return `: ${wanted.reason}`;
  const stopping = picture.last(service, 'service.stopping');
  if (stopping?.attempt === attempt && attempt > 0) return `: ${stopping.reason}`;
  return shutdown !== undefined && shutdown.sinceMs <= sinceMs ? ': everything goes down' : '';
}

const RANKS = ['failed', 'skipped', 'completed', 'stopped', 'backoff', 'cleaning', 'stopping'];

/** What can't hold goes first, then what somebody stopped, what is failing, and what only takes its time. */
export function inOrder(picture: Picture, waitingFor: readonly WaitingFor[]): readonly WaitingFor[] {
  const rank = ({ service }: WaitingFor): number =>
    RANKS.indexOf(picture.status.services.get(service)?.state ?? 'failed') + 1 || RANKS.length + 1;
  return [...waitingFor].sort((a, b) => rank(a) - rank(b));
}

/** Of many the first few, and how many more. */
export function listOf(texts: readonly string[]): string {
  const more = texts.length - MOST_TOLD;
  return more <= 1 ? texts.join(', ') : `${texts.slice(0, MOST_TOLD).join(', ')} and ${more} more`;
}

export function ago(nowMs: number, ms: number): string {
  return `${formatDuration(Math.max(0, nowMs - ms))} ago`;
}

function ordinal(count: number): string {
  const tens = count % 100;
  const ones = tens >= 11 && tens <= 13 ? 0 : count % 10;
  return `${count}${['th', 'st', 'nd', 'rd'][ones] ?? 'th'}`;
}
