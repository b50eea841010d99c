/**
 * Why a service is where it is: the chain of causes to its root, what comes next, and what would help. Pure.
 *
 * It says nothing that is no event; times are ages at the moment in which it is asked.
 */
import { formatDuration } from '../../events/format-duration.ts';
import { hasInstance } from '../../events/state-table.ts';
import type { ServiceStatus } from '../../events/status.ts';
import type { WhyAnswer, WhyNext } from '../protocol.ts';
import type { Picture } from './picture.ts';
import { chainOf, type Link, missingOf, type View } from './why-chain.ts';
import { inOrder, listOf } from './why-clause.ts';

type Why = Pick<WhyAnswer, 'chain' | 'next' | 'commands' | 'text'>;
type Commands = WhyAnswer['commands'];

/** Undefined: there is no such service. */
export function explain(view: View, service: string): Why | undefined {
  const { picture } = view;
  const status = picture.status.services.get(service);
  if (status === undefined) return undefined;
  const chain = chainOf(view, service);
  const next = nextOf(view, service, status);
  const commands = commandsOf(picture, service, status).filter((one) => mayBeAsked(picture, one));
  const help = commands.map(({ argv, why }) => `try: ${argv.join(' ')} (${why})`);
  const lines = [
    ...linesOf(chain),
    `next: ${next.text}${next.afterwards === undefined ? '' : `; then ${next.afterwards}`}`,
    ...(help.length === 0 ? ['nothing is needed'] : help),
  ];
  return { chain: chain.map(({ depth: _, ...link }) => link), next, commands, text: lines.join('\n') };
}

/** What is on its way out of the graph is not started any more. */
function mayBeAsked({ requests }: Picture, { argv: [, deed, name = ''] }: Commands[number]): boolean {
  return (deed !== 'start' && deed !== 'restart') || requests.removing(name) === undefined;
}

/** What a person reads of a longer one: its beginning, and its end. */
const MOST_LINES = 30;

function linesOf(chain: readonly Link[]): readonly string[] {
  const lines = chain.map(({ text, depth }) => `${'  '.repeat(Math.min(depth, MOST_LINES))}${text}`);
  if (lines.length <= MOST_LINES) return lines;
  const half = MOST_LINES / 2;
  return [...lines.slice(0, half), `… ${lines.length - MOST_LINES} more …`, ...lines.slice(-half)];
}

function nextOf({ picture, nowMs }: View, service: string, status: ServiceStatus): WhyNext {
  const isWanted = picture.service(service)?.wanted.want === 'up';
  const inMs = (atMs: number): string => formatDuration(Math.max(0, atMs - nowMs));
  const removing = picture.requests.removing(service);
  const rests = removing === undefined ? 'it is at rest' : `${removing} removes it`;
  const after = isWanted ? 'it starts again' : rests;
  switch (status.state) {
    case 'stopping':
      return {
        text: `it is killed in ${inMs(status.deadlineMs)} if it has not ended`,
        at_ms: status.deadlineMs,
        afterwards: after,
      };
    case 'cleaning':
      return { ...when('its clean-ups have ended'), afterwards: after };
  }
  if (picture.status.shutdown !== undefined) return { text: 'everything goes down' };
  switch (status.state) {
    case 'pending':
      return when(
        status.waitingFor.length === 0
          ? 'its turn comes'
          : listOf(inOrder(picture, status.waitingFor).map((one) => `${one.service} is ${one.condition}`)),
        'it starts',
      );
    case 'starting':
      return when('its condition holds', 'it is ready');
    case 'ready':
      return { text: 'nothing, as long as nothing happens to it' };
    case 'backoff': {
      const restarts = picture.last(service, 'service.backoff')?.restarts;
      const count = restarts === undefined ? '' : `, restart ${restarts.used} of ${restarts.max}`;
      const leaving = leavingWith(picture, service);
      if (leaving.length > 0) {
        const gone = when(`${listOf(leaving)} ${isOrAre(leaving)} gone`, 'it starts again');
        return { ...gone, text: `${gone.text}, in ${inMs(status.untilMs)} at the earliest${count}` };
      }
      return { text: `it starts again in ${inMs(status.untilMs)}${count}`, at_ms: status.untilMs };
    }
    default:
      return nextOfRest(picture, service, status);
  }
}

function nextOfRest(picture: Picture, service: string, { state }: ServiceStatus): WhyNext {
  const removing = picture.requests.removing(service);
  if (removing !== undefined) return when(`what ${removing} takes down is gone`, 'it leaves the graph');
  const wanted = picture.asked(service);
  const isOpen = wanted?.want === 'up' && wanted.open;
  if (isOpen && (state === 'skipped' || state === 'stopped')) {
    const due = dueOf(picture, service, state);
    const lost = due === undefined ? missingOf(picture, service) : [due];
    const condition =
      lost.length === 0 ? 'what it needs can be had' : `${listOf(lost)} ${isOrAre(lost)} back`;
    return when(condition, 'it starts');
  }
  const along = wanted?.want === 'down' ? (wanted.along ?? []) : [];
  if (along.length > 0) return when(`${listOf(along)} ${isOrAre(along)} started`, 'it starts');
  return { text: 'nothing, until somebody starts it' };
}

function dueOf(picture: Picture, service: string, state: ServiceStatus['state']): string | undefined {
  const last = picture.last(service, state === 'skipped' ? 'service.skipped' : 'service.stopped');
  const due = state === 'skipped' || state === 'stopped' ? last?.due_to : undefined;
  return due !== undefined && picture.status.services.has(due) ? due : undefined;
}

/** What goes because it lost that service, which has no new instance before that. */
function leavingWith(picture: Picture, service: string): readonly string[] {
  return picture.dependents(service).filter((name) => {
    const state = picture.status.services.get(name)?.state;
    return (
      state !== undefined &&
      hasInstance(state) &&
      picture
        .dependencies(name)
        .some((edge) => edge.service === service && edge.on_loss !== undefined && (edge.after_ms ?? 0) === 0)
    );
  });
}

function isOrAre(names: readonly string[]): string {
  return names.length === 1 ? 'is' : 'are';
}

function when(condition: string, what?: string): WhyNext {
  return { text: what === undefined ? `when ${condition}` : `${what} when ${condition}`, when: condition };
}

/** Only what would not be refused now. */
function commandsOf(picture: Picture, service: string, status: ServiceStatus): Commands {
  const isEnding = picture.status.shutdown !== undefined;
  if (status.state === 'stopping') return endings(service, status, isEnding);
  if (isEnding) return [];
  switch (status.state) {
    case 'pending':
      return helpForPending(picture, service, status);
    case 'starting':
      return [orderly('shows what it writes', 'logs', service)];
    case 'ready':
      return status.unhealthy === undefined
        ? []
        : [
            orderly('shows what it writes', 'logs', service),
            orderly('gives it a new instance', 'restart', service),
          ];
    case 'cleaning':
      return [];
    case 'backoff':
      return [orderly('starts it now', 'start', service), orderly('shows what it wrote', 'logs', service)];
    case 'stopped': {
      const along = picture.asked(service)?.along ?? [];
      return [
        ...along.slice(0, 1).map((one) => orderly('starts what it went along with', 'start', one)),
        orderly('starts it', 'start', service),
      ];
    }
    case 'completed':
      return [orderly('starts it again', 'start', service)];
    case 'failed': {
      const advice = picture.last(service, 'service.failed')?.advice;
      return [orderly(advice ?? 'starts it again', 'start', service)];
    }
    case 'skipped': {
      const root = dueOf(picture, service, 'skipped');
      return root === undefined
        ? [orderly('starts it, with what it needs', 'start', service)]
        : [orderly('starts what it needs', 'start', root)];
    }
  }
}

function endings(
  service: string,
  { pid }: ServiceStatus & { readonly state: 'stopping' },
  isEnding: boolean,
): Commands {
  if (isEnding) return [orderly('kills what has not ended', 'down', '--now')];
  // What has no main process can't be signalled.
  if (pid === undefined) return [];
  return [orderly('ends the waiting', 'signal', service, 'KILL')];
}

function helpForPending(
  picture: Picture,
  service: string,
  { waitingFor }: ServiceStatus & { readonly state: 'pending' },
): Commands {
  if (waitingFor.length === 0) return [orderly('shows what takes its turn', 'ps')];
  const ordered = inOrder(picture, waitingFor);
  const absent = ordered.filter((one) => one.why === 'no replica');
  const down = ordered.filter((one) => DOWN.has(picture.status.services.get(one.service)?.state ?? ''));
  const first = ordered[0]!.service;
  if (absent.length > 0) return absent.map((one) => orderly('gives it one', 'scale', `${one.service}=1`));
  if (down.length === 0) return [orderly('tells of that one', 'why', first)];
  return down.slice(0, 1).map((one) => orderly(`starts what ${service} waits for`, 'start', one.service));
}

const DOWN: ReadonlySet<string> = new Set(['stopped', 'failed', 'skipped', 'completed']);

function orderly(why: string, ...argv: readonly string[]): Commands[number] {
  return { argv: ['orderly', ...argv], why };
}
