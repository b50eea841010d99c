/**
 * The controlling terminal, and which process group has it (tcsetpgrp(3)): the one that is typed to, and gets what
 * Ctrl-C and Ctrl-Z send.
 */
import { closeSync, openSync } from 'node:fs';
import type { Native } from '../native.ts';

export interface ControllingTerminal {
  readonly fd: number;
  /** Our own group has it. */
  isOurs(): boolean;
  /** Gives it to another group. Never throws. */
  give(group: number): void;
  /** Gives it to our own group, also from the background. Never throws. */
  take(): void;
  close(): void;
}

const SIGTTOU = 22;
const SIG_IGN = 1;

/** Whether there is one, with the look that costs nothing else. */
export function hasControllingTerminal(): boolean {
  const fd = openTerminal();
  if (fd === undefined) return false;
  closeSync(fd);
  return true;
}

/** Undefined: there is none, or no way to give it away. The caller closes it. */
export function controllingTerminal(native: Native): ControllingTerminal | undefined {
  if (native.kind === 'missing' || process.platform !== 'linux') return undefined;
  const { libc } = native;
  const fd = openTerminal();
  if (fd === undefined) return undefined;
  const getGroup = libc.func('int getpgrp()');
  const getForeground = libc.func('int tcgetpgrp(int fd)');
  const setForeground = libc.func('int tcsetpgrp(int fd, int group)');
  // Whoever takes it from the background is stopped, unless this is ignored. Children get the default back.
  libc.func('void *signal(int number, intptr_t handler)')(SIGTTOU, SIG_IGN);
  return {
    fd,
    isOurs: () => getForeground(fd) === getGroup(),
    give: (group) => void setForeground(fd, group),
    take: () => void setForeground(fd, getGroup()),
    close: () => closeSync(fd),
  };
}

function openTerminal(): number | undefined {
  try {
    return openSync('/dev/tty', 'r+');
  } catch {
    // There is none.
    return undefined;
  }
}
