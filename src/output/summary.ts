/**
 * The last lines of a run: what ended how, as far as it matters, and the cause as the very last line.
 *
 * Pure: a fold of the events, and its rendering. A run that went well gets one calm line.
 */
import { describeCause } from '../events/describe.ts';
import type { OrderlyEvent } from '../events/event.ts';
import { formatDuration } from '../events/format-duration.ts';
import type { RunStatus } from '../events/status.ts';
import { cleanupTrouble, type Message } from './messages.ts';

/** What the status at the end doesn't tell: what went wrong during the shutdown. */
export interface Tally {
  /** A clause each, in order. */
  readonly unclean: readonly string[];
  /** The order in which services failed. */
  readonly failed: readonly string[];
  readonly finishedMs: number;
}

export const EMPTY_TALLY: Tally = { unclean: [], failed: [], finishedMs: 0 };

/** A crash of Node takes 17. */
const TAIL_LINES = 20;

/** `before` is the status of the run just before this event. */
export function foldTally(tally: Tally, event: OrderlyEvent, before: RunStatus): Tally {
  if (event.type === 'run.finished') return { ...tally, finishedMs: event.ms };
  if (event.type === 'service.failed') return { ...tally, failed: [...tally.failed, event.service] };
  const clause = before.shutdown === undefined ? undefined : uncleanClause(event);
  return clause === undefined ? tally : { ...tally, unclean: [...tally.unclean, clause] };
}

/**
 * The lines, the cause last; none before the run has finished. Whoever runs `foreground`, and nothing else, has seen
 * itself that it ended well.
 */
export function summarise(status: RunStatus, tally: Tally, foreground?: string | undefined): Message[] {
  const { finished } = status;
  if (finished === undefined) return [];
  const lines: Message[] = [];
  const skipped = namesIn(status, 'skipped');
  if (finished.status === 1 && skipped.length > 0) {
    lines.push({ level: 'warn', text: `skipped: ${skipped.join(', ')}` });
  }
  // The first one is the cause then, and stands in the last line.
  const unclean = isUnclean(status, tally) ? tally.unclean.slice(1) : tally.unclean;
  for (const clause of unclean) lines.push({ level: 'warn', text: clause });
  for (const { service, pid, command } of finished.survivors) {
    lines.push({ level: 'bad', text: `${of(service)}process ${pid} is still alive: ${command}` });
  }
  // The first failure is the cause, so its output stands next to the last line.
  for (const name of [...tally.failed].reverse()) lines.push(...describeFailure(name, status));
  const isAlone = foreground !== undefined && status.services.size === 1;
  if (!isAlone || finished.status !== 0 || lines.length > 0) lines.push(lastLine(status, tally));
  return lines;
}

/** Whose it is, before a clause about it; nothing for what is of no service that could be told. */
function of(service: string): string {
  return service === '' ? '' : `${service}: `;
}

function describeFailure(name: string, status: RunStatus): Message[] {
  const it = status.services.get(name);
  if (it?.state !== 'failed') return [];
  const tail = it.output.slice(-TAIL_LINES);
  // That it failed was said when it did: without output there is nothing to add.
  if (tail.length === 0) return [];
  const head: Message = { level: 'bad', text: `${name}: failed: ${it.cause}; its last output:` };
  return [head, ...tail.map((text): Message => ({ level: 'info', text: `  | ${text}` }))];
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

function uncleanClause(event: OrderlyEvent): string | undefined {
  if (event.type === 'service.killed') return `${event.service}: had to be killed: ${event.reason}`;
  if (event.type !== 'service.cleanup') return undefined;
  const trouble = cleanupTrouble(event);
  return trouble === undefined ? undefined : `${event.service}: clean-up failed: ${trouble}`;
}

function namesIn(status: RunStatus, state: 'skipped'): string[] {
  return [...status.services].filter(([, it]) => it.state === state).map(([name]) => name);
}
