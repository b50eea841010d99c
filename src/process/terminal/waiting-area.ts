/**
 * Where a command tells what it waits for, on stderr: on a terminal in lines that change in place and go when it is over,
 * elsewhere in a sentence now and then.
 */
import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';

export interface WaitingArea {
  /** `lines`: what is on its way, a clause each. */
  show(lines: readonly string[]): void;
  clear(): void;
}

const SENTENCE_EVERY_MS = 10_000;
const MOST_LINES = 8;
const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const ERASE_LINE = '\x1b[K';
const ERASE_BELOW = '\x1b[J';

export function openWaitingArea(): WaitingArea {
  return isatty(2) && (process.env.TERM ?? 'dumb') !== 'dumb' ? terminalArea() : plainArea();
}

function terminalArea(): WaitingArea {
  let shown = 0;
  let frame = 0;
  const goUp = (): string => (shown === 0 ? '' : `\x1b[${shown}F`);
  return {
    show(lines) {
      frame = (frame + 1) % FRAMES.length;
      const columns = process.stderr.columns || 80;
      const cut = (line: string): string => [...line].slice(0, columns - 1).join('');
      const some = lines.slice(0, MOST_LINES).map((line) => cut(`${FRAMES[frame]} ${line}`));
      const all = lines.length > MOST_LINES ? [...some, `  and ${lines.length - MOST_LINES} more`] : some;
      write(`${goUp()}${all.map((line) => `${ERASE_LINE}${line}\n`).join('')}${ERASE_BELOW}`);
      shown = all.length;
    },
    clear() {
      if (shown > 0) write(`${goUp()}${ERASE_BELOW}`);
      shown = 0;
    },
  };
}

function plainArea(): WaitingArea {
  let lastMs = performance.now();
  return {
    show(lines) {
      if (lines.length === 0 || performance.now() - lastMs < SENTENCE_EVERY_MS) return;
      lastMs = performance.now();
      write(`orderly: waits for ${lines.join(', ')}\n`);
    },
    clear() {},
  };
}

/** What can't be shown now is shown the next time. */
function write(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Nobody reads it, or not now.
  }
}
