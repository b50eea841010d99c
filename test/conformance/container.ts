/**
 * What a container is to its PID 1: a process namespace of its own, with a contender and a command behind it.
 *
 * The files are a fresh folder, which is the working directory too. When the work is done, or has failed, the
 * namespace is killed and the folder removed. Everything that is waited for has an end, `PATIENCE_MS` at the latest.
 */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { cleanEnvironment } from '../support/clean-environment.ts';
import { descendantsOf, type ListedProcess, lookAt } from '../support/process-list.ts';
import type { Contender } from './contender.ts';

/** A `docker stop` waits for ten seconds, and then kills. */
export const PATIENCE_MS = 11_000;

export interface Ended {
  /** As a shell tells it. */
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export interface Container {
  readonly folder: string;
  readonly stdin: Writable;
  /** Resolves when this has been written to stdout. */
  says(text: string): Promise<void>;
  /** The pid of its PID 1, as it is seen from outside. Call it once the command has spoken. */
  pid1(): number;
  /** To PID 1. */
  signal(signal: NodeJS.Signals | number): void;
  /** All but PID 1. */
  processes(): readonly ListedProcess[];
  ended(): Promise<Ended>;
}

export interface ContainerOptions {
  /** It gets a terminal, and what is written to stdin is typed there. */
  readonly terminal?: boolean;
}

/** The first process leads a session, to which its terminal belongs, as container engines have it. */
const INSIDE = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child', 'setsid'];

/** Whether there can be any. */
export function canUnshare(): boolean {
  const [program = '', ...args] = [...INSIDE, 'true'];
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

/** Starts the command behind the contender, and lets `work` look. */
export async function inContainer<T>(
  contender: Contender,
  command: readonly string[],
  work: (container: Container) => Promise<T>,
  { terminal = false }: ContainerOptions = {},
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-pid1-'));
  const argv = [...INSIDE, ...(terminal ? ['--ctty'] : []), ...contender.argv, ...command];
  const [program = '', ...args] = terminal ? ['script', '-qec', quoted(argv), '/dev/null'] : argv;
  const child = spawn(program, args, {
    cwd: folder,
    env: cleanEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  try {
    return await work(open(child, folder));
  } finally {
    // The namespace dies with the parent of its PID 1.
    if (child.exitCode === null && child.signalCode === null)
      for (const pid of unsharedIn(child.pid!)) tryToKill(pid);
    await closed;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function open(child: ChildProcessByStdio<Writable, Readable, Readable>, folder: string): Container {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const wakers = new Set<() => void>();
  const wake = (): void => {
    for (const waker of wakers) waker();
  };
  child.stdout.on('data', (chunk: Buffer) => {
    out.push(chunk);
    wake();
  });
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  // Who is gone reads no more.
  child.stdin.on('error', () => undefined);
  const end = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const status = signal === null ? (code ?? -1) : 128 + constants.signals[signal];
      resolve({ status, stdout: Buffer.concat(out), stderr: Buffer.concat(err) });
    });
  });
  end.then(wake, wake);
  let pid1: number | undefined;
  const container: Container = {
    folder,
    stdin: child.stdin,
    says: (text) =>
      within(
        `it to say ${JSON.stringify(text)}`,
        new Promise((resolve, reject) => {
          const look = (): void => {
            if (Buffer.concat(out).includes(text)) resolve();
            else if (child.exitCode !== null || child.signalCode !== null)
              reject(new Error(`it ended without saying ${JSON.stringify(text)}: ${Buffer.concat(err)}`));
          };
          wakers.add(look);
          look();
        }),
      ),
    pid1: () => {
      pid1 ??= pid1Below(child.pid!);
      if (pid1 === undefined) throw new Error('there is no PID 1');
      return pid1;
    },
    signal: (signal) => void process.kill(container.pid1(), signal),
    processes: () => descendantsOf(container.pid1()),
    ended: () => within('it to end', end),
  };
  return container;
}

/** The child of `unshare`, whatever stands before that. */
function pid1Below(pid: number): number | undefined {
  const unshared = unsharedIn(pid);
  return descendantsOf(pid).find((each) => unshared.includes(each.ppid))?.pid;
}

/** `unshare`, which this process is or has below it. */
function unsharedIn(pid: number): readonly number[] {
  const all = [lookAt(pid), ...descendantsOf(pid)];
  return all.filter((each) => each?.name === 'unshare').map((each) => each!.pid);
}

/** Looks until there is something, or a time has passed. */
export async function until<T>(what: string, look: () => T | undefined, limitMs = PATIENCE_MS): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (performance.now() > endMs) throw new Error(`waited ${limitMs} ms for ${what}`);
    await pause(5);
  }
}

export function untilFile(path: string): Promise<true> {
  return until(`the file ${path}`, () => existsSync(path) || undefined);
}

async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = pause(PATIENCE_MS, undefined, { signal: over.signal }).then(() => {
    throw new Error(`waited ${PATIENCE_MS} ms for ${what}`);
  });
  late.catch(() => undefined); // It lost the race.
  try {
    return await Promise.race([promise, late]);
  } finally {
    over.abort();
  }
}

function quoted(argv: readonly string[]): string {
  return argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

function tryToKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
