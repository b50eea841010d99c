/**
 * Makes FIFOs with one `mkfifo`, opens them, and removes their names and folder at once.
 *
 * Everyone may open them, as everyone may write to a terminal: what a service runs as another user reopens its
 * output by way of `/dev/stderr`. The folder is private, so that nobody else gets at them by name.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeFifo, type IdleFifo, openFifo } from './fifo.ts';

export interface MadeFifos {
  /** `impossible`: it will not work later either. */
  readonly kind: 'made' | 'failed' | 'impossible';
  /** Owned by the caller; there may be fewer than asked for. */
  readonly fifos: readonly IdleFifo[];
}

/** Never rejects. */
export async function makeFifos(count: number): Promise<MadeFifos> {
  const folder = createFolder();
  if (folder === undefined) return { kind: 'impossible', fifos: [] };
  const names = Array.from({ length: count }, (_, index) => String(index));
  const end = await runMkfifo(names, folder);
  const fifos = end === 'done' ? openAll(names, folder) : [];
  removeFolder(folder, names);
  if (end === 'missing') return { kind: 'impossible', fifos };
  return { kind: fifos.length > 0 ? 'made' : 'failed', fifos };
}

/** In memory if possible: it is there even where the disk is read-only. */
function createFolder(): string | undefined {
  for (const parent of ['/dev/shm', tmpdir()]) {
    try {
      return mkdtempSync(join(parent, 'orderly-'));
    } catch {
      // Not there, or not writable: the next one.
    }
  }
  return undefined;
}

function runMkfifo(names: readonly string[], cwd: string): Promise<'done' | 'failed' | 'missing'> {
  return new Promise((resolve) => {
    const missing = (error: unknown): 'missing' | 'failed' =>
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'failed';
    try {
      const env = { PATH: process.env.PATH ?? '/usr/bin:/bin' };
      const child = spawn('mkfifo', ['-m', '666', ...names], { cwd, env, stdio: 'ignore' });
      child.once('error', (error) => resolve(missing(error)));
      child.once('exit', (code) => resolve(code === 0 ? 'done' : 'failed'));
    } catch (error) {
      resolve(missing(error));
    }
  });
}

/** Leaves half of the descriptors alone when there are too few for all. */
function openAll(names: readonly string[], folder: string): readonly IdleFifo[] {
  const fifos: IdleFifo[] = [];
  try {
    for (const name of names) fifos.push(openFifo(join(folder, name)));
  } catch {
    for (const fifo of fifos.splice(Math.floor(fifos.length / 2))) closeFifo(fifo);
  }
  return fifos;
}

function removeFolder(folder: string, names: readonly string[]): void {
  for (const name of names) tolerate(() => unlinkSync(join(folder, name)));
  tolerate(() => rmdirSync(folder));
}

/** A left-over name in a private folder is no reason to fail. */
function tolerate(work: () => void): void {
  try {
    work();
  } catch {
    // As above.
  }
}
