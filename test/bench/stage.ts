/**
 * A folder for one run: the files of a contender, and three FIFOs by which a run is timed.
 *
 * `go` releases the supervisor just before its exec, `marks` tells what happens (a byte each) and ends when everyone
 * who holds it is gone, `gate` holds services back. Names contain nothing that a shell would touch.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Stage {
  readonly folder: string;
  readonly go: string;
  readonly marks: string;
  readonly gate: string;
  /** A text that only the processes of this run have in their environment. */
  readonly marker: string;
}

/** More than any workload writes. */
const ROOM_BYTES = 1024 * 1024 * 1024;

export function createStage(): Stage {
  const folder = mkdtempSync(join(roomyFolder(), 'orderly-bench-'));
  const stage = {
    folder,
    go: join(folder, 'go'),
    marks: join(folder, 'marks'),
    gate: join(folder, 'gate'),
    marker: `ORDERLY_BENCH=${folder}`,
  };
  execFileSync('mkfifo', [stage.go, stage.marks, stage.gate]);
  return stage;
}

export function removeStage({ folder }: Stage): void {
  rmSync(folder, { recursive: true, force: true });
}

/** In memory if there is enough of it: a disk would be measured instead. */
function roomyFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize > ROOM_BYTES) return '/dev/shm';
  } catch {
    // There is none.
  }
  return tmpdir();
}
