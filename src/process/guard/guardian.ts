/**
 * The guardian of a run: a shell in a session of its own, which outlives a SIGKILL of ours and then kills what we
 * spawned. It doesn't keep us alive, and a farewell ends it.
 *
 * Whoever starts it owns it. If it is killed itself another takes its place, a few times. Without a shell there is
 * none.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { ownChild } from '../orphans/own-children.ts';
import { findProgram } from '../spawn/find-program.ts';
import { GUARDIAN_SCRIPT } from './guardian-script.ts';

export interface Guardian {
  /** A line of what it has to know, written at once. Before `start` and after the end nothing happens. */
  tell(line: string): void;
  /** All is well: it ends, and nobody waits for it. */
  farewell(): void;
}

const SHELL = '/bin/sh';
const MOST_STARTS = 4;

/** `everything` gives all it has to know when it begins, as it is at that moment. Never throws. */
export function startGuardian(run: string, everything: () => string): Guardian {
  let child: ChildProcess | undefined;
  let starts = 0;
  let ended = false;

  const write = (text: string): void => {
    if (child?.stdin?.writable === true) child.stdin.write(text);
  };

  const begin = (): void => {
    starts += 1;
    child = spawnShell(run);
    if (child === undefined) return;
    child.once('exit', () => {
      child = undefined;
      if (!ended && starts < MOST_STARTS) begin();
    });
    const told = everything();
    if (told !== '') write(told);
  };

  begin();
  return {
    tell: write,
    farewell() {
      ended = true;
      write('q\n');
      child?.stdin?.end();
    },
  };
}

/** What the guardian needs and isn't here: a clause; undefined: it can do its work. */
export function missingForGuardian(searchPath: string | undefined): string | undefined {
  if (findProgram(SHELL, '/', searchPath).kind !== 'found') return `there is no ${SHELL}`;
  if (findProgram('grep', '/', searchPath).kind !== 'found') return 'there is no "grep" on the PATH';
  return undefined;
}

function spawnShell(run: string): ChildProcess | undefined {
  try {
    // Its script comes as a variable, so that a list of processes shows one short line.
    const child = ownChild(
      spawn(SHELL, ['-c', 'eval "$GUARDIAN"', 'orderly-guardian', run], {
        cwd: '/',
        env: { PATH: process.env.PATH ?? '/usr/bin:/bin', GUARDIAN: GUARDIAN_SCRIPT },
        stdio: ['pipe', 'ignore', 'ignore'],
        detached: true,
      }),
    );
    child.unref();
    (child.stdin as Socket | null)?.unref();
    child.stdin?.on('error', () => {});
    child.on('error', () => {});
    return child.pid === undefined ? undefined : child;
  } catch {
    // No memory for another process, or the like.
    return undefined;
  }
}
