/**
 * The board in a real terminal: why something isn't ready, while the window changes its size, and nothing of it afterwards.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { freePort } from '../../support/free-port.ts';
import { CTRL_C, interrupted, shellInTmux } from '../../support/shell-in-tmux.ts';
import { withoutTmux } from '../../support/tmux.ts';

/** Lines of the board, but for its head. */
const ROW = /^ [·⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏✔!↓↻■✖−] \S/;
const HEAD = /^(?:starting )?shop: \d+ of \d+ ready/;

function leftovers(shown: readonly string[]): readonly string[] {
  return shown.filter((line) => ROW.test(line) || HEAD.test(line));
}

function waiting(port: number): string {
  return `
name: shop
services:
  db: { command: 'echo up; exec sleep 1000', ready: { log: up } }
  api: { command: exec sleep 1000, ready: { tcp: ${port} }, depends_on: [db] }
  a-frontend-with-a-long-name: { command: exec sleep 1000, depends_on: [api] }
  chatty: { command: 'until [ -e talk ]; do sleep 0.02; done; echo one; until [ -e more ]; do sleep 0.02; done; echo two; exec sleep 1000', ready: { log: never } }
`;
}

suite('the board in tmux', { skip: withoutTmux, concurrency: 2, timeout: 300_000 }, () => {
  for (const columns of [80, 40]) {
    test(`says why something is not ready, each line in one row of ${columns} columns, and goes`, async (t) => {
      const port = await freePort();
      const shell = await shellInTmux(t, { columns, config: waiting(port) });
      const all = await interrupted(shell, 'orderly up', async () => {
        const shown = await shell.shows(columns === 80 ? /api .*: connection/ : /api .* tcp/);
        const head = shown.findIndex((line) => /^starting shop: 1 of 4 ready/.test(line));
        const names = shown.slice(head + 1).map((line) => line.trim().split(/ +/)[1]);
        const long = columns === 80 ? 'a-frontend-…a-long-name' : 'a-fro…name';
        assert.deepEqual(names, ['db', 'api', long, 'chatty']);
        // Above it a line of a service, which stays.
        shell.touch('talk');
        await shell.shows(/^chatty +\| one$/);
      });
      assert.deepEqual(leftovers(all), []);
      assert.equal(all.filter((line) => /^chatty +\| one$/.test(line)).length, 1);
    });
  }

  test('a window that becomes narrower and wider again in the middle keeps each line, and what stands below them once', async (t) => {
    // What moves is on its way to a window of any size: what is unfinished stands still, and is painted by the same means.
    const config = `
services:
  ask: { command: 'printf "%090d? " 0; exec sleep 1000' }
  ask-as-well: { command: 'printf "%060d? " 0; exec sleep 1000' }
  chatty: { command: 'until [ -e talk ]; do sleep 0.02; done; echo one; until [ -e more ]; do sleep 0.02; done; echo two; exec sleep 1000' }
`;
    const shell = await shellInTmux(t, { columns: 120, config });
    // As many rows as tmux breaks it moves out at the top, whatever is free below: nothing reaches what is there.
    const all = await interrupted(shell, 'seq 12; orderly up', async () => {
      await shell.shows(/^ask +\| 0{90}\?$/);
      await shell.shows(/^ask-as-well +\| 0{60}\?$/);
      await shell.resize(44, 24);
      await shell.until((lines) => lines.slice(-2).every((line) => /^ask.* \| 0{20,}…$/.test(line)));
      shell.touch('talk');
      await shell.shows(/^chatty +\| one$/);
      await shell.resize(110, 24);
      await shell.shows(/^ask +\| 0{90}\?$/);
      shell.touch('more');
      const shown = await shell.shows(/^chatty +\| two$/);
      assert.equal(shown.filter((line) => /\| 0+/.test(line)).length, 2, shown.join('\n'));
    });
    assert.deepEqual(
      all
        .flatMap((line) => (/ \| /.test(line) ? [line.replace(/ +\| /, '|').replace(/0+/, '0')] : []))
        .toSorted(),
      ['ask-as-well|0?', 'ask|0?', 'chatty|one', 'chatty|two'],
    );
    assert.ok(!all.some((line) => line.includes('…')));
  });

  test('one as high as the window is nothing to scroll back to, when it began at the top', async (t) => {
    const services = Array.from(
      { length: 12 },
      (_, index) => `  s${index}: { command: exec sleep 1000, depends_on: [wait] }`,
    );
    const wait = `  wait: { command: 'until [ -e talk ]; do sleep 0.02; done; echo one; until [ -e more ]; do sleep 0.02; done; echo two; exec sleep 1000', ready: { log: two } }`;
    const config = `name: shop\nservices:\n${[wait, ...services].join('\n')}\n`;
    const shell = await shellInTmux(t, { columns: 60, rows: 10, config });
    const all = await interrupted(shell, "printf '\\033[2J\\033[3J\\033[H'; orderly up", async () => {
      await shell.shows(/^ and \d+ more$/);
      shell.touch('talk');
      // The window has no room for it.
      await shell.until(async () => (await shell.everything()).includes('wait | one'));
      assert.deepEqual(leftovers((await shell.everything()).slice(0, -9)), []);
      shell.touch('more');
      await shell.shows(/all 13 ready/);
    });
    assert.deepEqual(leftovers(all), []);
  });

  test('a window of one column shows little, and breaks nothing', async (t) => {
    const config = waiting(await freePort());
    const shell = await shellInTmux(t, { columns: 1, config });
    await interrupted(shell, 'orderly up', async () => {
      await shell.shows(/^…$/);
      shell.touch('talk');
      // Without a name: there is no room for one.
      await shell.until(async () => (await shell.everything()).includes('one'));
    });
  });

  test('while everything stops it says who is waited for, and that Ctrl-C again kills; that says so as well', async (t) => {
    const config = `
services:
  db: { command: "trap '' TERM; echo stubborn; while :; do sleep 0.1; done", stop: { grace: 60s } }
shutdown: { interrupt_grace: 60s, budget: 100s }
`;
    const shell = await shellInTmux(t, { columns: 80, config });
    const all = await interrupted(shell, 'orderly up', async () => {
      await shell.shows(/stubborn/);
      await shell.press(CTRL_C);
      await shell.shows(/^orderly: waiting for db \(.*, killed in .*\) \(Ctrl-C again kills\)$/);
      // Two that come within 300 ms are one.
      await shell.shows(/^orderly: waiting for db \((?:[4-9]\d\d ms|[\d.]+ s), killed/);
    });
    assert.ok(all.some((line) => /^orderly: told to stop again: killing what is left/.test(line)));
    assert.ok(!all.some((line) => /waiting for|\^C/.test(line)), all.join('\n'));
    assert.match(all.at(-2) ?? '', /^orderly: not stopped cleanly/);
  });
});
