/**
 * What a person is told about locks and about what dead runs left. Pure.
 */
import { formatDuration } from '../../events/format-duration.ts';
import type { Leftover } from './dead-run-members.ts';
import type { FoundClaim } from './read-claims.ts';
import type { Removed } from './remove-leftovers.ts';

/** Why nothing is started, who is in the way, and what to do. */
export function takenSentence({ identity, header, running }: FoundClaim): string {
  const { pid } = identity;
  const since = header === undefined ? '' : `, since ${header.since}, from ${JSON.stringify(header.file)}`;
  const deed = running ? 'this project is running already' : 'this project is being started already';
  return (
    `Cannot start: ${deed} (pid ${pid}${since}); ` +
    `stop that one first (kill ${pid}), or run this one beside it with --project NAME`
  );
}

/** Undefined: there was nothing to remove, and nothing unfinished. */
export function leftoverNote({ identity, requests, removed, left, why }: Removed): string | undefined {
  const unsettled = requests.map(({ request, kind, names }) => [kind, ...names, `(${request})`].join(' '));
  const during = unsettled.length === 0 ? '' : ` in the middle of ${unsettled.join(', ')}`;
  const dead = `an earlier run (pid ${identity.pid}) was killed${during}`;
  const gone = removed.length === 0 ? '' : `; removed what it had left: ${list(removed)}`;
  const mute = why === undefined ? '' : `, which may not be signalled (${why})`;
  const stays = left.length === 0 ? '' : `; cannot remove ${list(left)}${mute}: stop what is left yourself`;
  return during === '' && gone === '' && stays === '' ? undefined : `${dead}${gone}${stays}`;
}

/**
 * Why nothing is started: something of a service that no kill ends, and another instance beside it could destroy what
 * both use. Undefined: there is nothing like that.
 */
export function stuckSentence(results: readonly Removed[]): string | undefined {
  const stuck = results.flatMap(({ left }) => left.filter(({ service }) => service !== ''));
  if (stuck.length === 0) return undefined;
  return (
    `Cannot start: what an earlier run left of ${list(stuck)} outlived SIGKILL, and another instance beside it could ` +
    'destroy what both use; see what it waits for and end it, or run this one all the same with --project NAME'
  );
}

/** `folders`: where it was tried. */
export function noFolderNote(folders: readonly string[]): string {
  return (
    `cannot write to ${folders.join(', ')}: a second start of this project would not be noticed; ` +
    'set XDG_RUNTIME_DIR to a folder of your own'
  );
}

/** `how`: what became of it, a clause. */
export function guardianNote(pid: number, how: string, next: 'replace' | 'give-up'): string {
  const guardian = `the guardian (pid ${pid}), which kills the services should orderly be killed, ${how}`;
  if (next === 'replace') return `${guardian}: another has taken its place`;
  return (
    `${guardian}, as ${MOST_ENDS - 1} others within ${formatDuration(WINDOW_MS)}: no other is started; ` +
    'should orderly be killed with SIGKILL now, what it leaves runs on until the next "orderly up" removes it'
  );
}

function list(leftovers: readonly Leftover[]): string {
  const services = new Map<string, number[]>();
  for (const { service, pid } of leftovers) services.set(service, [...(services.get(service) ?? []), pid]);
  return [...services]
    .map(([service, pids]) => {
      const numbers = `${pids.length === 1 ? 'pid' : 'pids'} ${pids.sort((a, b) => a - b).join(', ')}`;
      return `${service === '' ? 'of no service' : service} (${numbers})`;
    })
    .join(', ');
}

// Whether a guardian that has ended, or was stopped, is replaced. Pure.
//
// Who ends it again and again means it, or nothing can live here: then the services run without one, and that is said.

export const MOST_ENDS = 5;
export const WINDOW_MS = 60_000;

type GuardianDecision =
  | { readonly kind: 'replace'; readonly endsMs: readonly number[] }
  | { readonly kind: 'give-up' };

/** `endsMs`: when those before it ended, as the last decision gave them. */
export function decideGuardian(endsMs: readonly number[], nowMs: number): GuardianDecision {
  const recent = [...endsMs.filter((atMs) => atMs > nowMs - WINDOW_MS), nowMs];
  return recent.length < MOST_ENDS ? { kind: 'replace', endsMs: recent } : { kind: 'give-up' };
}
