/**
 * The real command line in a fresh folder, for one test: what it writes can be waited for, and nothing that it
 * started is left when the test ends.
 *
 * `ended` fails if a process of the run outlived it, or if what it told about itself breaks a guarantee: that holds for
 * every test, and is said nowhere else.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { assertRecord } from './assert-record.ts';
import { removeClaimsOn } from './claims-on.ts';
import { cleanEnvironment } from './clean-environment.ts';
import { findMarked, killMarked, type MarkedProcess } from './marked-processes.ts';
import { orderlyBin } from './orderly-bin.ts';
import { createSightings } from './sightings.ts';

export interface OrderlyOptions {
  /** The command line after `orderly`; by default `up --output json`. */
  readonly args?: readonly string[];
  /** Written to `supervisor.yaml` in the fresh folder. */
  readonly config?: string;
  /** Further files in it, by their relative paths. */
  readonly files?: Readonly<Record<string, string>>;
  /** Over the environment of the test; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** By default the fresh folder. */
  readonly cwd?: string;
  /** What stands before `orderly` itself, for a test that runs it inside something: `['unshare', '--pid']`. */
  readonly inside?: readonly string[];
  /** A whole command line that calls `orderly`, in place of calling it: `['npm', 'run', 'dev']`. */
  readonly instead?: readonly string[];
  /** It gets a process group of its own, and `signal` goes to all of it, as Ctrl-C at a terminal does. */
  readonly ownGroup?: boolean;
  /** For tests in which processes rightly outlive the program: `ended` then tells them instead of failing. */
  readonly mayLeaveProcesses?: boolean;
}

export interface OrderlyEnd {
  /** As a shell tells it: 128 + n if it ended by a signal. */
  readonly status: number;
  /** The signal it really ended by. */
  readonly signal: NodeJS.Signals | null;
  /** Lines. */
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  readonly events: readonly OrderlyEvent[];
  /** What was alive when it had ended; empty unless `mayLeaveProcesses`. */
  readonly left: readonly MarkedProcess[];
}

type EventOf<Type> = Extract<OrderlyEvent, { readonly type: Type }>;

export interface OrderlyRun {
  readonly folder: string;
  readonly pid: number;
  /** So far. */
  readonly events: readonly OrderlyEvent[];
  /** The first event that fits, past ones included. Rejects, with what was written, if the run ends without it. */
  event(fits: (event: OrderlyEvent) => boolean): Promise<OrderlyEvent>;
  event<Type extends OrderlyEvent['type']>(
    type: Type,
    having?: Partial<EventOf<Type>>,
  ): Promise<EventOf<Type>>;
  /** The first line of stdout or stderr that matches, likewise. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** The first for which this holds, likewise; it is asked about each line once, in order. */
  firstLine(fits: (line: string) => boolean): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** Settles when the program has ended and all it wrote is read. */
  readonly ended: Promise<OrderlyEnd>;
}

export function runOrderly(t: TestContext, options: OrderlyOptions = {}): OrderlyRun {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-e2e-'));
  writeFiles(folder, {
    ...options.files,
    ...(options.config === undefined ? {} : { 'supervisor.yaml': options.config }),
  });
  const id = randomUUID();
  const [program = '', ...args] = options.instead ?? [
    ...(options.inside ?? []),
    process.execPath,
    orderlyBin,
    ...(options.args ?? ['up', '--output', 'json']),
  ];
  const env = { ...cleanEnvironment(), ...options.env, ORDERLY_TEST: id };
  const child = spawn(program, args, {
    cwd: options.cwd ?? folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.ownGroup ?? false,
  });
  // A service that doesn't inherit our variable has the run's own, which begins with the pid.
  const marks = [`ORDERLY_TEST=${id}`, ...(child.pid ? [`ORDERLY_RUN=${child.pid}-`] : [])];
  const stdout: string[] = [];
  const stderr: string[] = [];
  const events: OrderlyEvent[] = [];
  const lines = createSightings<string>();
  const told = createSightings<OrderlyEvent>();

  readLines(child.stdout, (line) => {
    stdout.push(line);
    lines.add(line);
    const event = toEvent(line);
    if (event === undefined) return;
    events.push(event);
    told.add(event);
  });
  readLines(child.stderr, (line) => {
    stderr.push(line);
    lines.add(line);
  });

  const ended = new Promise<OrderlyEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const status = signal === null ? (code ?? -1) : 128 + constants.signals[signal];
      const left = findMarked(...marks);
      const wrote = [...stdout, ...stderr].map((line) => `\n  ${line}`).join('');
      const over = new Error(`The run ended with status ${status}. It had written:${wrote}`);
      lines.end(over);
      told.end(over);
      try {
        if (!options.mayLeaveProcesses) assert.deepEqual(left, [], 'processes of the run outlived it');
        const end = { status, signal, stdout, stderr, events, left };
        if (tellsAll(options, events)) resolve(assertRecord(folder, events, env).then(() => end));
        else resolve(end);
      } catch (error) {
        reject(error);
      }
    });
  });
  ended.catch(() => undefined); // A test that never looks at it still ends: the failure is that of what it looks at.

  t.after(async () => {
    killMarked(...marks);
    await ended.catch(() => undefined);
    removeClaimsOn(folder);
    rmSync(folder, { recursive: true, force: true });
  });

  return {
    folder,
    pid: child.pid ?? -1,
    events,
    event: ((first: OrderlyEvent['type'] | ((event: OrderlyEvent) => boolean), having = {}) =>
      typeof first === 'function'
        ? told.first(`event for which ${first}`, first)
        : told.first(
            `event ${first} with ${JSON.stringify(having)}`,
            (event) => event.type === first && has(event, having),
          )) as OrderlyRun['event'],
    line: async (pattern) =>
      pattern.exec(await lines.first(`line with ${pattern}`, (line) => pattern.test(line)))!,
    firstLine: (fits) => lines.first(`line for which ${fits}`, fits),
    signal(signal) {
      if (options.ownGroup && child.pid) process.kill(-child.pid, signal);
      else child.kill(signal);
    },
    ended,
  };
}

/** A whole run of its configuration, whose status is not that of one service. */
function tellsAll({ config, args = ['up'] }: OrderlyOptions, events: readonly OrderlyEvent[]): boolean {
  const isWhole = events.at(-1)?.type === 'run.finished';
  return isWhole && config !== undefined && args[0] === 'up' && !args.includes('--exit-code-from');
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
}

/** An event of JSON output; undefined for any other line. */
function toEvent(line: string): OrderlyEvent | undefined {
  return line.startsWith('{"seq":') ? (JSON.parse(line) as OrderlyEvent) : undefined;
}

function has(event: object, having: object): boolean {
  return Object.entries(having).every(([key, value]) => (event as Record<string, unknown>)[key] === value);
}
