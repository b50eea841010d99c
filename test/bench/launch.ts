/**
 * Runs one supervisor on a stage: time stops running when its exec is due, and nothing of it is left at the end.
 *
 * A shell is there first and waits, so that neither our fork nor our own start is in any time.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnvironment } from '../support/clean-environment.ts';
import { findMarked, killMarked } from '../support/marked-processes.ts';
import { openMarks } from './marks.ts';
import { createStage, removeStage, type Stage } from './stage.ts';

export interface Running {
  readonly stage: Stage;
  /** The supervisor. */
  readonly pid: number;
  /** Just before its exec. */
  readonly startMs: number;
  /** Its standard output, a file. */
  readonly outputFd: number;
  /** Blocks until there are that many marks, and returns the time of each. */
  marks(count: number): readonly number[];
  /** Blocks until the supervisor and all services are gone. */
  gone(): number;
  /** Asks the supervisor to end, and blocks until all are gone: how long that took. */
  stop(): number;
}

const MARKS_FD = 9;

/** What it is given makes the files and tells the command line. */
export type Prepare = (stage: Stage) => readonly string[];

/**
 * Starts, lets `measure` look, stops what is still running, and returns what was measured. Throws if the supervisor
 * failed, or if a process outlived it.
 */
export async function launch<T>(prepare: Prepare, measure: (running: Running) => Promise<T> | T): Promise<T> {
  const stage = createStage();
  try {
    return await perform(stage, prepare(stage), measure);
  } catch (error) {
    throw new Error(`${(error as Error).message}${errorOutput(stage)}`, { cause: error });
  } finally {
    killMarked(stage.marker);
    removeStage(stage);
  }
}

async function perform<T>(
  stage: Stage,
  argv: readonly string[],
  measure: (running: Running) => Promise<T> | T,
): Promise<T> {
  const marks = openMarks(stage);
  const outputFd = openSync(join(stage.folder, 'stdout'), 'w+');
  const errorFd = openSync(join(stage.folder, 'stderr'), 'w');
  const stdio: ('ignore' | number)[] = Array(MARKS_FD + 1).fill('ignore');
  stdio[1] = outputFd;
  stdio[2] = errorFd;
  stdio[MARKS_FD] = marks.writeFd;
  const [name = '', value = ''] = stage.marker.split('=');
  const child = spawn('/bin/sh', ['-c', 'read go <"$0"; exec "$@"', stage.go, ...argv], {
    cwd: stage.folder,
    env: { ...cleanEnvironment(), [name]: value },
    stdio,
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const pid = child.pid!;
  closeSync(errorFd);
  closeSync(marks.writeFd);
  // Opening waits for the shell to be there.
  const goFd = openSync(stage.go, 'w');
  const startMs = performance.now();
  writeSync(goFd, '\n');
  closeSync(goFd);
  let isGone = false;
  const gone = () => {
    const atMs = marks.end();
    isGone = true;
    return atMs;
  };
  const stop = () => {
    const askedMs = performance.now();
    process.kill(pid, 'SIGTERM');
    return gone() - askedMs;
  };
  try {
    const result = await measure({ stage, pid, startMs, outputFd, marks: marks.first, gone, stop });
    if (!isGone) stop();
    await ended;
    const left = findMarked(stage.marker);
    if (left.length > 0)
      throw new Error(`Cannot trust a run that left ${left.length} processes: ${left[0]!.command}`);
    return result;
  } finally {
    marks.close();
    closeSync(outputFd);
  }
}

function errorOutput(stage: Stage): string {
  const text = readFileSync(join(stage.folder, 'stderr'), 'utf8').trim();
  return text === '' ? '' : `\n${text.slice(-1000)}`;
}
