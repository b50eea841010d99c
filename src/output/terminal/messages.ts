/**
 * What the supervisor itself says about an event, in words: one sentence, or nothing where nobody needs one.
 *
 * Pure, a table. It says what happened to which service and why; how a line looks and where it goes is decided elsewhere.
 */
import { describeCause } from '../../events/describe.ts';
import type { OrderlyEvent } from '../../events/event.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { hasProcess, type RunStatus } from '../../events/status.ts';

export type Level = 'info' | 'good' | 'warn' | 'bad';

export interface Message {
  readonly level: Level;
  readonly text: string;
}

/**
 * `before` is the status of the run just before this event. Of `foreground`, the service that has the terminal, only
 * its end is told: whoever runs it sees it run.
 */
export function describe(
  event: OrderlyEvent,
  before: RunStatus,
  foreground?: string | undefined,
): Message | undefined {
  if (event.type === 'output.dropped') return describeDrop(event);
  if ('service' in event && event.service === foreground) return describeForeground(event, before);
  switch (event.type) {
    case 'service.ready':
      return good(`${event.service}: ${readiness(event.evidence, event.after_ms)}`);
    case 'service.unhealthy':
      return warn(`${event.service}: unhealthy: ${event.detail}`);
    case 'service.healthy':
      return good(`${event.service}: healthy again`);
    case 'service.pending':
      return describePending(event, before);
    case 'service.backoff':
      return warn(
        `${event.service}: failed: ${event.cause}; restarting in ${formatDuration(event.delay_ms)} (${ordinal(event)})`,
      );
    case 'service.stopping':
      // During a shutdown everything stops: what is slow is told by the line of what is waited for.
      return before.shutdown ? undefined : info(`${event.service}: stopping: ${event.reason}`);
    case 'service.stopped':
      return before.shutdown ? undefined : info(`${event.service}: stopped`);
    case 'service.killed':
      return warn(`${event.service}: killed: ${event.reason}`);
    case 'service.cleanup':
      return describeCleanup(event);
    case 'service.completed':
      return event.needed_by === undefined
        ? good(`${event.service}: completed${runTime(event, before)}${adviceAfter(event.advice)}`)
        : warn(`${event.service}: ${neededStill(event.needed_by, runTime(event, before), event.advice)}`);
    case 'service.background':
      return warn(`${event.service}: ${wentToBackground(event)}`);
    case 'service.failed':
      if (isToldAsCause(event.service, before)) return undefined;
      return event.due_to === undefined
        ? bad(`${event.service}: failed: ${event.cause}`)
        : warn(`${event.service}: failed as well: ${event.cause}`);
    case 'service.skipped':
      return before.shutdown ? undefined : warn(`${event.service}: skipped: ${event.because}`);
    case 'service.note':
      return info(`${event.service}: ${event.text}`);
    case 'run.note':
      return info(event.text);
    case 'graph.changed':
      return info(describeGraph(event));
    case 'shutdown.requested':
      if (event.cause.kind === 'done' && foreground !== undefined) return undefined;
      return describeShutdown(event, before);
    case 'shutdown.escalated':
      return warn(
        event.level === 2
          ? 'told to stop again: killing what is left; clean-ups still run'
          : 'told to stop a third time: killing everything, clean-ups are given up',
      );
    case 'run.started':
    case 'run.finished':
    case 'service.before':
    case 'service.starting':
    case 'service.unready':
    case 'service.exited':
    case 'service.cleaning':
    case 'log':
      return undefined;
  }
}

const NAMED = 3;

function adviceAfter(advice: string | undefined): string {
  return advice === undefined ? '' : `; ${advice}`;
}

function neededStill(by: readonly string[], runTime: string, advice: string | undefined): string {
  const named = by.slice(0, NAMED).map((name) => `"${name}"`);
  const more = by.length > NAMED ? ` and ${by.length - NAMED} more` : '';
  const need = by.length === 1 ? 'needs' : 'need';
  const end = `ended by itself${runTime}, though ${named.join(', ')}${more} ${need} it`;
  return advice === undefined ? end : `${end}; ${advice}`;
}

function wentToBackground({ left, advice }: OrderlyEvent & { readonly type: 'service.background' }): string {
  const named = left.slice(0, NAMED).map(({ pid, command }) => `process ${pid} (${command})`);
  const more = left.length > NAMED ? ` and ${left.length - NAMED} more` : '';
  return `went to the background: what it left behind is stopped now: ${named.join(', ')}${more}; ${advice}`;
}

/** What has come, what has gone, what is different; never a value. */
function describeGraph({
  added,
  removed,
  changed,
}: OrderlyEvent & { readonly type: 'graph.changed' }): string {
  const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
  const parts = [
    ...(added.length > 0 ? [`${list(added)} added`] : []),
    ...(removed.length > 0 ? [`${list(removed)} removed`] : []),
    ...changed.map(({ service, keys }) => `"${service}" changed (${keys.join(', ')})`),
  ];
  if (parts.length === 0) return 'what is said of the whole graph has changed, and no service';
  return `the graph has changed: ${parts.join('; ')}`;
}

/** Before its first instance that goes without saying; after one it gave way, and comes back. */
function describePending(
  { service, attempt, waiting_for }: OrderlyEvent & { readonly type: 'service.pending' },
  before: RunStatus,
): Message | undefined {
  if (attempt === 0 || waiting_for.length === 0 || before.shutdown) return undefined;
  const edges = waiting_for.map((edge) => `"${edge.service}" to be ${edge.condition}`);
  return info(`${service}: waiting for ${edges.join(' and ')}, to start again`);
}

/** A number with its noun: `1 line`, `3 services`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Why a clean-up wasn't one, a clause with its command; undefined if it was. */
export function cleanupTrouble(
  event: OrderlyEvent & { readonly type: 'service.cleanup' },
): string | undefined {
  const after = formatDuration(event.took_ms);
  if (event.timed_out) return `"${event.run}" timed out after ${after}`;
  if (event.error !== undefined) return `"${event.run}": ${event.error}`;
  if (event.code === 0) return undefined;
  if (event.code === undefined) return `"${event.run}" was cut after ${after}`;
  return `"${event.run}" exited with code ${event.code} after ${after}`;
}

function describeCleanup(event: OrderlyEvent & { readonly type: 'service.cleanup' }): Message | undefined {
  const trouble = cleanupTrouble(event);
  return trouble === undefined ? undefined : bad(`${event.service}: clean-up failed: ${trouble}`);
}

/** That it ended goes without saying if it ended well, or if nothing else runs: then the last line tells it at once. */
function describeForeground(
  event: OrderlyEvent & { readonly service: string },
  before: RunStatus,
): Message | undefined {
  switch (event.type) {
    case 'service.ready':
    case 'service.completed':
      return undefined;
    case 'service.exited': {
      const { service, asked, code = 0 } = event;
      if (asked || code === 0 || countRunning(before) < 2) return undefined;
      return bad(`${service}: exited with code ${code}${runTime(event, before)}`);
    }
    default:
      return describe(event, before);
  }
}

/** The whole program goes down because of it, and has said so. */
function isToldAsCause(service: string, { shutdown }: RunStatus): boolean {
  return shutdown?.cause.kind === 'collapse' && shutdown.cause.service === service;
}

function describeDrop({
  lines,
  stream = 'stdout',
  service,
  file,
  cause,
}: OrderlyEvent & { readonly type: 'output.dropped' }): Message {
  const dropped = count(lines, 'line');
  if (file !== undefined) {
    return warn(`${service}: … ${dropped} missing in ${file}: ${cause ?? 'it is written too slowly'}`);
  }
  return warn(
    cause === undefined
      ? `… ${dropped} dropped: the reader of ${stream} is too slow`
      : `… ${dropped} of ${stream} dropped: ${cause}`,
  );
}

function describeShutdown(
  { cause, budget_ms, grace_ms }: OrderlyEvent & { readonly type: 'shutdown.requested' },
  before: RunStatus,
): Message | undefined {
  const running = countRunning(before);
  if (cause.kind === 'done' && running === 0) return undefined;
  const each = grace_ms === undefined ? '' : `${formatDuration(grace_ms)} each, `;
  const inAll = grace_ms === undefined ? '' : ' in all';
  const limit = budget_ms === undefined ? '' : `, at most ${each}${formatDuration(budget_ms)}${inAll}`;
  const rest = running === 0 ? '' : `; ${count(running, 'service')}${limit}`;
  const text = `stopping: ${describeCause(cause)}${rest}`;
  return cause.kind === 'collapse' ? bad(text) : info(text);
}

function countRunning({ services }: RunStatus): number {
  return [...services.values()].filter(hasProcess).length;
}

function ordinal({ failures, restarts }: OrderlyEvent & { readonly type: 'service.backoff' }): string {
  return restarts === undefined ? `failure ${failures}` : `${restarts.used} of ${restarts.max}`;
}

function runTime(event: OrderlyEvent & { readonly service: string }, before: RunStatus): string {
  const status = before.services.get(event.service);
  if (status === undefined || !('startedMs' in status)) return '';
  return ` after ${formatDuration(event.ms - status.startedMs)}`;
}

/** The evidence says how long it took. */
function readiness(evidence: string, afterMs: number): string {
  return evidence === '' ? `ready after ${formatDuration(afterMs)}` : `ready: ${evidence}`;
}

const info = (text: string): Message => ({ level: 'info', text });
const good = (text: string): Message => ({ level: 'good', text });
const warn = (text: string): Message => ({ level: 'warn', text });
const bad = (text: string): Message => ({ level: 'bad', text });
