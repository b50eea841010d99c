/**
 * Starts the helper, and sees whether it can be used here.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import type { Socket } from 'node:net';
import { ownChild } from '../own-children.ts';
import { createHelper, type Helper } from './helper.ts';
import { helloFrame, WIRE_VERSION } from './wire.ts';

const HELLO_MS = 2_000;

/** Resolves with it when it has said hello; undefined: it can't be had here. Never rejects. */
export function startHelper(path: string, asSubreaper: boolean): Promise<Helper | undefined> {
  const child = spawnHelper(path);
  const { pid } = child ?? {};
  if (child === undefined || pid === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const patience = setTimeout(() => child.kill('SIGKILL'), HELLO_MS);
    child.once('exit', () => {
      clearTimeout(patience);
      resolve(undefined);
    });
    const helper = createHelper(child, pid, (version) => {
      clearTimeout(patience);
      if (version === WIRE_VERSION && canOpenEndsOf(pid)) resolve(helper);
      else child.kill('SIGKILL');
    });
    child.stdin?.write(helloFrame(asSubreaper));
  });
}

/** There is a `/proc` of our own pid namespace, and we may look into that of the helper. */
function canOpenEndsOf(helper: number): boolean {
  try {
    return readlinkSync('/proc/self') === String(process.pid) && readlinkSync(`/proc/${helper}/fd/0`) !== '';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
}

/** In a session of its own: what is sent to our group is not for it. Its name is what a list of processes shows. */
function spawnHelper(path: string): ChildProcess | undefined {
  try {
    const child = ownChild(
      // So that a list of processes shows whose it is.
      spawn(path, [String(process.pid)], {
        argv0: 'orderly-helper',
        cwd: '/',
        env: {},
        stdio: ['pipe', 'pipe', 'ignore'],
        detached: true,
      }),
    );
    child.unref();
    (child.stdin as Socket).unref();
    (child.stdout as Socket).unref();
    child.stdin?.on('error', () => {});
    child.stdout?.on('error', () => {});
    child.on('error', () => {});
    return child;
  } catch {
    // No memory for another process, or the like.
    return undefined;
  }
}
