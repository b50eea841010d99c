/**
 * A shell in a window of tmux, with `orderly` on its PATH, in a fresh folder with a configuration. What was started in it is gone when
 * it ends, as is tmux itself.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { removeClaimsOn } from './claims-on.ts';
import { findMarked, killMarked, type MarkedProcess } from './marked-processes.ts';
import { orderlyBin } from './orderly-bin.ts';
import { styledSpans } from './styled-spans.ts';
import { openTmux, type Tmux } from './tmux.ts';

export interface ShellOptions {
  readonly columns: number;
  /** 24 by default. */
  readonly rows?: number;
  /** Written to `supervisor.yaml`. */
  readonly config: string;
}

export interface ShellInTmux extends Tmux {
  readonly folder: string;
  /** Waits until a line of the window matches. */
  shows(pattern: RegExp): Promise<readonly string[]>;
  /** Types a command line. */
  enter(command: string): Promise<void>;
  /** Waits until the shell asks for a command, on a line of its own with nothing below. */
  prompt(): Promise<readonly string[]>;
  /** Writes an empty file, which a program may look for. */
  touch(file: string): void;
  /** What runs in it, the shell included. */
  processes(): readonly MarkedProcess[];
}

export const CTRL_C = '\x03';

/** The caller calls `end`, which removes the folder as well. */
export async function openShellInTmux({ columns, rows = 24, config }: ShellOptions): Promise<ShellInTmux> {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-tmux-'));
  writeFileSync(join(folder, 'supervisor.yaml'), config);
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'orderly'), `#!/bin/sh\nexec "${process.execPath}" "${orderlyBin}" "$@"\n`);
  chmodSync(join(bin, 'orderly'), 0o755);
  const id = randomUUID();
  const state = join(folder, 'state');
  const env = { PATH: `${bin}:${process.env.PATH}`, ORDERLY_TEST: id, XDG_STATE_HOME: state };
  const mark = `ORDERLY_TEST=${id}`;
  const tmux = await openTmux({ columns, rows, cwd: folder, env });
  return {
    ...tmux,
    folder,
    shows: (pattern) => tmux.until((lines) => lines.some((line) => pattern.test(line))),
    enter: (command) => tmux.press(`${command}\r`),
    prompt: () => tmux.until((lines) => lines.at(-1) === '$'),
    touch: (file) => writeFileSync(join(folder, file), ''),
    processes: () => findMarked(mark),
    async end() {
      await tmux.end();
      killMarked(mark);
      removeClaimsOn(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** For one test, with the shell waiting for a command. */
export async function shellInTmux(t: TestContext, options: ShellOptions): Promise<ShellInTmux> {
  const shell = await openShellInTmux(options);
  t.after(() => shell.end());
  await shell.prompt();
  return shell;
}

/**
 * Types a command that ends only when it is told to, does `meanwhile`, presses Ctrl-C, and asserts that the shell then has the
 * terminal as it was: modes, title, screen, cursor, styles, its prompt on a line of its own, and no other process than the shell.
 * What is told are all lines since, those that have left the window included.
 */
export async function interrupted(
  shell: ShellInTmux,
  command: string,
  meanwhile: () => Promise<unknown>,
): Promise<readonly string[]> {
  const { cursor: at, ...before } = await shell.state();
  await shell.enter(command);
  await meanwhile();
  await shell.press(CTRL_C);
  await shell.prompt();
  const { cursor, ...after } = await shell.state();
  assert.deepEqual(after, before);
  assert.equal(cursor.column, at.column);
  assert.deepEqual(styledSpans(await shell.styled()).at(-1), [{ text: '$', style: {} }]);
  assert.deepEqual(
    shell.processes().map(({ command: name }) => name),
    ['sh'],
  );
  return shell.everything();
}
