/**
 * How orderly tells whoever started it that it is ready: sd_notify(3) to a manager, and a descriptor, as s6 has it.
 */
import { closeSync, fstatSync, writeSync } from 'node:fs';
import type { Native } from '../native.ts';

export interface UpwardOptions {
  readonly readyFd: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes a sentence. */
  readonly complain: (text: string) => void;
}

export function createUpward({ readyFd, env, complain }: UpwardOptions): {
  readonly notify: ((message: string) => void) | undefined;
  readonly ready: (() => void) | undefined;
} {
  const { NOTIFY_SOCKET: path } = env;
  return {
    notify: path === undefined || path === '' ? undefined : notifier(path, complain),
    ready: readyFd === undefined ? undefined : () => writeReady(readyFd, complain),
  };
}

/** What is sent before the C library can be reached is sent then, in its order. */
function notifier(path: string, complain: (text: string) => void): (message: string) => void {
  let isBroken = false;
  const fail = (why: string): void => {
    if (!isBroken) complain(`Cannot tell NOTIFY_SOCKET (${JSON.stringify(path)}) where orderly is: ${why}`);
    isBroken = true;
  };
  let sending: Promise<void> = Promise.resolve();
  return (message) => {
    sending = sending.then(async () => {
      if (isBroken) return;
      const [{ loadNative }, { datagramTrouble, loadDatagrams }] = await Promise.all([
        import('../native.ts'),
        import('./notify-datagrams.ts'),
      ]);
      const native = await loadNative();
      const trouble = datagramTrouble(native);
      if (trouble !== undefined) return fail(trouble.reason);
      const sent = loadDatagrams(native as Native & { readonly kind: 'here' }).send(path, message);
      if (!sent) fail('nobody listens there');
    });
  };
}

function writeReady(fd: number, complain: (text: string) => void): void {
  try {
    fstatSync(fd);
    writeSync(fd, '\n');
    closeSync(fd);
  } catch (error) {
    complain(`Cannot tell descriptor ${fd} that all is ready: ${(error as NodeJS.ErrnoException).code}`);
  }
}
