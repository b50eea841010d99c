/**
 * Which processes of a user hold a socket, as a process of that user sees it: for root without CAP_SYS_PTRACE, to whom
 * they don't show it.
 */
import { readdirSync } from 'node:fs';
import { findTool } from '../rights/rights-tools.ts';
import { readUsers } from '../tree/proc/process-file.ts';
import { idsOf, spawnAs } from '../tree/signals/by-user.ts';
import { ownSignalRights } from '../tree/signals/own-rights.ts';
import { sendSignal } from '../tree/signals/send-signal.ts';

/** It is mostly done in 5 ms; its user may have stopped it. */
const PATIENCE_MS = 1000;

/** Their pids; empty: none shows it, or nobody can be asked. Never rejects. */
export async function holdersByUser(uid: number, inodes: ReadonlySet<string>): Promise<readonly number[]> {
  const ls = ownSignalRights().maySetUser ? findTool('ls', undefined) : undefined;
  const pids = ls === undefined ? [] : processesOf(uid);
  const [first] = pids;
  if (ls === undefined || first === undefined) return [];
  const folders = ['/proc/self/fd', ...pids.map((pid) => `/proc/${pid}/fd`)];
  const child = spawnAs(idsOf(uid, first), [ls, '-l', ...folders], 'pipe');
  if (child === undefined) return [];
  return new Promise((resolve) => {
    let text = '';
    const end = (): void => {
      clearTimeout(patience);
      resolve(parseHolders(text, inodes));
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

/** Of what `ls -l` says of several folders. Pure. */
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
