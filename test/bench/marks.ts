/**
 * What a run tells by its FIFO: one byte for each thing that happened, and the end when everyone is gone.
 *
 * Reading blocks this whole program on purpose: it wakes within some microseconds, and costs nothing meanwhile. So that
 * it can't block for ever, a shell writes a `!` after a minute.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { Stage } from './stage.ts';

export interface Marks {
  /** For the supervisor; close it once that has it. */
  readonly writeFd: number;
  /** Blocks until there are that many, and returns the time of each so far. */
  first(count: number): readonly number[];
  /** Blocks until nobody holds the other end, and returns when that was. */
  end(): number;
  close(): void;
}

const LIMIT_S = 60;
const ALARM = '!'.charCodeAt(0);

export function openMarks(stage: Stage): Marks {
  // An end that blocks can be opened only while the other is open.
  const helper = openSync(stage.marks, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeFd = openSync(stage.marks, constants.O_WRONLY);
  const readFd = openSync(stage.marks, constants.O_RDONLY);
  closeSync(helper);
  const alarm = startAlarm(stage);
  const buffer = Buffer.alloc(4096);
  const times: number[] = [];

  /** False at the end. */
  const read = (): boolean => {
    const length = readSync(readFd, buffer);
    const now = performance.now();
    for (const byte of buffer.subarray(0, length)) {
      if (byte === ALARM)
        throw new Error(`Cannot measure: after ${LIMIT_S} s there were ${times.length} marks`);
      times.push(now);
    }
    return length > 0;
  };

  return {
    writeFd,
    first(count) {
      while (times.length < count) {
        if (!read()) throw new Error(`Cannot measure: it ended after ${times.length} of ${count} marks`);
      }
      return times;
    },
    end() {
      while (read());
      return performance.now();
    },
    close() {
      alarm.kill();
      closeSync(readFd);
    },
  };
}

/** It opens the FIFO for both ways, which never blocks. */
function startAlarm({ marks }: Stage): ChildProcess {
  const script = `trap 'kill $!' TERM; sleep ${LIMIT_S} & wait $! && echo '!' 1<>${marks}`;
  return spawn('/bin/sh', ['-c', script], { stdio: 'ignore' });
}
