/**
 * Who is being waited for, for how long, and until when: one line while starting, one while stopping.
 *
 * Pure. Only those are named that can be blamed: who waits for others is a number.
 */
import { formatDuration } from '../../events/format-duration.ts';
import { isActive, type RunStatus, type ServiceStatus } from '../../events/status.ts';

/** The line for a run at `nowMs` (on the scale of `ms`); undefined when nobody is waited for. */
export function waitingLine(status: RunStatus, nowMs: number): string | undefined {
  return status.shutdown === undefined ? startingLine(status, nowMs) : stoppingLine(status, nowMs);
}

function startingLine(status: RunStatus, nowMs: number): string | undefined {
  const named: string[] = [];
  let others = 0;
  for (const [service, it] of status.services) {
    if (it.state === 'starting') named.push(`${service} (${formatDuration(nowMs - it.sinceMs)})`);
    if (it.state === 'backoff') named.push(`${service} (restarts in ${formatDuration(it.untilMs - nowMs)})`);
    if (it.state === 'pending') others++;
  }
  return sentence('still starting', named, others);
}

function stoppingLine(status: RunStatus, nowMs: number): string | undefined {
  const named: string[] = [];
  let others = 0;
  for (const [service, it] of status.services) {
    const why = stopWait(it, nowMs);
    if (why !== undefined) named.push(`${service} (${why})`);
    else if (isActive(it)) others++;
  }
  return sentence('waiting for', named, others);
}

function stopWait(it: ServiceStatus, nowMs: number): string | undefined {
  const age = formatDuration(nowMs - it.sinceMs);
  if (it.state === 'cleaning') return `cleaning up, ${age}`;
  if (it.state !== 'stopping') return undefined;
  const left = it.deadlineMs - nowMs;
  return left > 0 ? `${age}, killed in ${formatDuration(left)}` : `${age}, being killed`;
}

function sentence(verb: string, named: readonly string[], others: number): string | undefined {
  if (named.length === 0) return undefined;
  return `${verb} ${named.join(', ')}${others === 0 ? '' : `; ${others} more after that`}`;
}
