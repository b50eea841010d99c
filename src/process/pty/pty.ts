/**
 * Pseudo-terminals (pty(7)), by way of the C library: what Node lacks for a program with a terminal of its own.
 *
 * It has two ends: the program's is a terminal in every respect, ours is read. What is written comes as it was written: the
 * terminal doesn't make `\r\n` of a line end, which would stand in every file.
 */
import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';
import { type Native, type NativeTrouble, nativeTrouble } from '../native.ts';
import type { TerminalSize } from '../ports.ts';

/** Closed in whatever is executed. */
export interface Pty {
  /** The program's end. */
  readonly path: string;
  /** One more descriptor of our end, the caller's; its end is not that of the terminal. Throws the system's error. */
  reopen(): number;
  /** A descriptor of the program's end, the caller's. Throws the system's error. */
  openTerminal(): number;
  /** Who has it in the foreground is sent SIGWINCH, if the size is another one. */
  resize(size: TerminalSize): void;
  /** Whoever has it still is sent SIGHUP. Harmless when repeated. */
  close(): void;
}

type Here = Extract<Native, { readonly kind: 'here' }>;

const MULTIPLEXER = '/dev/ptmx';
const SHELL = '/bin/sh';
const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;

// Where there is no `nativeTrouble` they are the same: include/uapi/asm-generic.
const TIOCSWINSZ = 0x5414;
const F_DUPFD_CLOEXEC = 1030;
const ONLCR = 0o4;
const TCSANOW = 0;
/** Of `struct termios`: its second word. */
const OUTPUT_FLAGS = 4;
/** Longer than that structure, and than any path of a terminal. */
const ROOM = 256;

/** Throws the system's error. The caller closes it. */
export function openPty(native: Here, size: TerminalSize): Pty {
  calls ??= declare(native);
  const call = calls;
  const fd = openSync(MULTIPLEXER, O_RDWR | O_NOCTTY | O_NONBLOCK);
  const must = (result: number, what: string): number => {
    if (result >= 0) return result;
    throw errorOf(native.koffi.errno(), what);
  };
  try {
    must(call.unlock(fd), 'unlockpt');
    const name = Buffer.alloc(ROOM);
    must(-call.nameOf(fd, name, ROOM), 'ptsname_r');
    const path = name.toString('latin1', 0, name.indexOf(0));
    const attributes = Buffer.alloc(ROOM);
    must(call.attributes(fd, attributes), 'tcgetattr');
    attributes.writeUInt32LE(attributes.readUInt32LE(OUTPUT_FLAGS) & ~ONLCR, OUTPUT_FLAGS);
    must(call.setAttributes(fd, TCSANOW, attributes), 'tcsetattr');
    let isOpen = true;
    const pty: Pty = {
      path,
      reopen: () => must(call.control(fd, F_DUPFD_CLOEXEC, 'int', 0), 'fcntl'),
      openTerminal: () => openSync(path, O_RDWR | O_NOCTTY),
      resize({ columns, rows }) {
        if (isOpen) call.manage(fd, TIOCSWINSZ, 'void *', Uint16Array.of(rows, columns, 0, 0));
      },
      close() {
        if (isOpen) closeSync(fd);
        isOpen = false;
      },
    };
    pty.resize(size);
    return pty;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Why there are none here; undefined: there are. */
export function ptyTrouble(native: Native): NativeTrouble | undefined {
  const trouble = nativeTrouble(native, 'remove "terminal"');
  if (trouble !== undefined || native.kind === 'missing') return trouble;
  if (!existsSync(SHELL))
    return {
      reason: `there is no ${SHELL}, which opens it`,
      remedy: 'Install a shell, or remove "terminal"',
    };
  try {
    const pty = openPty(native, { columns: 80, rows: 24 });
    try {
      closeSync(pty.openTerminal());
    } finally {
      pty.close();
    }
    return undefined;
  } catch (error) {
    return whyNone(error as NodeJS.ErrnoException);
  }
}

/** What the system's error means. */
export function whyNone({ code = '', message }: NodeJS.ErrnoException): NativeTrouble {
  switch (code) {
    case 'ENOSPC':
      return {
        reason: 'all pseudo-terminals of this system are in use',
        remedy: 'Allow more with "sysctl kernel.pty.max", or end what has them',
      };
    case 'EMFILE':
    case 'ENFILE':
      return {
        reason: 'as many files are open as there may be',
        remedy: 'Raise the limit (ulimit -n, or fs.file-max)',
      };
    default:
      return {
        reason: `no pseudo-terminal can be opened (${message})`,
        remedy: 'Mount the file system of them, with "mount -t devpts devpts /dev/pts", or remove "terminal"',
      };
  }
}

type Calls = ReturnType<typeof declare>;
let calls: Calls | undefined;

function declare({ libc }: Here) {
  return {
    unlock: libc.func('int unlockpt(int fd)') as (fd: number) => number,
    nameOf: libc.func('int ptsname_r(int fd, void *name, size_t size)') as (
      fd: number,
      name: Buffer,
      size: number,
    ) => number,
    attributes: libc.func('int tcgetattr(int fd, void *attributes)') as (fd: number, to: Buffer) => number,
    setAttributes: libc.func('int tcsetattr(int fd, int when, void *attributes)') as (
      fd: number,
      when: number,
      attributes: Buffer,
    ) => number,
    manage: libc.func('int ioctl(int fd, unsigned long what, ...)'),
    control: libc.func('int fcntl(int fd, int what, ...)'),
  };
}

function errorOf(errno: number, what: string): NodeJS.ErrnoException {
  const code = getSystemErrorName(-errno);
  return Object.assign(new Error(`${what}: ${code}`), { code, errno: -errno });
}
