/**
 * As PID 1 somebody has to reap orphans, and Node can't without koffi. Importing this file, before anything else is
 * done, then puts the helper in our place, or a shell that can, and us behind it; where Node can't do that either, nothing
 * happens. `orderly-init` puts the helper there from the beginning.
 *
 * Both forward signals, the shell those that engines send by the numbers that Linux gives them, and end with our status.
 * Services never learn of it.
 */
import { existsSync, fstatSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { helperFile } from './helper-file.ts';

/** From Node 22.15 on; the types are older. */
type Execve = (
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
) => never;

const SHELL = '/bin/sh';
const BEHIND = 'ORDERLY_BEHIND_INIT';
const WIRE = 'ORDERLY_HELPER_WIRE';

/**
 * A shell reaps whatever becomes its child while it waits. What it starts in the background would read from /dev/null,
 * so our stdin is handed over by a detour; a wait that a signal broke off goes on.
 */
const SHIM = `exec 3<&0
"$@" <&3 3<&- & c=$!
exec 3<&- 2>/dev/null
for s in 1 2 3 10 12 14 15 26 28 30 34 35 36 37 38 39 40; do trap "kill -$s $c" $s; done
while :; do wait $c; r=$?; [ $r -gt 128 ] && kill -0 $c 2>/dev/null || exit $r; done`;

/** Whether one of them stands in front of us. */
const isBehindInit = process.env[BEHIND] !== undefined && process.ppid === 1;
/** A descriptor by which the helper in front of us hears; undefined: there is none. */
export const wireToInit: number | undefined = wireIn(process.env[WIRE]);
delete process.env[BEHIND];
delete process.env[WIRE];

/** We are the program that a container runs: PID 1, or all that the PID 1 in front of us is for. */
export const isInit = process.pid === 1 || isBehindInit;

/** The process that orphans of our services become children of, if we can tell. */
export const adopter = isBehindInit ? 1 : process.pid;

const { execve } = process as { execve?: Execve };
if (process.pid === 1 && execve !== undefined && !isThere('koffi')) {
  const command = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  if (helperFile !== undefined) {
    execve.call(process, helperFile, ['orderly-init', 'init', ...command], { ...process.env });
  } else if (existsSync(SHELL)) {
    const env = { ...process.env, [BEHIND]: '1' };
    execve.call(process, SHELL, ['sh', '-c', SHIM, 'orderly', ...command], env);
  }
}

/** Whoever sets the variable himself has nothing to hear us there. */
function wireIn(text: string | undefined): number | undefined {
  const fd = Number(text);
  if (text === undefined || !Number.isInteger(fd)) return undefined;
  try {
    return fstatSync(fd).isSocket() ? fd : undefined;
  } catch {
    // It isn't open.
    return undefined;
  }
}

/** Whether the package is installed, without loading it. */
function isThere(name: string): boolean {
  try {
    createRequire(realpathSync(process.argv[1] ?? '')).resolve(name);
    return true;
  } catch {
    // Not installed, or we were started in an unusual way.
    return false;
  }
}
