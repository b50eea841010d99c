/**
 * The whole terminal, for something that is shown again and again in the same place: the screen beside the usual one, without a cursor.
 *
 * However the program ends, and while it is stopped (Ctrl-Z), the terminal is as it was. Each picture is one write.
 */
import { isatty } from 'node:tty';

export interface Screen {
  size(): { readonly columns: number; readonly rows: number };
  /** In place of all that was there; lines are cut where the terminal ends. */
  show(lines: readonly string[]): void;
  /** Calls it when the size is another one, and when the screen has to be painted anew. */
  onStale(listen: () => void): void;
  /** Nothing is shown after that. Harmless when repeated. */
  leave(): void;
}

// The other screen, no cursor, no wrapping; and back (xterm's control sequences).
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const ERASE_LINE = '\x1b[K';
const ERASE_BELOW = '\x1b[J';

/** They end a program that doesn't listen. */
const DEADLY = ['SIGHUP', 'SIGQUIT'] as const;

/** Undefined: stdout is no terminal that could do that. */
export function openScreen(): Screen | undefined {
  const { stdout, env } = process;
  if (!isatty(1) || (env.TERM ?? 'dumb') === 'dumb') return undefined;
  let isOpen = false;
  let isOver = false;
  let stale = (): void => {};
  const enter = (): void => {
    if (isOpen || isOver) return;
    isOpen = true;
    stdout.write(ENTER);
  };
  const giveBack = (): void => {
    if (isOpen) stdout.write(LEAVE);
    isOpen = false;
  };
  const stopped = (): void => {
    giveBack();
    process.kill(process.pid, 'SIGSTOP');
  };
  const continued = (): void => {
    enter();
    stale();
  };
  // Who hung up reads no more.
  stdout.on('error', () => undefined);
  stdout.on('resize', () => stale());
  process.on('SIGTSTP', stopped);
  process.on('SIGCONT', continued);
  process.once('exit', giveBack);
  for (const signal of DEADLY)
    process.once(signal, () => {
      giveBack();
      process.kill(process.pid, signal);
    });
  enter();
  return {
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    show(lines) {
      if (isOpen) stdout.write(HOME + lines.map((line) => line + ERASE_LINE).join('\r\n') + ERASE_BELOW);
    },
    onStale(listen) {
      stale = listen;
    },
    leave() {
      isOver = true;
      giveBack();
      process.off('SIGTSTP', stopped);
      process.off('SIGCONT', continued);
    },
  };
}
