/**
 * The last lines of a run: what ended how, as far as it matters, and the cause as the very last line.
 *
 * Pure: a fold of the events, and its rendering. A run that went well gets one calm line.
 */
import { describeCause } from '../../events/describe.ts';
import type { OrderlyEvent } from '../../events/event.ts';
import { formatDuration } from '../../events/format-duration.ts';
import type { RunStatus } from '../../events/status.ts';
import { failureBlock } from './failure-block.ts';
import { cleanupTrouble, type Message } from './messages.ts';

interface Unclean {
  readonly service: string;
  /** Else it is of a clean-up. */
  readonly wasKilled: boolean;
  readonly text: string;
}

/** What the status at the end doesn't tell: what went wrong, in its order. */
export interface Tally {
  /** What made the shutdown unclean, a clause each. */
  readonly unclean: readonly Unclean[];
  /** What failed by itself, and not because something else had. */
  readonly failed: readonly { readonly service: string; readonly cause: string }[];
  readonly finishedMs: number;
}

export const EMPTY_TALLY: Tally = { unclean: [], failed: [], finishedMs: 0 };

/** `before` is the status of the run just before this event. */
export function foldTally(tally: Tally, event: OrderlyEvent, before: RunStatus): Tally {
  if (event.type === 'run.finished') return { ...tally, finishedMs: event.ms };
  if (event.type === 'service.failed') {
    const { service, cause, due_to } = event;
    return due_to === undefined ? { ...tally, failed: [...tally.failed, { service, cause }] } : tally;
  }
  const unclean = before.shutdown === undefined ? undefined : uncleanOf(event);
  return unclean === undefined ? tally : { ...tally, unclean: [...tally.unclean, unclean] };
}

export interface SummaryOptions {
  /** The service that has the terminal, if one has. */
  readonly foreground?: string | undefined;
  /** Whether what this service wrote last stands right above. */
  readonly isShown?: (service: string) => boolean;
}

/**
 * The lines, the cause last; none before the run has finished. Whoever runs `foreground`, and nothing else, has seen
 * itself that it ended well.
 */
export function summarise(status: RunStatus, tally: Tally, options: SummaryOptions = {}): Message[] {
  const { foreground, isShown = () => false } = options;
  const { finished } = status;
  if (finished === undefined) return [];
  const { failure } = finished;
  const lines: Message[] = [];
  const fell = new Set(failure?.fell.map(({ service }) => service));
  const skipped = namesIn(status, 'skipped').filter((name) => !fell.has(name));
  if (finished.status === 1 && skipped.length > 0) {
    lines.push({ level: 'warn', text: `skipped: ${skipped.join(', ')}` });
  }
  // The first one is the cause then, and stands in the last line.
  const unclean = isUnclean(status, tally) ? tally.unclean.slice(1) : tally.unclean;
  for (const { service, wasKilled, text } of unclean) {
    if (!wasKilled || !fell.has(service)) lines.push({ level: 'warn', text });
  }
  for (const { service, pid, command, why } of finished.survivors) {
    const mute = why === undefined ? '' : ` (it may not be signalled: ${why})`;
    lines.push({ level: 'bad', text: `${of(service)}process ${pid} is still alive: ${command}${mute}` });
  }
  for (const { service, cause } of tally.failed) {
    if (service !== failure?.service && service !== foreground) {
      lines.push({ level: 'bad', text: `also failed: ${service}: ${cause}` });
    }
  }
  // What has the terminal has shown itself what it failed of.
  if (failure !== undefined && failure.service !== foreground) {
    lines.push(...failureBlock(failure, isShown(failure.service)));
  }
  const isAlone = foreground !== undefined && status.services.size === 1;
  if (!isAlone || finished.status !== 0 || lines.length > 0) lines.push(lastLine(status, tally));
  return lines;
}

/** Whose it is, before a clause about it; nothing for what is of no service that could be told. */
function of(service: string): string {
  return service === '' ? '' : `${service}: `;
}

function lastLine(run: RunStatus, tally: Tally): Message {
  const { status, cause } = run.finished!;
  const { shutdown } = run;
  if (isUnclean(run, tally)) return { level: 'bad', text: `not stopped cleanly: ${cause}` };
  if (shutdown === undefined || shutdown.cause.kind === 'done') {
    return { level: status === 0 ? 'good' : 'bad', text: cause };
  }
  const bySignal = shutdown.cause.kind === 'signal' && status >= 128;
  if (status !== 0 && !bySignal) return { level: 'bad', text: cause };
  const text = `stopped after ${formatDuration(tally.finishedMs - shutdown.sinceMs)}: ${cause}`;
  // Told to stop and did: nothing is wrong, unless `--exit-code-from` makes the end of a service that of the run.
  return { level: status === 0 || cause === describeCause(shutdown.cause) ? 'good' : 'info', text };
}

function isUnclean({ finished }: RunStatus, { unclean }: Tally): boolean {
  return finished?.status === 3 && unclean.length + finished.survivors.length > 0;
}

function uncleanOf(event: OrderlyEvent): Unclean | undefined {
  if (event.type === 'service.killed') {
    const { service, reason } = event;
    return { service, wasKilled: true, text: `${service}: had to be killed: ${reason}` };
  }
  if (event.type !== 'service.cleanup') return undefined;
  const trouble = cleanupTrouble(event);
  if (trouble === undefined) return undefined;
  return { service: event.service, wasKilled: false, text: `${event.service}: clean-up failed: ${trouble}` };
}

function namesIn(status: RunStatus, state: 'skipped'): string[] {
  return [...status.services].filter(([, it]) => it.state === state).map(([name]) => name);
}
