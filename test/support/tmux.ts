/**
 * A real terminal, which tmux is: a window of a given size with a shell in it, that is typed into and looked at.
 *
 * Its server is its own and ends with the program that opened it, however that ends. Nothing is asked again and again: tmux says
 * when something has been written to the window (its control mode), and what is waited for is looked for then.
 */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { cleanEnvironment } from './clean-environment.ts';
import { needs } from './needs.ts';

export interface TmuxOptions {
  readonly columns: number;
  readonly rows: number;
  readonly cwd: string;
  /** Over the clean environment, for the shell and what it runs. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a program could change of a terminal. */
export interface TerminalState {
  readonly isCursorVisible: boolean;
  readonly isAlternate: boolean;
  readonly title: string;
  /** From 0. */
  readonly cursor: { readonly column: number; readonly row: number };
  /** The mouse, the keypad, inserting, wrapping, what scrolls: as tmux says it. */
  readonly modes: string;
}

export interface Tmux {
  /** As if typed: `\r` is Enter, `\x03` Ctrl-C. */
  press(keys: string): Promise<void>;
  /** The lines of the window, without what is blank at their ends and below them. */
  screen(): Promise<string[]>;
  /** With what has left the window at its top; a line that was too wide is one. */
  everything(): Promise<string[]>;
  /** The window as it is, with SGR sequences. */
  styled(): Promise<string[]>;
  state(): Promise<TerminalState>;
  /** Waits until the window is such; past moments don't count. */
  until(fits: (lines: readonly string[]) => boolean | Promise<boolean>): Promise<readonly string[]>;
  resize(columns: number, rows: number): Promise<void>;
  /** Closes the window under what runs in it. */
  close(): Promise<void>;
  /** Settles when the window is gone. */
  readonly closed: Promise<void>;
  /** Ends the server. Harmless when repeated. */
  end(): Promise<void>;
}

/** For `skip`. */
export const withoutTmux = needs('tmux');

const LIMIT_MS = 60_000;

const MODES = [
  ...['mouse_any_flag', 'keypad_flag', 'keypad_cursor_flag', 'insert_flag', 'origin_flag', 'wrap_flag'],
  ...['scroll_region_upper', 'scroll_region_lower'],
];
const STATE = ['cursor_flag', 'alternate_on', 'cursor_x', 'cursor_y', ...MODES, 'pane_title'];

/** Opens a window with a shell, whose prompt is `$ `. */
export async function openTmux({ columns, rows, cwd, env }: TmuxOptions): Promise<Tmux> {
  const server = ['-u', '-L', `orderly-${randomUUID()}`, '-f', '/dev/null'];
  const variables = { ...env, PS1: '$ ', ENV: '', HISTFILE: '' };
  const size = ['-x', String(columns), '-y', String(rows)];
  const given = Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const clean = cleanEnvironment();
  const client = spawn('tmux', [...server, '-C', 'new-session', ...size, ...given, 'exec sh'], {
    cwd,
    // What tmux gives to the shell as PATH is its client's.
    env: { ...clean, TERM: 'xterm-256color', PATH: env.PATH ?? clean.PATH },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { ask, onChange, attached, ended } = speakTo(client);
  const end = async (): Promise<void> => {
    spawnSync('tmux', [...server, 'kill-server'], { stdio: 'ignore' });
    await ended;
  };

  const lines = async (command: string): Promise<string[]> => withoutBlanks(await ask(command));
  const screen = () => lines('capture-pane -p');
  const state = async (): Promise<TerminalState> => {
    const [line = ''] = await ask(`display-message -p '${STATE.map((name) => `#{${name}}`).join(' ')}'`);
    const [cursor, alternate, column, row, ...rest] = line.split(' ');
    return {
      isCursorVisible: cursor === '1',
      isAlternate: alternate === '1',
      cursor: { column: Number(column), row: Number(row) },
      modes: rest.slice(0, MODES.length).join(' '),
      title: rest.slice(MODES.length).join(' '),
    };
  };

  const until: Tmux['until'] = async (fits) => {
    const giveUpMs = performance.now() + LIMIT_MS;
    for (;;) {
      const changed = onChange(giveUpMs - performance.now());
      const shown = await screen();
      if (await fits(shown)) return shown;
      if (!(await changed)) throw new Error(`It was never shown: ${fits}\n${shown.join('\n')}`);
    }
  };

  try {
    await attached;
    // Without a client there is no session, and without a session no server.
    await ask('set-option destroy-unattached on');
    await ask('set-option -w window-size manual');
  } catch (error) {
    await end();
    throw error;
  }
  return {
    async press(keys) {
      const codes = [...Buffer.from(keys)].map((code) => code.toString(16));
      await ask(`send-keys -H ${codes.join(' ')}`);
    },
    screen,
    everything: () => lines('capture-pane -p -J -S -'),
    styled: () => lines('capture-pane -p -e'),
    state,
    until,
    async resize(toColumns, toRows) {
      await ask(`resize-window -x ${toColumns} -y ${toRows}`);
    },
    async close() {
      // Nobody answers any more.
      ask('kill-pane').catch(() => undefined);
      await ended;
    },
    closed: ended,
    end,
  };
}

interface Conversation {
  /** The lines of the answer. */
  ask(command: string): Promise<readonly string[]>;
  /** Resolves when the window may be different from now: true; or false after so long, and when it is gone. */
  onChange(withinMs: number): Promise<boolean>;
  /** There is a session, which commands are about; rejects if it never comes to that. */
  readonly attached: Promise<void>;
  readonly ended: Promise<void>;
}

interface Question {
  readonly answer: (lines: readonly string[]) => void;
  readonly refuse: (error: Error) => void;
}

/** Speaks tmux's control mode: answers come in the order of the questions, and never in the middle of another message. */
function speakTo(client: ChildProcessByStdio<Writable, Readable, null>): Conversation {
  const questions: Question[] = [];
  const waiting = new Set<(changed: boolean) => void>();
  let block: { readonly id: string; readonly lines: string[] } | undefined;
  let isOver = false;
  let attach = (): void => {};
  let refuseAll = (_error: Error): void => {};
  const attached = new Promise<void>((resolve, reject) => {
    attach = resolve;
    refuseAll = reject;
  });

  const changed = (how: boolean): void => {
    for (const tell of [...waiting]) tell(how);
  };

  function endBlock(how: string, { id, lines }: { readonly id: string; readonly lines: string[] }): void {
    block = undefined;
    // What ends with 0 answers the command line that the server was started with.
    if (!id.endsWith(' 1')) return;
    const question = questions.shift();
    if (how === 'end') question?.answer(lines);
    else question?.refuse(new Error(`tmux: ${lines.join('\n')}`));
  }

  createInterface({ input: client.stdout }).on('line', (line) => {
    const [, kind, id = ''] = /^%(begin|end|error) (\d+ \d+ \d)$/.exec(line) ?? [];
    if (block === undefined) {
      if (kind === 'begin') block = { id, lines: [] };
      else if (line.startsWith('%output ')) changed(true);
      else if (line.startsWith('%session-changed ')) attach();
    } else if (kind !== undefined && kind !== 'begin' && id === block.id) endBlock(kind, block);
    else block.lines.push(line);
  });
  client.stdin.on('error', () => undefined); // It has ended: that is told below.
  const ended = new Promise<void>((resolve) => {
    client.on('error', () => undefined);
    client.on('close', () => {
      isOver = true;
      for (const { refuse } of questions.splice(0)) refuse(new Error('tmux has ended'));
      refuseAll(new Error('tmux has ended'));
      changed(false);
      resolve();
    });
  });

  return {
    ask: (command) =>
      new Promise((answer, refuse) => {
        if (isOver) return refuse(new Error('tmux has ended'));
        questions.push({ answer, refuse });
        client.stdin.write(`${command}\n`);
      }),
    onChange: (withinMs) =>
      new Promise((resolve) => {
        if (isOver || withinMs <= 0) return resolve(false);
        const tell = (how: boolean): void => {
          clearTimeout(timer);
          waiting.delete(tell);
          resolve(how);
        };
        const timer = setTimeout(tell, withinMs, false);
        waiting.add(tell);
      }),
    attached,
    ended,
  };
}

function withoutBlanks(lines: readonly string[]): string[] {
  const shown = lines.map((line) => line.trimEnd());
  return shown.slice(0, shown.findLastIndex((line) => line !== '') + 1);
}
