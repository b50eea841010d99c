/**
 * The terminals that the manual shows: a shop of programs that each believe that the terminal is theirs, in real windows.
 */
import { openShellInTmux, type ShellInTmux } from '../support/shell-in-tmux.ts';
import { styledSpans } from '../support/styled-spans.ts';
import { SHOP } from '../support/terminal-programs.ts';
import type { TerminalPicture } from './terminal-svg.ts';

/** A window whose pictures are taken. */
export interface TerminalScene {
  readonly columns: number;
  readonly rows: number;
  readonly config: string;
  /** What is typed and waited for; the shell asks for a command. */
  readonly act: (
    shell: ShellInTmux,
    take: (picture: string, title: string) => Promise<void>,
  ) => Promise<void>;
}

const NEVER_READY = `${SHOP.replaceAll('shop-web-frontend-next', 'web')}  payments: { command: exec sleep 1000, ready: { tcp: 4242 }, depends_on: [types] }\n`;

const besideEachOther: TerminalScene['act'] = async (shell, take) => {
  await shell.enter('orderly up');
  await shell.shows(/ 80%$/);
  await shell.shows(/Overwrite/);
  shell.touch('edited');
  await shell.shows(/Found 1 error/);
  shell.touch('asked');
  await shell.shows(/GET \/orders/);
  await take('before', 'Five programs side by side, two of their lines unfinished');
  await shell.press('\x03');
  await shell.prompt();
  await take('after', 'The same after Ctrl-C: all lines are there, and the shell asks for a command');
};

export const TERMINALS: readonly TerminalScene[] = [
  { columns: 80, rows: 36, config: SHOP, act: besideEachOther },
  { columns: 40, rows: 48, config: SHOP, act: besideEachOther },
  {
    columns: 80,
    rows: 36,
    config: NEVER_READY,
    async act(shell, take) {
      await shell.enter('orderly up');
      await shell.shows(/payments .*: connection refused/);
      await shell.shows(/ 80%$/);
      await shell.shows(/Overwrite/);
      await take('board', 'The board below the lines: it says why a service is not ready');
      await shell.press('\x03');
      await shell.prompt();
    },
  },
];

/** Calls `draw` for each picture, by its name, the width at its end. */
export async function playTerminal(
  { columns, rows, config, act }: TerminalScene,
  draw: (name: string, picture: TerminalPicture) => void,
): Promise<void> {
  const shell = await openShellInTmux({ columns, rows, config });
  try {
    await shell.prompt();
    await act(shell, async (name, title) => {
      draw(`terminal-${name}-${columns}`, { title, columns, lines: styledSpans(await shell.styled()) });
    });
  } finally {
    await shell.end();
  }
}
