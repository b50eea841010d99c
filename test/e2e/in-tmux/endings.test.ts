/**
 * What is left on a real terminal, and of it, when a run ends otherwise than by one Ctrl-C; and what isn't printed there.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { CTRL_C, interrupted, shellInTmux } from '../../support/shell-in-tmux.ts';
import { onTerminal, SHOP } from '../../support/terminal-programs.ts';
import { withoutTmux } from '../../support/tmux.ts';
import { until } from '../../support/until.ts';

suite('endings in tmux', { skip: withoutTmux, concurrency: 2, timeout: 300_000 }, () => {
  test('G5 G8: a window that is closed takes everything down, and nothing is left', async (t) => {
    const shell = await shellInTmux(t, { columns: 80, config: SHOP });
    await shell.enter('orderly up --record run.jsonl');
    await shell.shows(/Overwrite/);
    assert.ok(shell.processes().length > 5);
    await shell.close();
    await until(() => shell.processes().length === 0);
    const last = readFileSync(join(shell.folder, 'run.jsonl'), 'utf8').trimEnd().split('\n').at(-1) ?? '';
    assert.match(last, /"type":"run.finished","status":129,"cause":"SIGHUP","survivors":\[\]/);
  });

  test('Ctrl-C while something starts leaves no board, and the terminal as it was', async (t) => {
    const config = `
name: shop
services:
  full: { command: ${onTerminal('full-screen')}, restart: { delay: 100s }, ready: { file: never } }
  web: { command: ${onTerminal('vite')}, ready: { file: never } }
`;
    const shell = await shellInTmux(t, { columns: 80, config });
    const all = await interrupted(shell, 'orderly up', async () => {
      await shell.shows(/web +starting/);
      await shell.shows(/full +backoff +in .*: was killed by SIGKILL/);
    });
    assert.ok(!all.some((line) => / starting |backoff|of 2 ready|\^C/.test(line)), all.join('\n'));
  });

  test('a failure is told below everybody’s lines, with the last ones of what is not printed', async (t) => {
    const config = `
services:
  api: { command: ${onTerminal('api')} }
  quiet: { command: "printf '\\\\033[31mno \\\\033[2Jroom\\n'; exit 3", restart: no, depends_on: [api], log: { print: false } }
`;
    const shell = await shellInTmux(t, { columns: 80, config });
    await shell.enter('orderly up');
    await shell.shows(/^orderly: "quiet" failed: /);
    await shell.prompt();
    const all = await shell.everything();
    assert.ok(!all.some((line) => /^quiet/.test(line)));
    assert.ok(all.includes('orderly:   output  | no room'), all.join('\n'));
    assert.match(all.at(-2) ?? '', /^orderly: "quiet" failed: exited with code 3/);
  });

  test('--only prints some, and the others run', async (t) => {
    const shell = await shellInTmux(t, { columns: 80, config: SHOP });
    const all = await interrupted(shell, 'orderly up --only api,types', async () => {
      await shell.shows(/all 5 ready/);
      shell.touch('edited');
      await shell.shows(/Found 1 error/);
      shell.touch('asked');
      await shell.shows(/GET \/orders/);
    });
    const names = new Set(all.filter((line) => / \|/.test(line)).map((line) => line.split(' |')[0]?.trim()));
    assert.deepEqual([...names].toSorted(), ['api', 'types']);
  });

  test('of a run in the background Ctrl-C is none of the business', async (t) => {
    const shell = await shellInTmux(t, { columns: 80, config: SHOP });
    await shell.enter('orderly up -d >told 2>&1; echo "up $?"');
    await shell.shows(/^up 0$/);
    await shell.press(CTRL_C);
    // A shell forgets what was typed before that.
    await shell.shows(/\^C$/);
    await shell.prompt();
    await shell.enter('orderly ps | grep -c ready; orderly down >told 2>&1; echo "down $?"');
    await shell.shows(/^5$/);
    await shell.shows(/^down 0$/);
    await until(() => shell.processes().length === 1);
  });
});
