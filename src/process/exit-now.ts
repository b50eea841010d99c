/**
 * The end of this program, which nothing of the machine can put off.
 *
 * Node waits at its end for every call that is in its thread pool: one into a dead file system, or to a name server
 * that doesn't answer, would keep us for ever. Then the system ends us without Node.
 */
import { loadNative } from './native.ts';

const GRACE_MS = 200;
const LOOK_EVERY_MS = 5;

let ending: Promise<never> | undefined;

/** Never settles. Who comes first says with which status. */
export function exitNow(status: number): Promise<never> {
  ending ??= leave(status);
  return ending;
}

async function leave(status: number): Promise<never> {
  const giveUpMs = performance.now() + GRACE_MS;
  while (hasOpenCalls() && performance.now() < giveUpMs) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  if (hasOpenCalls()) await exitWithoutNode(status);
  process.exit(status);
}

function hasOpenCalls(): boolean {
  return process.getActiveResourcesInfo().some((kind) => /^(?:FSReq|GetAddrInfo|GetNameInfo)/.test(kind));
}

/** From Node 22.15 on; the types are older. */
type Execve = (file: string, args: readonly string[], env: Readonly<Record<string, string>>) => never;

/** exit_group(2) by way of the C library; a shell in our place; or, where there is neither, a signal. */
async function exitWithoutNode(status: number): Promise<void> {
  const native = await loadNative();
  if (native.kind === 'here') native.libc.func('void _exit(int status)')(status);
  const { execve } = process as { execve?: Execve };
  try {
    execve?.call(process, '/bin/sh', ['sh', '-c', `exit ${status}`], {});
  } catch {
    // There is no shell.
  }
  process.kill(process.pid, 'SIGKILL');
}
