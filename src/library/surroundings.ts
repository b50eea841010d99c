/**
 * What the library sees of the outside beside its services: the process that it runs in. Its composition root.
 */
import { readFileSync } from 'node:fs';
import type { BoundedWriter, WriterHooks } from '../output/bounded-writer.ts';
import { openWriter } from '../output/open-writer.ts';
import { listenMeanwhile, watchOwnOutput } from '../process/surroundings/listen-meanwhile.ts';
import type { StopSignal } from '../process/surroundings/stop-signal.ts';

export interface ProgramSurroundings {
  readonly pid: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly random: () => number;
  readonly wallTime: () => string;
  readonly readFile: (path: string) => string | Uint8Array;
  readonly openStdout: (hooks: WriterHooks) => BoundedWriter;
  readonly warn: (text: string) => void;
  readonly listen: (signals: readonly StopSignal[], listener: (signal: StopSignal) => void) => () => void;
  /** Tells when nobody reads any more what the program itself writes to stdout. */
  readonly watchOutput: (onGone: () => void) => () => Promise<void>;
}

export function programSurroundings(): ProgramSurroundings {
  return {
    pid: process.pid,
    cwd: process.cwd(),
    // A copy: each look into the real one is a call into the system.
    env: { ...process.env },
    random: Math.random,
    wallTime: () => new Date().toISOString(),
    readFile: (path) => readFileSync(path),
    openStdout: (hooks) => openWriter(1, hooks).writer,
    warn: (text) => process.emitWarning(text, 'OrderlyWarning'),
    listen: listenMeanwhile,
    watchOutput: watchOwnOutput,
  };
}
