/**
 * Asks a helper program a question: what it writes, if it answers in time. Whatever becomes of it, the wait has an end:
 * one that can't be killed, or that leaves its output to others, is left alone.
 */
import { type ExecFileOptions, execFile } from 'node:child_process';
import { ownChild } from '../own-children.ts';
import type { Rights } from '../rights-ports.ts';

const PATIENCE_MS = 5_000;
/** A kill takes no longer, where it does anything. */
const KILL_MS = 250;

export interface ProgramAnswer {
  /** Undefined: it was ended, could not be started, or is waited for no longer. */
  readonly code: number | undefined;
  readonly stdout: string;
}

const none: ProgramAnswer = { code: undefined, stdout: '' };

/** Never rejects. */
export function askProgram(
  program: string,
  args: readonly string[],
  options: ExecFileOptions = {},
  patienceMs = PATIENCE_MS,
): Promise<ProgramAnswer> {
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => resolve(none), patienceMs + KILL_MS);
    const limits = { timeout: patienceMs, killSignal: 'SIGKILL', encoding: 'utf8' } as const;
    try {
      const child = execFile(program, args, { ...options, ...limits }, (error, stdout) => {
        clearTimeout(giveUp);
        const code = error === null ? 0 : error.code;
        resolve({ code: typeof code === 'number' ? code : undefined, stdout });
      });
      ownChild(child);
    } catch {
      // No memory for another process, or the like.
      clearTimeout(giveUp);
      resolve(none);
    }
  });
}

// Whether somebody else may enter a folder: asked of the system as that user, since permissions have more to them than
// bits (ACLs, file systems closed to root). For `check`; a start finds out itself.

/** True where it can't be asked. Never rejects. */
export async function mayEnter({ before, script, ids }: Rights, folder: string): Promise<boolean> {
  if (script === undefined) return true;
  const [program = '', ...args] = [...before, '/bin/sh', '-c', '[ -x "$1/." ] || exit 9', 'sh', folder];
  return (await askProgram(program, args, { cwd: '/', ...ids })).code !== 9;
}
