/**
 * A program: begins to make FIFOs, says which folders are there for them, and ends at once, as its argument says.
 */
import { readdirSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFifoPool } from '../../src/process/pipes/fifo-pool.ts';

const folders = (): readonly string[] =>
  ['/dev/shm', tmpdir()].flatMap((parent) =>
    readdirSync(parent)
      .filter((name) => /^orderly-\w{6}$/.test(name))
      .map((name) => join(parent, name)),
  );

const before = folders();
createFifoPool().warm(16);
writeSync(1, JSON.stringify(folders().filter((folder) => !before.includes(folder))));
if (process.argv[2] === 'exit') process.exit();
process.kill(process.pid, 'SIGKILL');
