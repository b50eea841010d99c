/**
 * What this machine lacks for a service to be started: its program, its folder. For `check`; a start finds out itself.
 */

import { programFoldersNow } from '../files/program-folders.ts';
import { canExec } from './command-argv.ts';
import { findProgram, statOf } from './find-program.ts';

export interface ProgramToStart {
  /** Undefined: not known before it is started. */
  readonly command:
    | { readonly kind: 'exec'; readonly program: string | undefined }
    | { readonly kind: 'shell'; readonly script: string | undefined };
  readonly cwd: string;
  /** The PATH that the service will have; undefined: none. */
  readonly searchPath: string | undefined;
  /** Programs of the project are found before those of that PATH. */
  readonly inProject?: boolean;
}

export interface Trouble {
  readonly key: 'command' | 'cwd';
  readonly message: string;
}

export function findTrouble({ command, cwd, searchPath: given, inProject }: ProgramToStart): Trouble[] {
  const folder = statOf(cwd);
  if (folder === undefined) return [{ key: 'cwd', message: `the folder "${cwd}" does not exist` }];
  if (folder !== 'unreachable' && !folder.isDirectory())
    return [{ key: 'cwd', message: `"${cwd}" is not a folder` }];
  const isBoth = inProject === true && given !== undefined;
  const searchPath = isBoth ? [...programFoldersNow(cwd), given].join(':') : given;
  return programsOf(command, searchPath).flatMap((program) => programTrouble(program, cwd, searchPath));
}

function programTrouble(wanted: string, cwd: string, searchPath: string | undefined): Trouble[] {
  const found = findProgram(wanted, cwd, searchPath);
  if (found.kind === 'found') return [];
  if (found.kind !== 'missing')
    return [{ key: 'command', message: `"${found.path}" ${REASONS[found.kind]}` }];
  const where = found.folders === undefined ? 'does not exist' : 'is not on the PATH';
  return [{ key: 'command', message: `"${wanted}" ${where}` }];
}

/** What is certain to be executed: of a script its first word, where that is plainly a program. */
function programsOf(command: ProgramToStart['command'], searchPath: string | undefined): readonly string[] {
  if (command.kind === 'exec') return command.program === undefined ? [] : [command.program];
  const script = command.script?.trim().replace(/^exec\s+/, '') ?? '';
  const [word = ''] = script.split(/\s/, 1);
  // Without a PATH each shell has one of its own.
  const isCertain = canExec(script) && (word.includes('/') || searchPath !== undefined);
  return isCertain ? ['/bin/sh', word] : ['/bin/sh'];
}

const REASONS = {
  folder: 'is a folder',
  'not-executable': 'is not executable',
  'not-a-file': 'is not a program',
  unreachable: 'cannot be reached: permission denied',
} as const;
