/**
 * What stands between a file that is there and its execution: the interpreter of a script, the loader of a binary.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { mayExecute, statOf } from './find-program.ts';

/** As much of a first line as Linux reads. */
const FIRST_BYTES = 256;

/** A clause about the program, with a remedy; undefined if nothing is wrong there. */
export function explainLoader(path: string, code: string | undefined): string | undefined {
  const head = readHead(path);
  if (head === undefined) return undefined;
  const interpreter = /^#![ \t]*([^ \t\n]+)/.exec(head)?.[1];
  if (interpreter !== undefined) return explainInterpreter(interpreter);
  if (head.startsWith('\x7fELF') && code === 'ENOENT') {
    return 'needs a loader that does not exist here; it was built for another system (musl, glibc or architecture)';
  }
  if (code === 'ENOEXEC') return 'is no program that this system can execute';
  return undefined;
}

function explainInterpreter(written: string): string | undefined {
  const interpreter = written.replace(/\r$/, '');
  const named = `names the interpreter ${JSON.stringify(interpreter)}`;
  if (interpreter !== written)
    return `${named} with a carriage return after it; give the file Unix line ends`;
  const stats = statOf(interpreter);
  if (stats === undefined) return `${named}, which does not exist; correct its first line`;
  if (stats === 'unreachable' || !stats.isFile() || !mayExecute(interpreter)) {
    return `${named}, which is not executable; correct its first line`;
  }
  return undefined;
}

function readHead(path: string): string | undefined {
  try {
    const fd = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(FIRST_BYTES);
      return buffer.toString('latin1', 0, readSync(fd, buffer));
    } finally {
      closeSync(fd);
    }
  } catch {
    // A program may be executable without being readable.
    return undefined;
  }
}
