/**
 * An example's real program as a child process, for one test: what it prints can be waited for, and it is killed if the
 * test ends before it.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { cleanEnvironment } from './clean-environment.ts';
import { examplePath } from './example-path.ts';
import { createSightings } from './sightings.ts';

export interface ExampleEnd {
  /** As a shell tells it: 128 + n if it ended by a signal. */
  readonly status: number;
  /** The lines of stdout. */
  readonly lines: readonly string[];
  readonly stderr: string;
}

export interface ExampleRun {
  /** The first line of stdout that matches; rejects if the program ends without it. */
  line(pattern: RegExp): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** Reads no more of what it prints, as `| head` does. */
  closeOutput(): void;
  readonly ended: Promise<ExampleEnd>;
}

/** Runs `node examples/PROGRAM ...args`. */
export function runExample(t: TestContext, program: string, ...args: readonly string[]): ExampleRun {
  const child = spawn(process.execPath, [examplePath(program), ...args], {
    cwd: '/',
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  const seen = createSightings<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    seen.add(line);
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<ExampleEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const status = signal === null ? (code ?? -1) : 128 + constants.signals[signal];
      seen.end(new Error(`It ended with status ${status}. It had printed:\n${lines.join('\n')}\n${stderr}`));
      resolve({ status, lines, stderr });
    });
  });
  return {
    line: (pattern) => seen.first(`line like ${pattern}`, (line) => pattern.test(line)),
    signal: (signal) => void child.kill(signal),
    closeOutput: () => void child.stdout.destroy(),
    ended,
  };
}
