/**
 * What to execute for a command: its list as it is, or its script by `/bin/sh`. Pure.
 */
import type { ReadyCommand } from '../ports.ts';

/**
 * A script that is a simple command is `exec`uted, so that no shell stands between it and its signals. `prelude` is what
 * its shell does before.
 */
export function commandArgv(command: ReadyCommand, prelude = ''): readonly string[] {
  if (command.kind === 'exec') return command.argv;
  if (command.kind === 'call') throw new Error(`"${command.name}" is a function, not a program`);
  if (command.kind === 'external') throw new Error('what is external is executed by somebody else');
  const script = command.script.trim();
  return ['/bin/sh', '-c', canExec(script) ? `${prelude}exec ${script}` : command.script];
}

/** The environment of a command: what is asked for, and the values that its text for the shell names. */
export function commandEnv(
  command: ReadyCommand,
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return 'parameters' in command ? { ...env, ...command.parameters } : env;
}

// Whether `exec ` may be put before a shell script without changing what it does. Pure.
//
// Only for one simple command: a program's name, then words, with quotes and variables. Whatever could be more (an
// operator, a redirection, an assignment, a substitution, a built-in) is left to the shell as it is. When in doubt, no.

/** A plain name: nothing in it is expanded, and it is no assignment. */
const NAME = /^[\w./]*[A-Za-z][\w./+-]*(?=\s|$)/;

/** Word characters (`#` is none: it would begin a comment), variables, and quotes in which nothing is executed. */
const WORDS =
  /^(?:[\w \t./+:,@%=^*?[\]~!{}-]|\$\w+\b|\$\{\w+\}|'[^']*'|"(?:[^"\\`$]|\\[\s\S]|\$\w+\b|\$\{\w+\})*"|\\[^\n])*$/;

/** Reserved words, and what POSIX shells, bash or busybox do themselves. */
const BUILT_IN = new Set(
  (
    'case do done elif else esac fi for function if in select then time until while coproc ' +
    'alias bg bind break builtin caller cd chdir command compgen complete compopt continue declare dirs disown ' +
    'echo enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile ' +
    'popd printf pushd pwd read readarray readonly return set shift shopt source suspend test times trap true ' +
    'type typeset ulimit umask unalias unset wait'
  ).split(' '),
);

/** `script` without white space around it. */
export function canExec(script: string): boolean {
  const name = NAME.exec(script)?.[0];
  return name !== undefined && name !== '.' && !BUILT_IN.has(name) && WORDS.test(script);
}
