/**
 * Processes and functions in one graph, in a real program.
 */
import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { programPath } from '../../support/programs.ts';
import { until } from '../../support/until.ts';

interface Program {
  readonly child: ChildProcessByStdio<null, Readable, null>;
  readonly lines: readonly string[];
  /** All that it wrote, once it has ended. */
  readonly ended: Promise<readonly string[]>;
  line(pattern: RegExp): Promise<RegExpExecArray>;
}

function runProgram(t: TestContext, ...args: readonly string[]): Program {
  const child = spawn(process.execPath, [programPath('library/graph.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const matching = (pattern: RegExp) =>
    lines.map((line) => pattern.exec(line)).find((match) => match !== null) ?? undefined;
  return {
    child,
    lines,
    ended: once(child, 'close').then(() => lines),
    line: (pattern) => until(() => matching(pattern)),
  };
}

test('G1 G2 a function between two processes is given the values of one, and gives the other its own', async (t) => {
  const program = runProgram(t);
  await program.line(/^ready/);
  await program.line(/cache at/);
  program.child.kill('SIGTERM');
  const lines = await program.ended;
  const said = lines.map((line) => line.replace(/ as \d+$/, '').replace(/\d+$/, 'N'));
  assert.deepEqual(
    said.filter((line) => !line.startsWith('ready')),
    [
      'db  | listening on N',
      'web | cache at 127.0.0.1:N',
      'web | bye',
      'cache: asked',
      'cache is cleaned',
      'db  | db is cleaned',
      '143: SIGTERM',
    ],
  );
  assert.equal(program.child.exitCode, 0);
});

test('G6 a program that is killed takes its processes with it', async (t) => {
  const program = runProgram(t);
  const [, pid = ''] = await program.line(/^ready, db is (\d+)/);
  assert.ok(existsSync(`/proc/${pid}`));
  program.child.kill('SIGKILL');
  await until(() => !existsSync(`/proc/${pid}`));
});

test('children that are not of the graph stay those of the program, and live on', async (t) => {
  const program = runProgram(t, 'hold');
  await program.line(/^ready/);
  await program.line(/^own child: 7$/);
  program.child.kill('SIGINT');
  assert.deepEqual((await program.ended).slice(-2), ['130: SIGINT', 'lasting child: alive']);
});
