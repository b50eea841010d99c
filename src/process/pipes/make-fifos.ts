/**
 * Makes FIFOs with one `mkfifo`, opens them, and removes their names and folder at once.
 *
 * Everyone may write to them, as to a terminal: what a service runs as another user reopens its output by way of
 * `/dev/stderr`. Only we may read: another reader would take lines away. The folder is private, so that nobody else gets
 * at them by name.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownChild } from '../own-children.ts';
import { sendSignal } from '../tree/signals/send-signal.ts';
import { closeFifo, type IdleFifo, openFifo } from './fifo.ts';

export interface MadeFifos {
  /** `impossible`: it will not work later either. */
  readonly kind: 'made' | 'failed' | 'impossible';
  /** Owned by the caller; there may be fewer than asked for. */
  readonly fifos: readonly IdleFifo[];
}

/**
 * The helper: says a line when the FIFOs are there, and waits for one. If there comes none, since we have ended,
 * it removes the folder in our place; then nobody hears its line, which must not end it.
 */
const HELPER = 'trap "" PIPE; mkfifo -m 622 "$@" || exit; echo; read -r line || rm -rf "$0"';

/** It takes milliseconds; services wait for it. */
const PATIENCE_MS = 2_000;

/** What a shell exits with when there is no such program, or none that it may execute (POSIX). */
const NO_PROGRAM: readonly (number | null)[] = [126, 127];

/** Never rejects. `onFolder` hears where they are made, as soon as it is there. */
export async function makeFifos(count: number, onFolder: (folder: string) => void): Promise<MadeFifos> {
  const folder = createFolder();
  if (folder === undefined) return { kind: 'impossible', fifos: [] };
  onFolder(folder);
  const names = Array.from({ length: count }, (_, index) => String(index));
  const helper = startHelper(names, folder);
  const made = helper === undefined ? 'failed' : await hearFrom(helper);
  const fifos = made === 'made' ? openAll(names, folder) : [];
  removeFolder(folder, names);
  helper?.stdin?.end('\n');
  return made === 'made' && fifos.length === 0 ? { kind: 'failed', fifos } : { kind: made, fifos };
}

/** Takes the folder away while FIFOs are being made in it: as PID 1 we take the helper with us. */
export function abandonFolder(folder: string): void {
  tolerate(() => rmSync(folder, { recursive: true, force: true }));
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

/** In a session of its own: what kills our group must leave it time to clean up. */
function startHelper(names: readonly string[], folder: string): ChildProcess | undefined {
  try {
    return ownChild(
      spawn('/bin/sh', ['-c', HELPER, folder, ...names], {
        cwd: folder,
        env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
        stdio: ['pipe', 'pipe', 'ignore'],
        detached: true,
      }),
    );
  } catch {
    // No memory for another process, or the like.
    return undefined;
  }
}

/** A helper that is stopped, or hangs, is killed, and there are none this time. */
function hearFrom(helper: ChildProcess): Promise<MadeFifos['kind']> {
  let patience: NodeJS.Timeout | undefined;
  return new Promise<MadeFifos['kind']>((resolve) => {
    patience = setTimeout(() => {
      if (helper.pid !== undefined) sendSignal(-helper.pid, 'SIGKILL');
      resolve('failed');
    }, PATIENCE_MS);
    helper.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ENOENT' ? 'impossible' : 'failed'),
    );
    helper.once('exit', (code) => resolve(NO_PROGRAM.includes(code) ? 'impossible' : 'failed'));
    helper.stdout?.once('data', () => resolve('made'));
    // It may have ended before it is told to.
    helper.stdin?.on('error', () => {});
  }).finally(() => clearTimeout(patience));
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
