/**
 * Short commands with scripted ends. Every run is recorded, with the moment at which its group was dead.
 */
import { now, shield, sleep } from '../../src/concurrency/index.ts';
import type { Commands, ReadyCommand, ShortCommand, ShortCommandEnd } from '../../src/process/ports.ts';
import { passes } from './passes.ts';
import { toMicrosecond } from './to-microsecond.ts';

export interface FakeRun {
  /** By default it exits with 0. */
  readonly end?: ShortCommandEnd;
  /** How long it runs; Infinity: until it is killed. */
  readonly afterMs?: number;
  /** How long it takes to be dead once killed; Infinity: it never is. */
  readonly killMs?: number;
  /** Written as it begins. */
  readonly stdout?: string;
  readonly stderr?: string;
}

const FIRST_PID = 50_000;

export interface FakeCommandRecord {
  readonly text: string;
  readonly command: ShortCommand;
  readonly startedMs: number;
  /** Undefined while its group is alive. */
  endedMs: number | undefined;
  killed: boolean;
}

export interface FakeCommands extends Commands {
  /** How the runs of a command (its words joined by a space, or its script) go, in order; the last one repeats. */
  script(text: string, ...runs: readonly FakeRun[]): void;
  readonly records: readonly FakeCommandRecord[];
  /** How many are alive. */
  readonly alive: number;
}

export function createFakeCommands(): FakeCommands {
  const scripts = new Map<string, FakeRun[]>();
  const records: FakeCommandRecord[] = [];

  const next = (text: string): FakeRun => {
    const runs = scripts.get(text);
    if (runs === undefined) return { end: { kind: 'failed', message: `"${text}" is not on the PATH` } };
    return (runs.length > 1 ? runs.shift() : runs[0]) ?? {};
  };

  return {
    async run(command, signal) {
      const text = textOf(command.command);
      const run = next(text);
      const record: FakeCommandRecord = {
        text,
        command,
        startedMs: toMicrosecond(now()),
        endedMs: undefined,
        killed: false,
      };
      records.push(record);
      command.onSpawned?.(FIRST_PID + records.length);
      if (run.stdout !== undefined) command.onOutput?.('stdout', Buffer.from(run.stdout));
      if (run.stderr !== undefined) command.onOutput?.('stderr', Buffer.from(run.stderr));
      record.killed = !(await passes(run.afterMs ?? 0, signal));
      // The group is dead a moment later, and whoever waits for the command waits for that too.
      if (record.killed && run.killMs === Number.POSITIVE_INFINITY) return new Promise(() => {});
      if (record.killed && run.killMs !== undefined) await shield(() => sleep(run.killMs ?? 0));
      record.endedMs = toMicrosecond(now());
      if (record.killed) return { kind: 'signal', signal: 'SIGKILL' };
      return run.end ?? { kind: 'code', code: 0 };
    },
    script: (text, ...runs) => void scripts.set(text, [...runs]),
    records,
    get alive() {
      return records.filter((record) => record.endedMs === undefined).length;
    },
  };
}

function textOf(command: ReadyCommand): string {
  if (command.kind === 'call') return command.name;
  if (command.kind === 'external') return 'external';
  // With the values in it, wherever they stand for the shell.
  if (command.shown !== undefined) return command.shown;
  return command.kind === 'exec' ? command.argv.join(' ') : command.script;
}
