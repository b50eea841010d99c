/**
 * The command line of a process, for people to read.
 */
import { readFileSync } from 'node:fs';

const LONGEST = 200;

/** Its arguments with spaces between them, cut to 200 characters; a process that hides them is called `?`. */
export function readCommandLine(pid: number): string {
  return readText(`/proc/${pid}/cmdline`) || readText(`/proc/${pid}/comm`) || '?';
}

function readText(path: string): string {
  try {
    const text = readFileSync(path, 'utf8')
      .replace(/[\0\s]+/g, ' ')
      .trim();
    return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  } catch {
    // It ended meanwhile, or this system has no /proc.
    return '';
  }
}
