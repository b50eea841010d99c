/**
 * This program anew, for what it can and we can not: in a group of its own, with nothing on its stdin, and what it
 * writes is handed on.
 *
 * Its descriptor 3 is a lifeline: it ends when we do, however that is.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ownChild } from '../own-children.ts';
import { createFifoPool } from '../pipes/fifo-pool.ts';
import { createStdio, type Outlet } from '../pipes/stdio.ts';
import { descendantsOf } from '../tree/proc/children.ts';
import { sendSignal } from '../tree/signals/send-signal.ts';
import { stdioOfNode } from './spawn-child.ts';

export interface OwnProgram {
  /**
   * Settles when it has ended and what it wrote was handed on, with its status as a shell tells it, or with why it
   * couldn't be started. Never rejects.
   */
  readonly ended: Promise<{ readonly status: number } | { readonly why: string }>;
  /** Asks it to end. Does nothing when it has. */
  ask(): void;
  /** Kills it, and what it has started. Likewise. */
  kill(): void;
}

/**
 * `args`: its command line after the program. `onOutput`: stdout and stderr as they come; must not keep the chunk.
 * Never rejects.
 */
export async function startOwnProgram(
  args: readonly string[],
  onOutput: (chunk: Buffer) => void,
): Promise<OwnProgram> {
  const pool = createFifoPool();
  // One for both: so what is written to them comes in its order.
  const fifos = await pool.take(1);
  pool.dispose();
  const outlet = (fd: 1 | 2): Outlet => ({ fd, receiver: { onChunk: onOutput, onEnd() {} } });
  const { stdio, read } = createStdio(fifos === undefined ? [outlet(1), outlet(2)] : [outlet(1)], fifos);
  const [stdin = 'ignore', stdout = 'ignore', stderr = 'ignore'] = stdio;
  const streams = [stdin, stdout, fifos === undefined ? stderr : stdout, 'pipe'] as const;
  const [, program = ''] = process.argv;
  const child = ownChild(
    spawn(process.execPath, [...process.execArgv, program, ...args], {
      detached: true,
      stdio: stdioOfNode(streams),
    }),
  );
  const readers = read(child.stdio);
  const lifeline = child.stdio[3];
  lifeline?.on('error', () => undefined);
  const ended = new Promise<{ readonly status: number } | { readonly why: string }>((resolve) => {
    const close = (): void => {
      lifeline?.destroy();
      // What was left behind may hold them open for ever.
      for (const reader of readers) {
        reader.drain();
        reader.close();
      }
    };
    child.once('error', ({ message }) => {
      close();
      resolve({ why: message });
    });
    child.once('exit', (code, signal) => {
      close();
      resolve({ status: signal === null ? (code ?? 1) : 128 + constants.signals[signal] });
    });
  });
  const { pid } = child;
  return {
    ended,
    ask: () => void child.kill('SIGTERM'),
    kill() {
      // Its number is its own, and that of its group, until we have seen its end.
      const isThere = pid !== undefined && child.exitCode === null && child.signalCode === null;
      if (!isThere) return;
      // A command that it runs sits in a session of its own.
      const below = descendantsOf(pid);
      process.kill(-pid, 'SIGKILL');
      for (const each of below) sendSignal(each, 'SIGKILL');
    },
  };
}
