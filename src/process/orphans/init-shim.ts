/**
 * As PID 1 somebody has to reap orphans, and Node can't without koffi. Importing this file, before anything else is
 * done, then puts a shell in our place that can, and us behind it; where Node can't do that either, nothing happens.
 *
 * The shell forwards the signals that engines send, by the numbers that Linux gives them, and ends with our status. Services never learn of it.
 */
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';

/** From Node 22.15 on; the types are older. */
type Execve = (
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
) => never;

const SHELL = '/bin/sh';
const BEHIND = 'ORDERLY_BEHIND_INIT';

/**
 * A shell reaps whatever becomes its child while it waits. What it starts in the background would read from /dev/null,
 * so our stdin is handed over by a detour; a wait that a signal broke off goes on.
 */
const SHIM = `exec 3<&0
"$@" <&3 3<&- & c=$!
exec 3<&- 2>/dev/null
for s in 1 2 3 10 12 14 15 26 28 30 34 35 36 37 38 39 40; do trap "kill -$s $c" $s; done
while :; do wait $c; r=$?; [ $r -gt 128 ] && kill -0 $c 2>/dev/null || exit $r; done`;

/** Whether such a shell stands in front of us. */
const isBehindInit = process.env[BEHIND] !== undefined && process.ppid === 1;
delete process.env[BEHIND];

/** We are the program that a container runs: PID 1, or all that the PID 1 in front of us is for. */
export const isInit = process.pid === 1 || isBehindInit;

/** The process that orphans of our services become children of, if we can tell. */
export const adopter = isBehindInit ? 1 : process.pid;

const { execve } = process as { execve?: Execve };
if (process.pid === 1 && execve !== undefined && existsSync(SHELL) && !isThere('koffi')) {
  const command = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  execve.call(process, SHELL, ['sh', '-c', SHIM, 'orderly', ...command], { ...process.env, [BEHIND]: '1' });
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
