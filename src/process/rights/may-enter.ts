/**
 * Whether somebody else may enter a folder: asked of the system as that user, since permissions have more to them than
 * bits (ACLs, file systems closed to root). For `check`; a start finds out itself.
 */
import { execFile } from 'node:child_process';
import { ownChild } from '../orphans/own-children.ts';
import type { Rights } from '../ports.ts';

const PATIENCE_MS = 5_000;

/** True where it can't be asked. Never rejects. */
export function mayEnter({ before, script, ids }: Rights, folder: string): Promise<boolean> {
  if (script === undefined) return Promise.resolve(true);
  const [program = '', ...args] = [...before, '/bin/sh', '-c', '[ -x "$1/." ] || exit 9', 'sh', folder];
  const options = { cwd: '/', timeout: PATIENCE_MS, killSignal: 'SIGKILL' as const, ...ids };
  return new Promise((resolve) => {
    try {
      const child = execFile(program, args, options, (error) => resolve(error?.code !== 9));
      ownChild(child);
    } catch {
      // No memory for another process, or the like.
      resolve(true);
    }
  });
}
