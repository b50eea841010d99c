/**
 * What the library sees of the outside beside its services: the process that it runs in. Its composition root.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { BoundedWriter, WriterHooks } from '../output/writers/bounded-writer.ts';
import { openWriter } from '../output/writers/open.ts';
import { hasTerminal } from '../process/surroundings/has-terminal.ts';
import { listenMeanwhile, watchOwnOutput } from '../process/surroundings/listen-meanwhile.ts';
import type { StopSignal } from '../process/surroundings/signal-meaning.ts';

export interface ProgramSurroundings {
  readonly pid: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly random: () => number;
  readonly wallTime: () => string;
  readonly readFile: (path: string) => string | Uint8Array;
  readonly exists: (path: string) => boolean;
  readonly hasTerminal: () => boolean;
  readonly openStdout: (hooks: WriterHooks) => BoundedWriter;
  readonly warn: (text: string) => void;
  /** Keeps the process from ending because nothing is left to do, until the function that it returns is called. */
  readonly keepAlive: () => () => void;
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
    exists: existsSync,
    hasTerminal,
    openStdout: (hooks) => openWriter(1, hooks).writer,
    warn: (text) => process.emitWarning(text, 'OrderlyWarning'),
    keepAlive,
    listen: listenMeanwhile,
    watchOutput: watchOwnOutput,
  };
}

/** The longest that a timer can be. */
const LONG_MS = 2 ** 31 - 1;

function keepAlive(): () => void {
  const timer = setInterval(() => undefined, LONG_MS);
  return () => clearInterval(timer);
}
