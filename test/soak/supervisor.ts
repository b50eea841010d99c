/**
 * The supervisor under test: its folder, its record, its vital signs, and a reader of its output that is slow at times.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment } from '../support/clean-environment.ts';
import { orderlyBin } from '../support/orderly-bin.ts';

export interface Supervisor {
  readonly folder: string;
  readonly pid: number;
  /** What only processes of this run have in their environment. */
  readonly marks: readonly string[];
  readonly isRunning: boolean;
  readonly bytesRead: number;
  /** Its output piles up meanwhile. */
  readSlowly(): void;
  readOn(): void;
  rssMb(): number;
  descriptors(): number;
  record(): string;
  complaints(): string;
  signal(signal: NodeJS.Signals): void;
  /** As a shell tells it. */
  readonly ended: Promise<number>;
  dispose(): void;
}

export function startSupervisor(config: string): Supervisor {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-soak-'));
  const recordPath = join(folder, 'run.jsonl');
  const errorPath = join(folder, 'stderr');
  writeFileSync(join(folder, 'supervisor.yaml'), config);
  const errors = openSync(errorPath, 'w');
  const child: ChildProcess = spawn(process.execPath, [orderlyBin, 'up', '--record', recordPath], {
    cwd: folder,
    env: { ...cleanEnvironment(), ORDERLY_SOAK: folder },
    stdio: ['ignore', 'pipe', errors],
  });
  closeSync(errors);
  const pid = child.pid!;
  let bytesRead = 0;
  child.stdout!.on('data', (chunk: Buffer) => {
    bytesRead += chunk.length;
  });
  return {
    folder,
    pid,
    marks: [`ORDERLY_SOAK=${folder}`, `ORDERLY_RUN=${pid}-`],
    get isRunning() {
      return child.exitCode === null && child.signalCode === null;
    },
    get bytesRead() {
      return bytesRead;
    },
    readSlowly: () => void child.stdout!.pause(),
    readOn: () => void child.stdout!.resume(),
    rssMb: () => Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024,
    descriptors: () => readdirSync(`/proc/${pid}/fd`).length,
    record: () => readFileSync(recordPath, 'utf8'),
    complaints: () => readFileSync(errorPath, 'utf8'),
    signal: (signal) => void child.kill(signal),
    ended: new Promise((resolve) =>
      child.once('exit', (code, signal) =>
        resolve(signal === null ? (code ?? -1) : 128 + constants.signals[signal]),
      ),
    ),
    dispose: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
