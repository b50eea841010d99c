/**
 * Starts the helper, and sees whether it can be used here.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { describeExit } from '../../events/describe.ts';
import { ownChild } from '../own-children.ts';
import { createHelper, type Helper, type HelperProgram } from './helper.ts';
import { helloFrame, WIRE_VERSION } from './wire.ts';

const HELLO_MS = 2_000;

/** Resolves with it when it has said hello; undefined: it can't be had here. Never rejects. */
export function startHelper(path: string, asSubreaper: boolean): Promise<Helper | undefined> {
  const child = spawnHelper(path);
  const { pid } = child ?? {};
  if (child === undefined || pid === undefined) return Promise.resolve(undefined);
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(describeExit(signal === null ? { kind: 'code', code: code ?? 0 } : { kind: 'signal', signal })),
    );
  });
  const [stdin, stdout] = [child.stdin as Socket, child.stdout as Socket];
  return greet(
    { stdin, stdout, ended, isInit: false, kill: () => void child.kill('SIGKILL') },
    pid,
    asSubreaper,
  );
}

/** The same for the one that stands in front of us, by a descriptor of the socket that it has given to us. */
export function connectHelper(fd: number, pid: number): Promise<Helper | undefined> {
  let socket: Socket;
  try {
    socket = new Socket({ fd, readable: true, writable: true });
  } catch {
    // It is no socket of that kind.
    return Promise.resolve(undefined);
  }
  socket.unref();
  socket.on('error', () => {});
  const ended = new Promise<string>((resolve) => {
    socket.once('close', () => resolve('closed its connection'));
  });
  const kill = (): void => void socket.destroy();
  return greet({ stdin: socket, stdout: socket, ended, isInit: true, kill }, pid, true);
}

function greet(program: HelperProgram, pid: number, asSubreaper: boolean): Promise<Helper | undefined> {
  return new Promise((resolve) => {
    const patience = setTimeout(program.kill, HELLO_MS);
    void program.ended.then(() => {
      clearTimeout(patience);
      resolve(undefined);
    });
    const helper = createHelper(program, pid, (version) => {
      clearTimeout(patience);
      if (version === WIRE_VERSION && canOpenEndsOf(pid)) resolve(helper);
      else program.kill();
    });
    program.stdin.write(helloFrame(asSubreaper));
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
