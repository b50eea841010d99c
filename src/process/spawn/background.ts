/**
 * Starts this program anew in the background: in a session of its own, with nothing of the terminal.
 */
import { spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';

export interface BackgroundProcess {
  readonly pid: number;
  /** Settles with its status as a shell tells it; undefined: it couldn't be started. Never rejects. */
  readonly ended: Promise<number | undefined>;
  /** The last of what it wrote, as far as it is in the file. */
  told(): string;
  /** From now on it doesn't keep us here. */
  leave(): void;
}

const MOST_TOLD_BYTES = 64 * 1024;
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;

/**
 * `args`: its command line after the program; `file`: where what it writes goes, with folders of this user alone. Throws the system's
 * error if that can't be written.
 */
export function startInBackground(args: readonly string[], file: string): BackgroundProcess {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const output = openSync(file, APPEND, 0o600);
  const from = fstatSync(output).size;
  const [, program = ''] = process.argv;
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = new Promise<number | undefined>((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('exit', (code) => resolve(code ?? 1));
  });
  return { pid: child.pid ?? 0, ended, told: () => readFrom(file, from), leave: () => child.unref() };
}

function readFrom(file: string, from: number): string {
  const fd = openSync(file, constants.O_RDONLY);
  try {
    const { size } = fstatSync(fd);
    // A smaller one is another one: it was rotated.
    const start = Math.max(size < from ? 0 : from, size - MOST_TOLD_BYTES);
    const bytes = Buffer.alloc(Math.max(0, size - start));
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, start));
  } finally {
    closeSync(fd);
  }
}
