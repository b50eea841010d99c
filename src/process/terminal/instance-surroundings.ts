/**
 * What a running process was started with, for a command that is to run beside it: its environment, its folder, its user.
 */
import { readlinkSync } from 'node:fs';
import { CHANNEL_VARIABLES } from '../spawn/service-env.ts';
import { readEnviron, readGroup, readUsers } from '../tree/proc/process-file.ts';
import type { CommandSurroundings } from './run-command.ts';

/** By these it would be taken for one of the service's own processes. */
const MARKS = /^ORDERLY_/;
const OWN: ReadonlySet<string> = new Set(CHANNEL_VARIABLES);

/** Undefined: it has ended, or may not be looked at. */
export function surroundingsOf(pid: number): Required<CommandSurroundings> | undefined {
  const environ = readEnviron(pid)?.text;
  const [uid] = readUsers(pid);
  const gid = readGroup(pid);
  const cwd = folderOf(pid);
  if (environ === undefined || uid === undefined || gid === undefined || cwd === undefined) return undefined;
  const env: NodeJS.ProcessEnv = {};
  for (const entry of environ.split('\0')) {
    const at = entry.indexOf('=');
    const name = entry.slice(0, at);
    if (at > 0 && !MARKS.test(name) && !OWN.has(name)) env[name] = entry.slice(at + 1);
  }
  return { env, cwd, uid, gid };
}

function folderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // It has ended, or is another user's.
    return undefined;
  }
}
