/**
 * A terminal for one instance of a service, that is nobody else's: its standard streams, and by what it is read.
 *
 * It becomes the controlling terminal of the instance's session when that opens it (credentials(7), tty_ioctl(4)), which no
 * program in front does for it but the helper or a shell: so its first word is that of the shell that gives it its rights.
 */
import { closeSync, fchownSync } from 'node:fs';
import { loadNative } from '../native.ts';
import type { PipeReader, PipeReceiver } from '../pipes/pipe-reader.ts';
import type { ServiceWindow } from '../ports.ts';
import type { Rights } from '../rights-ports.ts';
import { openPty, type Pty, ptyTrouble, whyNone } from './pty.ts';
import { readPty } from './read-pty.ts';

export interface OwnTerminal {
  readonly path: string;
  /** What it gets as stdin, stdout and stderr; stays ours. */
  readonly fd: number;
  /** Call once when the spawn has been made. The reader owns all of it. */
  read(receiver: PipeReceiver): PipeReader;
  /** Call instead of `read` when it was not made, or has failed. */
  abandon(): void;
}

/** Of a terminal that nobody looks at (VT100). */
export const USUAL_WINDOW: ServiceWindow = {
  size: () => ({ columns: 80, rows: 24 }),
  onResize: () => () => {},
};

/** As large as the window for as long as it is open; or why there is none, a clause. Never rejects. */
export async function openOwnTerminal(
  window: ServiceWindow,
  rights: Rights | undefined,
): Promise<OwnTerminal | { readonly why: string }> {
  const native = await loadNative();
  if (native.kind === 'missing') return { why: ptyTrouble(native)?.reason ?? native.why };
  let pty: Pty | undefined;
  let fd: number | undefined;
  try {
    pty = openPty(native, window.size());
    const uid = rights?.uid ?? rights?.ids?.uid;
    fd = pty.openTerminal();
    if (uid !== undefined && uid !== process.getuid?.()) fchownSync(fd, uid, -1);
    return ownTerminal(pty, { fd, readFd: pty.reopen() }, window);
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    pty?.close();
    const { syscall, code } = error as NodeJS.ErrnoException;
    if (syscall === 'fchown') return { why: `it can't be given to ${rights?.who}: ${code}` };
    const { reason, remedy } = whyNone(error as NodeJS.ErrnoException);
    return { why: `${reason}; ${remedy.slice(0, 1).toLowerCase()}${remedy.slice(1)}` };
  }
}

function ownTerminal(
  pty: Pty,
  { fd, readFd }: { readonly fd: number; readonly readFd: number },
  window: ServiceWindow,
): OwnTerminal {
  const unfollow = window.onResize(() => pty.resize(window.size()));
  return {
    path: pty.path,
    fd,
    read(receiver) {
      closeSync(fd);
      const reader = readPty(pty, readFd, receiver);
      return {
        ...reader,
        close() {
          unfollow();
          reader.close();
        },
      };
    },
    abandon() {
      unfollow();
      closeSync(fd);
      closeSync(readFd);
      pty.close();
    },
  };
}

const NO_RIGHTS: Rights = { env: {}, before: [], script: '', ids: undefined, uid: undefined, who: undefined };

/** The rights to launch it with, for its terminal at that path. Pure. */
export function withTerminal(rights: Rights | undefined, path: string | undefined): Rights | undefined {
  if (path === undefined) return rights;
  const opens = `: <${path}`;
  const script = rights?.script ? `${opens}; ${rights.script}` : opens;
  return { ...NO_RIGHTS, ...rights, script, direct: rights === undefined ? {} : rights.direct };
}
