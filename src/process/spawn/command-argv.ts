/**
 * What to execute for a command: its list as it is, or its script by `/bin/sh`. Pure.
 */

import type { ReadyCommand } from '../ports.ts';
import { canExec } from './can-exec.ts';

/**
 * A script that is a simple command is `exec`uted, so that no shell stands between it and its signals. `prelude` is what
 * its shell does before.
 */
export function commandArgv(command: ReadyCommand, prelude = ''): readonly string[] {
  if (command.kind === 'exec') return command.argv;
  if (command.kind === 'call') throw new Error(`"${command.name}" is a function, not a program`);
  const script = command.script.trim();
  return ['/bin/sh', '-c', canExec(script) ? `${prelude}exec ${script}` : command.script];
}

/** The environment of a command: what is asked for, and the values that its text for the shell names. */
export function commandEnv(
  command: ReadyCommand,
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return command.kind === 'call' || command.parameters === undefined
    ? env
    : { ...env, ...command.parameters };
}
