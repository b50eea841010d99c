/**
 * A program of the examples as a child process, for one test: its lines can be waited for, and `ended` fails if a
 * process that it started outlived it. Whatever is left when the test ends is killed.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { cleanEnvironment } from './clean-environment.ts';
import { examplePath } from './example-path.ts';
import { findMarked, killMarked } from './marked-processes.ts';
import { createSightings } from './sightings.ts';

export interface ExampleProcess {
  /** The first line of stdout that matches, past ones included. Rejects, with what was written, if there is none. */
  line(pattern: RegExp): Promise<string>;
  /** The same for what a pattern can't tell; `what` names it. */
  lineWhere(what: string, fits: (line: string) => boolean): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** Reads no more of what it prints, as `| head` does. */
  closeOutput(): void;
  /** Settles when it has ended and all it wrote is read; the status is as a shell tells it. */
  readonly ended: Promise<{
    readonly status: number;
    readonly lines: readonly string[];
    readonly stderr: string;
  }>;
}

export interface ExampleOptions {
  readonly args?: readonly string[];
  /** Besides the usual variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `node examples/PROGRAM ...args`. */
export function startExample(
  t: TestContext,
  program: string,
  { args = [], env = {} }: ExampleOptions = {},
): ExampleProcess {
  const id = randomUUID();
  const child = spawn(process.execPath, [examplePath(program), ...args], {
    cwd: '/',
    env: { ...cleanEnvironment(), ...env, ORDERLY_TEST: id },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let stderr = '';
  const seen = createSightings<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    seen.add(line);
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<Awaited<ExampleProcess['ended']>>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const status = signal === null ? (code ?? -1) : 128 + constants.signals[signal];
      seen.end(new Error(`It ended with status ${status} and had written:\n${lines.join('\n')}\n${stderr}`));
      try {
        assert.deepEqual(findMarked(`ORDERLY_TEST=${id}`), [], 'processes of the example outlived it');
        resolve({ status, lines, stderr });
      } catch (error) {
        reject(error);
      }
    });
  });
  ended.catch(() => undefined); // A test that fails before it looks at it fails for its own reason.
  t.after(async () => {
    killMarked(`ORDERLY_TEST=${id}`);
    await ended.catch(() => undefined);
  });
  return {
    line: (pattern) => seen.first(`line like ${pattern}`, (line) => pattern.test(line)),
    lineWhere: seen.first,
    signal: (signal) => void child.kill(signal),
    closeOutput: () => void child.stdout.destroy(),
    ended,
  };
}
