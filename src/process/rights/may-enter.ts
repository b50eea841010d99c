/**
 * Whether somebody else may enter a folder: asked of the system as that user, since permissions have more to them than
 * bits (ACLs, file systems closed to root). For `check`; a start finds out itself.
 */
import type { Rights } from '../ports.ts';
import { askProgram } from './ask-program.ts';

/** True where it can't be asked. Never rejects. */
export async function mayEnter({ before, script, ids }: Rights, folder: string): Promise<boolean> {
  if (script === undefined) return true;
  const [program = '', ...args] = [...before, '/bin/sh', '-c', '[ -x "$1/." ] || exit 9', 'sh', folder];
  return (await askProgram(program, args, { cwd: '/', ...ids })).code !== 9;
}
