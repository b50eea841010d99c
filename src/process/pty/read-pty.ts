/**
 * Reads what a program writes to a terminal of its own, from its first process to its last.
 *
 * Our end says that nothing comes any more whenever nobody has the terminal open, which may change: a program that writes
 * to a file for a while comes back to it. So as long as its main process runs, a descriptor of ours stands in for it.
 * The terminal itself is closed last: that sends SIGHUP to the main process, whatever it has open.
 *
 * Not before it is needed: when a main process ends and somebody has its terminal open still, the kernel hangs that up, and
 * throws away what wasn't read.
 */
import { closeSync } from 'node:fs';
import { type PipeReader, type PipeReceiver, readTerminal } from '../pipes/pipe-reader.ts';
import type { Pty } from './pty.ts';

/** Owns the terminal, and a descriptor of our end of it. The first drain says that the main process has ended. */
export function readPty(pty: Pty, fd: number, receiver: PipeReceiver): PipeReader {
  let hasMain = true;
  let hasEnded = false;
  let held = false;
  let standIn: number | undefined;

  const dismiss = (): void => {
    if (standIn !== undefined) closeSync(standIn);
    standIn = undefined;
  };
  const end = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    receiver.onEnd();
  };
  const start = (from: number): PipeReader =>
    readTerminal(from, { onChunk: receiver.onChunk, onEnd: stopped });
  const stopped = (): void => {
    if (!hasMain || standIn !== undefined) {
      end();
      return;
    }
    try {
      standIn = pty.openTerminal();
      reader = start(pty.reopen());
      if (held) reader.hold(true);
    } catch {
      // No descriptor is left for it: what it may still write isn't read.
      end();
    }
  };
  let reader = start(fd);

  return {
    drain() {
      hasMain = false;
      // Held open by ourselves it would have no end.
      dismiss();
      reader.drain();
    },
    hold(next) {
      held = next;
      reader.hold(next);
    },
    close() {
      hasMain = false;
      dismiss();
      reader.close();
      end();
      pty.close();
    },
  };
}
