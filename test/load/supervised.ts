/**
 * The real program with a configuration, in a fresh folder, its output thrown away: what it uses, and how it ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRuns } from '../../src/process/guard/find-run.ts';
import { cleanEnvironment } from '../support/clean-environment.ts';
import { findMarked, killMarked } from '../support/marked-processes.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { until } from '../support/until.ts';

export interface Supervised {
  readonly folder: string;
  readonly pid: number;
  readonly socket: string;
  memoryMib(): number;
  record(): string;
  signal(signal: NodeJS.Signals): void;
  /** As a shell tells it. */
  readonly ended: Promise<number>;
  /** What of it is alive; it is killed. */
  remains(): readonly string[];
  dispose(): void;
}

/** Resolves when it can be asked. */
export async function startSupervised(config: string): Promise<Supervised> {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-load-'));
  const recordPath = join(folder, 'run.jsonl');
  writeFileSync(join(folder, 'supervisor.yaml'), config);
  const nowhere = openSync('/dev/null', 'w');
  const child: ChildProcess = spawn(process.execPath, [orderlyBin, 'up', '--record', recordPath], {
    cwd: folder,
    env: cleanEnvironment(),
    stdio: ['ignore', nowhere, nowhere],
  });
  closeSync(nowhere);
  const pid = child.pid!;
  const ended = new Promise<number>((resolve) =>
    child.once('exit', (code, signal) =>
      resolve(signal === null ? (code ?? -1) : 128 + constants.signals[signal]),
    ),
  );
  const machine = { uid: process.getuid?.() ?? 0, tmpdir: tmpdir(), env: process.env };
  const socket = await until(() => findRuns(machine).find((run) => run.pid === pid)?.socket);
  return {
    folder,
    pid,
    socket,
    memoryMib: () =>
      Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024,
    record: () => readFileSync(recordPath, 'utf8'),
    signal: (signal) => void child.kill(signal),
    ended,
    remains() {
      const mark = `ORDERLY_RUN=${pid}-`;
      const found = findMarked(mark).map(({ command }) => command);
      killMarked(mark);
      return found;
    },
    dispose: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
