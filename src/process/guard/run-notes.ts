/**
 * What a person is told about claims and about what dead runs left. Pure.
 */
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

/** `how` it ended, a clause. */
export function helperNote(pid: number, how: string): string {
  return (
    `the helper (pid ${pid}), which starts the services and is their guardian, ${how}: ` +
    'what it had started ends with it, and orderly does its work from here on'
  );
}
