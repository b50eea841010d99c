/**
 * The chain of causes of where a service is: from itself, through what it waits for, to the root. Pure.
 *
 * What was told once is not told again, so that it ends whatever leads to what.
 */

import { describeCause, describeExit } from '../../events/describe.ts';
import { exitOf } from '../../events/exit-fact.ts';
import { isRest } from '../../events/state-table.ts';
import type { ServiceStatus } from '../../events/status.ts';
import type { WhyLink } from '../protocol.ts';
import type { Picture } from './picture.ts';
import { ago, clauseOf, inOrder, listOf, MOST_TOLD } from './why-clause.ts';

/** What it is told from. */
export interface View {
  readonly picture: Picture;
  readonly nowMs: number;
  /** The last line that this instance of a service wrote. */
  readonly lastLine: (service: string, attempt: number) => string | undefined;
}

/** `depth`: how far it is from the service that was asked for. */
export type Link = WhyLink & { readonly depth: number };

/** The first is the service itself. */
export function chainOf(view: View, service: string): readonly Link[] {
  const chain: Link[] = [];
  const told = new Set<string>();
  const ahead: { readonly service: string; readonly depth: number }[] = [{ service, depth: 0 }];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const { service: one, depth } = next;
    if (told.has(one)) continue;
    told.add(one);
    const status = view.picture.status.services.get(one);
    if (status === undefined) {
      chain.push({ ...absentLink(view, one), depth });
      continue;
    }
    chain.push({ ...stateLink(view, one, status, depth === 0), depth });
    for (const link of ownLinks(view, one, status)) chain.push({ ...link, depth: depth + 1 });
    const causes = causesOf(view.picture, one, status).slice(0, MOST_TOLD);
    for (const cause of causes.toReversed()) ahead.push({ service: cause, depth: depth + 1 });
  }
  return chain;
}

function absentLink({ picture, nowMs }: View, service: string): WhyLink {
  const removal = picture.removal(service);
  if (removal === undefined)
    return { kind: 'missing', service, text: `${service} has no replica`, ms: nowMs, seq: picture.seq };
  const { request, ms, seq } = removal;
  const text = `${service} left the graph ${ago(nowMs, ms)}: request ${request} removed it`;
  return { kind: 'missing', service, text, ms, seq };
}

/** Where it is and since when, with its immediate cause; of the one that was asked for also which requests go on. */
function stateLink(view: View, service: string, status: ServiceStatus, isFirst: boolean): WhyLink {
  const { picture } = view;
  const parts = [`${service} ${clauseOf(view.picture, view.nowMs, service, status)}`];
  if (isFirst) {
    const wanted = picture.asked(service);
    const isLeaving =
      status.state === 'stopping' || status.state === 'cleaning' || status.state === 'stopped';
    if (wanted?.want === 'down' && !isLeaving)
      parts.push(`it is not wanted any more: ${wanted.reason ?? wanted.by}`);
    for (const { request, kind, waits } of picture.requests.openOf(service, statusIn(picture)))
      parts.push(
        `${request} (${kind}) ${waits.length === 0 ? 'is not settled yet' : `still waits for ${listOf(waits)}`}`,
      );
  }
  const text = parts.join('; ');
  return { kind: 'state', service, text, ms: status.sinceMs, seq: picture.movedSeq(service) };
}

/** What is known of it besides: how its instance ended, what it wrote last, who asked. */
function ownLinks(view: View, service: string, status: ServiceStatus): readonly WhyLink[] {
  const { picture } = view;
  switch (status.state) {
    case 'pending':
      return status.waitingFor.length === 0 ? noteLinks(picture, service, status) : [];
    case 'starting':
      return [...noteLinks(picture, service, status), ...lineLinks(view, service, status)];
    case 'ready':
      return [...healthLinks(picture, service, status), ...noteLinks(picture, service, status)];
    case 'stopping':
      return rootLinks(view, service);
    case 'cleaning':
      return [...exitLinks(picture, service, status), ...rootLinks(view, service)];
    case 'backoff':
      return [...healthLinks(picture, service, status), ...lineLinks(view, service, status)];
    case 'stopped':
      return [...exitLinks(picture, service, status), ...rootLinks(view, service)];
    case 'completed':
      return exitLinks(picture, service, status);
    case 'failed':
      return [...healthLinks(picture, service, status), ...lineLinks(view, service, status)];
    case 'skipped':
      return [];
  }
}

/** What was noted of it last, since it is there: who holds its port, say. */
function noteLinks(picture: Picture, service: string, { attempt }: ServiceStatus): readonly WhyLink[] {
  const note = picture.last(service, 'service.note');
  if (note === undefined || note.attempt !== attempt) return [];
  return [{ kind: 'note', service, text: `${service}: ${note.text}`, ms: note.ms, seq: note.seq }];
}

function healthLinks(picture: Picture, service: string, status: ServiceStatus): readonly WhyLink[] {
  const found = picture.last(service, 'service.unhealthy');
  const isOver = status.state === 'ready' && status.unhealthy === undefined;
  if (found === undefined || found.attempt !== status.attempt || isOver) return [];
  const { detail, ms, seq } = found;
  return [{ kind: 'health', service, text: `it is unhealthy: ${detail}`, ms, seq }];
}

function exitLinks(picture: Picture, service: string, { attempt }: ServiceStatus): readonly WhyLink[] {
  const exited = picture.last(service, 'service.exited');
  if (exited === undefined || exited.attempt !== attempt) return [];
  const asked = exited.asked ? ', having been asked to stop' : '';
  const { ms, seq } = exited;
  return [{ kind: 'exit', service, text: `it ${describeExit(exitOf(exited))}${asked}`, ms, seq }];
}

function lineLinks({ picture, lastLine }: View, service: string, status: ServiceStatus): readonly WhyLink[] {
  const told = status.state === 'failed' ? status.output.at(-1) : undefined;
  const line = told ?? lastLine(service, status.attempt);
  if (line === undefined) return [];
  const text = `its last line: ${line}`;
  return [{ kind: 'output', service, text, ms: status.sinceMs, seq: picture.movedSeq(service) }];
}

/** The request, or the end of everything, by which it is or goes down, or is replaced. */
function rootLinks({ picture, nowMs }: View, service: string): readonly WhyLink[] {
  const wanted = picture.asked(service);
  const isReplaced = picture.requests
    .openOf(service, statusIn(picture))
    .some(({ request }) => request === wanted?.request);
  if (wanted?.request !== undefined && (wanted.want === 'down' || isReplaced)) {
    const found = picture.requests.find(wanted.request);
    if (found !== undefined) {
      const { request, kind, ms, seq, client } = found;
      const from = client === undefined ? '' : ` from ${client}`;
      const text = `request ${request} (${kind}) came ${ago(nowMs, ms)}${from}`;
      return [{ kind: 'request', text, ms, seq }];
    }
  }
  const { shutdown } = picture.status;
  const status = picture.status.services.get(service);
  const isBefore = shutdown !== undefined && status !== undefined && isRest(status.state);
  if (shutdown === undefined || (isBefore && status.sinceMs < shutdown.sinceMs)) return [];
  const text = `everything goes down: ${describeCause(shutdown.cause)}`;
  return [{ kind: 'shutdown', text, ms: shutdown.sinceMs, seq: picture.shutdownSeq }];
}

/** The other services that it is due to, those first that can't come by themselves. */
function causesOf(picture: Picture, service: string, status: ServiceStatus): readonly string[] {
  switch (status.state) {
    case 'pending':
      return inOrder(picture, status.waitingFor).map((one) => one.service);
    case 'failed':
      return dueTo(picture.last(service, 'service.failed')?.due_to);
    case 'stopped': {
      const due = picture.last(service, 'service.stopped')?.due_to;
      const { want, open, along = [] } = picture.asked(service)!;
      if (due !== undefined) return [due, ...along];
      return want === 'up' && open ? missingOf(picture, service) : along;
    }
    case 'skipped': {
      const due = picture.last(service, 'service.skipped')?.due_to;
      return due === undefined ? missingOf(picture, service) : [due];
    }
    default:
      return [];
  }
}

function dueTo(service: string | undefined): readonly string[] {
  return service === undefined ? [] : [service];
}

/** What it needs that is at rest. */
export function missingOf(picture: Picture, service: string): readonly string[] {
  return picture
    .dependencies(service)
    .filter(({ service: one, optional }) => {
      const state = picture.status.services.get(one)?.state;
      return optional !== true && state !== undefined && isRest(state);
    })
    .map((edge) => edge.service);
}

export function statusIn({ status }: Picture): (service: string) => ServiceStatus | undefined {
  return (service) => status.services.get(service);
}
