/**
 * What became of a service, of a stretch of its bar, or of the whole run, in a few words. Pure.
 */
import { describeCause } from '../../events/describe.ts';
import { formatDuration } from '../../events/format-duration.ts';
import type { CriticalPath } from './paths/critical-path.ts';
import { firstReadyMs } from './paths/find-paths.ts';
import { momentText } from './ticks.ts';
import type { Lane, Mark, Segment, Timeline } from './timeline.ts';

/** Cut to so many characters, with a sign that it was. */
export function shortened(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join('')}…`;
}

/** Whether it needs to be looked at: it failed, never came to run, or ended when it shouldn't have. */
export function isBad({ end }: Lane): boolean {
  return end?.kind === 'failed' || end?.kind === 'skipped';
}

/** `ready after 193 ms, 2 attempts`, `failed: exited with code 1`. */
export function outcomeOf(lane: Lane): string {
  const { end, starts } = lane;
  const attempts = starts.length > 1 ? `, ${starts.length} attempts` : '';
  if (end?.kind === 'failed' || end?.kind === 'skipped') return `${end.kind}: ${end.why}`;
  const readyMs = firstReadyMs(lane);
  const first = starts[0];
  if (readyMs !== undefined && first !== undefined) {
    const how = lane.isTask ? 'completed' : 'ready';
    const tookMs = readyMs - first.ms;
    return `${how} ${tookMs < 1 ? 'at once' : `after ${formatDuration(tookMs)}`}${attempts}`;
  }
  if (first === undefined) return end === undefined ? 'not started yet' : 'never started';
  return (lane.isTask ? 'not completed' : 'never ready') + attempts;
}

/** The facts about the run, a clause each, the most important first. */
export function factsOf(timeline: Timeline, start: CriticalPath | undefined): readonly string[] {
  const { lanes, startMs, endMs, shutdown, escalations, finished } = timeline;
  const count = `${lanes.length} service${lanes.length === 1 ? '' : 's'}`;
  return [
    count,
    ...(start === undefined ? [] : [startFact(start)]),
    `ran ${formatDuration(endMs - startMs)}`,
    ...(shutdown === undefined || finished === undefined ? [] : [stopFact(shutdown, finished.status, endMs)]),
    ...(escalations.length === 0 ? [] : [`insisted on ${escalations.length === 1 ? 'once' : 'twice'}`]),
    finished === undefined ? 'the record ends before the run does' : `status ${finished.status}`,
  ];
}

function stopFact({ ms, cause }: NonNullable<Timeline['shutdown']>, status: number, endMs: number): string {
  const by = cause.kind === 'signal' ? ` after ${String(cause.signal)}` : '';
  return `${status === 0 || status >= 128 ? 'stopped' : 'down'} in ${formatDuration(endMs - ms)}${by}`;
}

function startFact({ end, fromMs, toMs }: CriticalPath): string {
  const after = formatDuration(toMs - fromMs);
  if (end === 'ready') return `ready after ${after}`;
  return end === 'failed' ? `failed to start after ${after}` : `not ready after ${after}`;
}

/** Why the run ended, a clause; undefined: the record doesn't tell, or it was a signal and nothing else. */
export function causeOf({ shutdown, finished }: Timeline): string | undefined {
  const described = shutdown && describedCause(shutdown.cause);
  const cause = finished?.cause ?? described;
  if (shutdown?.cause.kind === 'signal' && cause === described) return undefined;
  return cause;
}

/** What the line of the shutdown is called: of a failure, whose it was; the cause of the run tells the rest. */
export function shutdownLabel({ shutdown }: Timeline): string {
  if (shutdown === undefined) return '';
  const { cause } = shutdown;
  return cause.kind === 'collapse' ? `${cause.service} failed` : describedCause(cause);
}

/** Of causes that only a newer version knows, the kind. */
function describedCause(cause: NonNullable<Timeline['shutdown']>['cause']): string {
  return describeCause(cause) ?? String((cause as { readonly kind?: unknown }).kind ?? 'shutdown');
}

/** What a stretch of a bar says to whoever points at it. */
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

/** What a mark on a bar says. */
export function describeMark(service: string, { kind, ms, attempt, text }: Mark): string {
  const which = attempt > 1 ? ` (attempt ${attempt})` : '';
  return `${service}${which}${VERBS[kind]} ${text}, at ${momentText(ms, 1)}`;
}
