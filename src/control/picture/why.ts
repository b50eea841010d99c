/**
 * Why a service is where it is: the chain of causes to its root, what comes next, and what would help. Pure.
 *
 * It says nothing that is no event; times are ages at the moment in which it is asked.
 */

import type { WaitingFor } from '../../events/event.ts';
import { formatDuration } from '../../events/format-duration.ts';
import type { ServiceStatus } from '../../events/status.ts';
import type { WhyAnswer, WhyLink } from '../protocol.ts';
import type { Picture } from './picture.ts';

type Why = Pick<WhyAnswer, 'chain' | 'next' | 'commands' | 'text'>;
type Next = WhyAnswer['next'];
type Commands = WhyAnswer['commands'];

/** What it is told from. */
export interface View {
  readonly picture: Picture;
  readonly nowMs: number;
  /** The last line that this instance of a service wrote. */
  readonly lastLine: (service: string, attempt: number) => string | undefined;
}

/** Undefined: there is no such service. */
export function explain(view: View, service: string): Why | undefined {
  const { picture } = view;
  const status = picture.status.services.get(service);
  if (status === undefined) return undefined;
  const chain = chainOf(view, service, new Set());
  const next = nextOf(view, service, status);
  const commands = commandsOf(picture, service, status);
  const lines = [
    ...chain.map(({ text }, depth) => `${'  '.repeat(depth)}${text}`),
    `next: ${next.text}`,
    ...commands.map(({ argv, why }) => `try: ${argv.join(' ')} (${why})`),
  ];
  return { chain, next, commands, text: lines.join('\n') };
}

/** From the service to the root; what was told once is not told again. */
function chainOf(view: View, service: string, seen: Set<string>): readonly WhyLink[] {
  if (seen.has(service)) return [];
  seen.add(service);
  const status = view.picture.status.services.get(service);
  if (status === undefined) return [{ service, text: `${service} is not in the graph` }];
  const first = { service, ms: status.sinceMs, text: `${service} ${clauseOf(view, service, status)}` };
  return [first, ...causesOf(view, service, status, seen)];
}

/** Where it is and since when, with its immediate cause. */
function clauseOf({ picture, nowMs }: View, service: string, status: ServiceStatus): string {
  const age = formatDuration(Math.max(0, nowMs - status.sinceMs));
  const instance = status.attempt > 1 ? `, instance ${status.attempt}` : '';
  switch (status.state) {
    case 'pending':
      return status.waitingFor.length === 0
        ? `is pending, for ${age}`
        : `is pending, for ${age}: waits for ${status.waitingFor.map((one) => waited(picture, one)).join(', ')}`;
    case 'starting': {
      const note = noteOf(picture, service, status.attempt);
      return `is starting, for ${age}${instance}${note === undefined ? '' : `: ${note}`}`;
    }
    case 'ready': {
      const unhealthy = status.unhealthy === undefined ? '' : `, but unhealthy: ${status.unhealthy.detail}`;
      return `is ready, for ${age}${instance} (${status.evidence})${unhealthy}`;
    }
    case 'stopping':
      return `is stopping, for ${age}: ${status.reason}`;
    case 'cleaning':
      return `has ended and is cleaned up after, for ${age}`;
    case 'backoff':
      return `${status.cause}; ${ordinal(status.failures)} failure in a row`;
    case 'stopped':
      return `was stopped ${age} ago${reasonOf(picture, service)}`;
    case 'completed':
      return `completed ${age} ago`;
    case 'failed':
      return `failed ${age} ago: ${status.cause}`;
    case 'skipped':
      return `was skipped ${age} ago: ${status.because}`;
  }
}

function waited(picture: Picture, { service, condition, why, stopped_by: stoppedBy }: WaitingFor): string {
  // Where it was when that was told may be long ago.
  const where = stoppedBy === undefined ? (picture.status.services.get(service)?.state ?? why) : why;
  return `${service} to be ${condition} (${where})`;
}

/** Who stopped it, or what it lost. */
function reasonOf(picture: Picture, service: string): string {
  const wanted = picture.service(service)?.wanted;
  if (wanted?.want === 'down' && wanted.reason !== undefined) return `: ${wanted.reason}`;
  if (wanted?.by === 'shutdown') return ': everything goes down';
  const stopping = picture.last(service, 'service.stopping');
  return stopping === undefined ? '' : `: ${stopping.reason}`;
}

/** What was noted of this instance last: who holds its port, say. */
function noteOf(picture: Picture, service: string, attempt: number): string | undefined {
  const note = picture.last(service, 'service.note');
  return note !== undefined && note.attempt === attempt ? note.text : undefined;
}

function causesOf(view: View, service: string, status: ServiceStatus, seen: Set<string>): readonly WhyLink[] {
  const { picture, lastLine } = view;
  switch (status.state) {
    case 'pending':
      return inOrder(picture, status.waitingFor).flatMap((one) => chainOf(view, one.service, seen));
    case 'backoff':
    case 'failed': {
      const { attempt, sinceMs } = status;
      const checks = picture.last(service, 'service.unhealthy');
      const line =
        (status.state === 'failed' ? status.output.at(-1) : undefined) ?? lastLine(service, attempt);
      return [
        ...(checks?.attempt === attempt
          ? [{ service, ms: checks.ms, text: `its checks failed: ${checks.detail}` }]
          : []),
        ...(line === undefined ? [] : [{ service, ms: sinceMs, text: `its last line: ${line}` }]),
      ];
    }
    case 'stopped':
    case 'skipped': {
      const last = picture.last(service, status.state === 'stopped' ? 'service.stopped' : 'service.skipped');
      const due = last?.due_to;
      const along = picture.service(service)?.wanted.along ?? [];
      return [...(due === undefined ? [] : [due]), ...along].flatMap((one) => chainOf(view, one, seen));
    }
    default:
      return [];
  }
}

/** What can't hold goes first, then what somebody stopped, what is failing, and what only takes its time. */
function inOrder(picture: Picture, waitingFor: readonly WaitingFor[]): readonly WaitingFor[] {
  const rank = ({ service }: WaitingFor): number => {
    const state = picture.status.services.get(service)?.state ?? 'failed';
    return ['failed', 'skipped', 'stopped', 'backoff'].indexOf(state) + 1 || 9;
  };
  return [...waitingFor].sort((a, b) => rank(a) - rank(b));
}

function nextOf({ picture, nowMs }: View, service: string, status: ServiceStatus): Next {
  if (picture.status.shutdown !== undefined) return { text: 'everything goes down' };
  const inMs = (atMs: number): string => formatDuration(Math.max(0, atMs - nowMs));
  switch (status.state) {
    case 'pending':
      return { text: `it starts when ${status.waitingFor.length === 0 ? 'its turn comes' : 'they are'}` };
    case 'starting':
      return { text: 'it is ready when its condition holds' };
    case 'ready':
      return { text: 'nothing, as long as nothing happens to it' };
    case 'stopping':
      return { text: `it is killed in ${inMs(status.deadlineMs)}`, at_ms: status.deadlineMs };
    case 'cleaning':
      return { text: 'it comes to rest, or starts again, when its clean-ups have ended' };
    case 'backoff': {
      const restarts = picture.last(service, 'service.backoff')?.restarts;
      const left = restarts === undefined ? '' : `, restart ${restarts.used} of ${restarts.max}`;
      return { text: `it starts again in ${inMs(status.untilMs)}${left}`, at_ms: status.untilMs };
    }
    case 'stopped': {
      const along = picture.service(service)?.wanted.along ?? [];
      if (along.length > 0) return { text: `it comes back with ${along.join(', ')}` };
      return { text: 'nothing, until somebody starts it' };
    }
    case 'skipped':
      return { text: 'it starts when what it needs can be had' };
    case 'completed':
    case 'failed':
      return { text: 'nothing, until somebody starts it' };
  }
}

function commandsOf(picture: Picture, service: string, status: ServiceStatus): Commands {
  const orderly = (why: string, ...argv: readonly string[]) => ({ argv: ['orderly', ...argv], why });
  switch (status.state) {
    case 'pending': {
      const down = inOrder(picture, status.waitingFor).filter(({ service: one }) =>
        ['stopped', 'failed'].includes(picture.status.services.get(one)?.state ?? ''),
      );
      return down.map((one) => orderly(`starts what ${service} waits for`, 'start', one.service));
    }
    case 'starting':
      return [orderly('shows what it writes', 'logs', service)];
    case 'backoff':
      return [orderly('starts it now', 'start', service), orderly('shows what it wrote', 'logs', service)];
    case 'stopping':
      return [orderly('ends the waiting', 'signal', service, 'KILL')];
    case 'stopped':
    case 'completed':
      return [orderly('starts it', 'start', service)];
    case 'failed': {
      const advice = picture.last(service, 'service.failed')?.advice;
      return [orderly(advice ?? 'starts it again', 'start', service)];
    }
    case 'skipped': {
      const root = picture.last(service, 'service.skipped')?.due_to;
      return root === undefined ? [] : [orderly('starts what it needs', 'start', root)];
    }
    default:
      return [];
  }
}

function ordinal(count: number): string {
  const tens = count % 100;
  const ones = tens >= 11 && tens <= 13 ? 0 : count % 10;
  return `${count}${['th', 'st', 'nd', 'rd'][ones] ?? 'th'}`;
}
