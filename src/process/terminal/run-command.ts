/**
 * A command that has this program's own terminal, environment and folder, and is nobody's service.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

export interface CommandProcess {
  /** Settles with its status as a shell tells it, or with why it couldn't be started. Never rejects. */
  readonly ended: Promise<{ readonly status: number } | { readonly why: string }>;
  /** Does nothing when it has ended. */
  signal(signal: NodeJS.Signals): void;
}

export interface CommandSurroundings {
  /** By default those of this program. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly cwd?: string | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** It is in our process group: what a terminal sends there, it gets by itself. */
export function runCommand(argv: readonly string[], surroundings: CommandSurroundings = {}): CommandProcess {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { stdio: 'inherit', ...surroundings });
  const ended = new Promise<{ readonly status: number } | { readonly why: string }>((resolve) => {
    child.once('error', ({ message }) => resolve({ why: message }));
    child.once('exit', (code, signal) =>
      resolve({ status: signal === null ? (code ?? 0) : 128 + constants.signals[signal] }),
    );
  });
  return { ended, signal: (signal) => void child.kill(signal) };
}
