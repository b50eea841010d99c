/**
 * What is being waited for, for how long, why, and until when: one line while starting, one while stopping; and the line that there
 * is nothing to wait for any more.
 *
 * Pure. Only those are named that can be blamed: what waits for others is a number.
 */
import { formatDuration } from '../../events/format-duration.ts';
import { isActive, type RunStatus, type ServiceStatus } from '../../events/status.ts';
import { isUp, startingFor, truncate } from './board.ts';
import type { Message } from './messages.ts';

/** Of one of many: more would hide the others. */
const WHY_CHARACTERS = 200;

/** The line for a run at `nowMs` (on the scale of `ms`); undefined when nobody is waited for. */
export function waitingLine(status: RunStatus, nowMs: number): string | undefined {
  return status.shutdown === undefined ? startingLine(status, nowMs) : stoppingLine(status, nowMs);
}

function startingLine(status: RunStatus, nowMs: number): string | undefined {
  const named: string[] = [];
  let others = 0;
  for (const [service, it] of status.services) {
    if (it.state === 'starting')
      named.push(`${service} (${truncate(startingFor(it, nowMs), WHY_CHARACTERS)})`);
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

/** More would hide each other. */
const ADDRESSES = 4;
const PAGE = /^https?:\/\/[^\s@]+$/;

/** For the moment when the start is over; undefined: not all is up, or nothing that stays so, or it goes without saying. */
export function allReady({ services }: RunStatus, nowMs: number): Message | undefined {
  const wanted = [...services].filter(([, { state, attempt }]) => state !== 'stopped' || attempt > 0);
  if (wanted.length < 2 || !wanted.every(([, it]) => isUp(it))) return undefined;
  if (!wanted.some(([, { state }]) => state === 'ready')) return undefined;
  const where = wanted.flatMap(([service, it]) => {
    const address = addressOf(it);
    return address === undefined ? [] : [`${service} ${address}`];
  });
  const more = where.length > ADDRESSES ? ` and ${where.length - ADDRESSES} more` : '';
  const places = where.length === 0 ? '' : `: ${where.slice(0, ADDRESSES).join(', ')}${more}`;
  return { level: 'good', text: `all ${wanted.length} ready after ${formatDuration(nowMs)}${places}` };
}

/** Where it can be looked at: the address that it told, else what answered when it was asked over HTTP. Never with a password. */
function addressOf(it: ServiceStatus): string | undefined {
  if (it.state !== 'ready') return undefined;
  const told = Object.values(it.values).find((value) => PAGE.test(value));
  if (told !== undefined) return told;
  const asked = /\bhttps?:\/\/[^\s,]+/.exec(it.evidence)?.[0] ?? '';
  // What is asked for readiness is a page for machines.
  return URL.canParse(asked) ? `${new URL(asked).origin}/` : undefined;
}
