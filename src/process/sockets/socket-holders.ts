/**
 * Which processes hold a socket: the links in `/proc/<pid>/fd` (proc(5)).
 *
 * Processes of other users don't show theirs, nor do those that gained privileges when they were executed.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { findTool } from '../rights/rights-tools.ts';
import { createSlices } from '../slices.ts';
import { readGroup, readUsers } from '../tree/proc/process-file.ts';
import { spawnAs } from '../tree/signals/by-user.ts';
import { ownSignalRights } from '../tree/signals/own-rights.ts';
import { sendSignal } from '../tree/signals/send-signal.ts';

/** `hidden`: it is alive, and doesn't show. */
export type Holding = 'yes' | 'no' | 'hidden';

export function holdsSocket(pid: number, inodes: ReadonlySet<string>): Holding {
  return showsSocket(pid, inodes).holding;
}

/** What a process shows; `link`: the first one to one of the sockets. */
export type Showing =
  | { readonly holding: 'yes'; readonly link: string }
  | { readonly holding: 'no' | 'hidden' };

export function showsSocket(pid: number, inodes: ReadonlySet<string>): Showing {
  const folder = `/proc/${pid}/fd`;
  try {
    const fd = readdirSync(folder).find((name) => isLinkTo(`${folder}/${name}`, inodes));
    return fd === undefined ? { holding: 'no' } : { holding: 'yes', link: `${folder}/${fd}` };
  } catch (error) {
    if (isEnded(error)) return { holding: 'no' };
    if (isForbidden(error)) return { holding: hasMemory(pid) ? 'hidden' : 'no' };
    throw error;
  }
}

/** The sockets that a process has open, by their inodes; `hidden`: it is alive, and doesn't show. */
export function heldSockets(pid: number): readonly string[] | 'hidden' {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((name) => inodeAt(`${folder}/${name}`) ?? []);
  } catch (error) {
    if (isEnded(error)) return [];
    if (isForbidden(error)) return hasMemory(pid) ? 'hidden' : [];
    throw error;
  }
}

/** Whether a link that was shown still leads to one of these sockets; false where it isn't to be seen any more. */
export function stillShows(link: string, inodes: ReadonlySet<string>): boolean {
  try {
    return isLinkTo(link, inodes);
  } catch (error) {
    if (isForbidden(error)) return false;
    throw error;
  }
}

/** A process that holds one of the sockets; undefined if none shows that it does. `first` is looked at first. */
export async function findHolder(
  inodes: ReadonlySet<string>,
  first: number | undefined,
): Promise<number | undefined> {
  if (first !== undefined && holdsSocket(first, inodes) === 'yes') return first;
  const slice = createSlices();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (pid > 0 && holdsSocket(pid, inodes) === 'yes') return pid;
    await slice();
  }
  return undefined;
}

function isLinkTo(path: string, inodes: ReadonlySet<string>): boolean {
  const inode = inodeAt(path);
  return inode !== undefined && inodes.has(inode);
}

/** Undefined: it is no socket. */
function inodeAt(path: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1];
  } catch (error) {
    // Closed meanwhile.
    if (isEnded(error)) return undefined;
    throw error;
  }
}

/** One that is ending loses its memory first, and from then on shows its descriptors to nobody. */
function hasMemory(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`).length > 0;
  } catch (error) {
    if (isEnded(error) || isForbidden(error)) return false;
    throw error;
  }
}

function isEnded(error: unknown): boolean {
  return ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function isForbidden(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
}

// Which processes of a user hold a socket, as a process of that user sees it: for root without CAP_SYS_PTRACE, to whom
// they don't show it.

/** It is mostly done in 5 ms; its user may have stopped it. */
const PATIENCE_MS = 1000;

/**
 * Their pids; empty: none shows it, or nobody can be asked; `unanswered`: who was asked did not say all of it, or not in time. Never rejects.
 *
 * A process shows what it has to one of its own user and group only, and a user may have processes of several groups.
 */
export async function holdersByUser(
  uid: number,
  inodes: ReadonlySet<string>,
): Promise<readonly number[] | 'unanswered'> {
  const { maySetUser, maySetGroup } = ownSignalRights();
  const ls = maySetUser ? findTool('ls', undefined) : undefined;
  if (ls === undefined) return [];
  const byGroup = groupBy(processesOf(uid), maySetGroup);
  const asked = [...byGroup].map(([gid, pids]) =>
    askHolders({ uid, ...(gid !== undefined && { gid }) }, ls, pids),
  );
  const texts = await Promise.all(asked);
  if (texts.some((text) => text === undefined)) return 'unanswered';
  return texts.flatMap((text) => parseHolders(text ?? '', inodes));
}

/** By their groups, or all as one where we can be of none but our own; what has ended meanwhile has none. */
function groupBy(
  pids: readonly number[],
  maySetGroup: boolean,
): ReadonlyMap<number | undefined, readonly number[]> {
  if (!maySetGroup) return pids.length === 0 ? new Map() : new Map([[undefined, pids]]);
  const groups = new Map<number, number[]>();
  for (const pid of pids) {
    const gid = readGroup(pid);
    if (gid !== undefined) groups.set(gid, [...(groups.get(gid) ?? []), pid]);
  }
  return groups;
}

const OWN_FOLDER = '/proc/self/fd';

/** What `ls -n` says of their descriptors; undefined: it did not say its own, which it shows itself in any case. */
function askHolders(
  ids: { readonly uid: number; readonly gid?: number },
  ls: string,
  pids: readonly number[],
): Promise<string | undefined> {
  // Its own last, as it sorts them: then it has come to the end. By numbers, since names may have to be asked for over a network.
  const folders = [...pids.map((pid) => `/proc/${pid}/fd`), OWN_FOLDER];
  const child = spawnAs(ids, [ls, '-n', ...folders], 'pipe');
  if (child === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    let text = '';
    const end = (): void => {
      clearTimeout(patience);
      resolve(text.split('\n').includes(`${OWN_FOLDER}:`) ? text : undefined);
    };
    const patience = setTimeout(() => {
      if (child.pid !== undefined) sendSignal(child.pid, 'SIGKILL');
      child.stdout?.destroy();
      end();
    }, PATIENCE_MS);
    child.stdout?.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
    });
    child.once('error', end);
    child.once('close', end);
  });
}

/** Of what `ls -n` says of several folders. Pure. */
export function parseHolders(text: string, inodes: ReadonlySet<string>): readonly number[] {
  const holders = new Set<number>();
  let pid = 0;
  for (const line of text.split('\n')) {
    const folder = /^\/proc\/(\w+)\/fd:$/.exec(line)?.[1];
    if (folder !== undefined) pid = Number(folder) || 0;
    const inode = / -> socket:\[(\d+)\]$/.exec(line)?.[1];
    if (pid > 0 && inode !== undefined && inodes.has(inode)) holders.add(pid);
  }
  return [...holders];
}

function processesOf(uid: number): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && readUsers(pid)[0] === uid);
}
