/**
 * What a stretch of a bar, or a mark on it, says to who points at it. Pure.
 */
import { formatDuration } from '../../events/format-duration.ts';
import { momentText } from './ticks.ts';
import type { Mark, Segment } from './timeline.ts';

export function describeSegment(service: string, segment: Segment): string {
  const { state, fromMs, toMs, attempt, detail } = segment;
  const stepMs = Math.max(0.1, (toMs - fromMs) / 100);
  const when = `${momentText(fromMs, stepMs)} to ${momentText(toMs, stepMs)}`;
  const which = attempt > 1 ? ` (attempt ${attempt})` : '';
  const what = state === 'waiting' && detail !== '' ? `for ${detail}` : detail;
  return `${service} ${state}${which}, ${formatDuration(toMs - fromMs)}: ${when}${what === '' ? '' : `\n${what}`}`;
}

const VERBS: Readonly<Record<Mark['kind'], string>> = {
  ended: '',
  killed: ' had to be killed:',
  unhealthy: ' is unhealthy:',
  'cleanup-failed': ', clean-up failed:',
};

export function describeMark(service: string, { kind, ms, attempt, text }: Mark): string {
  const which = attempt > 1 ? ` (attempt ${attempt})` : '';
  return `${service}${which}${VERBS[kind]} ${text}, at ${momentText(ms, 1)}`;
}
