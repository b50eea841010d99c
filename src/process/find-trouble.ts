/**
 * What this machine lacks for a service to be started: its program, its folder. For `check`; a start finds out itself.
 */
import { findProgram, statOf } from './find-program.ts';

export interface ProgramToStart {
  /** The first word of a command that needs no shell; undefined: a shell script. */
  readonly program: string | undefined;
  readonly cwd: string;
  /** The PATH that the service will have. */
  readonly searchPath: string | undefined;
}

export interface Trouble {
  readonly key: 'command' | 'cwd';
  readonly message: string;
}

export function findTrouble({ program, cwd, searchPath }: ProgramToStart): Trouble[] {
  const folder = statOf(cwd);
  if (folder === undefined) return [{ key: 'cwd', message: `the folder "${cwd}" does not exist` }];
  if (folder !== 'unreachable' && !folder.isDirectory())
    return [{ key: 'cwd', message: `"${cwd}" is not a folder` }];
  const wanted = program ?? '/bin/sh';
  const found = findProgram(wanted, cwd, searchPath);
  if (found.kind === 'found') return [];
  if (found.kind !== 'missing')
    return [{ key: 'command', message: `"${found.path}" ${REASONS[found.kind]}` }];
  const where = found.folders === undefined ? 'does not exist' : 'is not on the PATH';
  return [{ key: 'command', message: `"${wanted}" ${where}` }];
}

const REASONS = {
  folder: 'is a folder',
  'not-executable': 'is not executable',
  'not-a-file': 'is not a program',
  unreachable: 'cannot be reached: permission denied',
} as const;
