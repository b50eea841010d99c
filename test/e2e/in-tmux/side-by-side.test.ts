/**
 * Programs that each believe that the terminal is theirs, side by side in a real one: everybody's lines stay, with their names, and
 * afterwards it is as it was.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { CTRL_C, interrupted, shellInTmux } from '../../support/shell-in-tmux.ts';
import { styledSpans } from '../../support/styled-spans.ts';
import { onTerminal, SHOP } from '../../support/terminal-programs.ts';
import { withoutTmux } from '../../support/tmux.ts';

/** What a service has written, without its name, nor what moves with the others' lines. */
function linesOf(name: string, shown: readonly string[]): readonly string[] {
  return shown.flatMap((line) => {
    const [before = '', ...rest] = line.split(' |');
    return before.trim() === name ? [rest.join(' |').trim()] : [];
  });
}

suite('in tmux', { skip: withoutTmux, concurrency: 2, timeout: 300_000 }, () => {
  for (const [columns, web, images] of [
    [80, 'shop-web-frontend-next', 'product-images'],
    [40, 'shop-…next', 'produ…ages'],
  ] as const) {
    test(`everybody’s lines stay in place beside a tsc -w that clears, at ${columns} columns`, async (t) => {
      const shell = await shellInTmux(t, { columns, config: SHOP });
      const all = await interrupted(shell, 'orderly up', async () => {
        await shell.shows(/^seed +\| Overwrite 12 rows\? \(y\/N\)$/);
        const before = await shell.shows(new RegExp(`^${images} +\\| resizing \\[={8} {2}\\] 80%$`));
        // What isn't finished stands below all that is.
        assert.deepEqual(
          new Set(before.slice(-2).map((line) => line.split(' |')[0]?.trim())),
          new Set([images, 'seed']),
        );
        shell.touch('edited');
        await shell.shows(/Found 1 error/);
        shell.touch('asked');
        await shell.shows(/GET \/orders/);
        shell.touch('resized');
        await shell.shows(/resized 40 images/);
        await shell.shows(/^seed +\| Overwrite 12 rows\? \(y\/N\)$/);
      });
      assert.deepEqual(linesOf('types', all), [
        '[10:00:00] Starting compilation in watch mode...',
        '',
        '[10:00:01] Found 0 errors. Watching for file changes.',
        '',
        '[10:00:02] File change detected. Starting incremental compilation...',
        '',
        "api.ts:7:3 - error TS2322: Type 'string' is no number.",
        '',
        '[10:00:03] Found 1 error. Watching for file changes.',
      ]);
      assert.deepEqual(linesOf('api', all), ['listening at 3000', 'GET /products 200', 'GET /orders 200']);
      assert.deepEqual(linesOf(web, all), [
        '',
        'VITE v7.1.0  ready in 412 ms',
        '',
        '➜  Local:   http://localhost:5173/',
        '➜  Network: use --host to expose',
      ]);
      assert.deepEqual(linesOf(images, all), ['resized 40 images']);
      assert.deepEqual(linesOf('seed', all), ['Overwrite 12 rows? (y/N)']);
      for (const line of all.filter((each) => / \|/.test(each)))
        assert.ok(line.indexOf('|') + 2 <= columns / 3, line);
      assert.match(all.at(-3) ?? '', /^orderly: stopped after .*: SIGINT$/);
    });
  }

  test('colours and styles pass, and none goes on in the lines of others', async (t) => {
    const shell = await shellInTmux(t, { columns: 80, config: SHOP });
    await shell.enter('orderly up');
    await shell.shows(/ 80%$/);
    await shell.shows(/Overwrite/);
    const lines = styledSpans(await shell.styled());
    const at = (text: string) => lines.findIndex((spans) => spans.some((span) => span.text.includes(text)));
    const spansAt = (text: string, from = 0) => (lines[at(text)] ?? []).slice(from);
    assert.deepEqual(spansAt('VITE', 2), [
      { text: 'VITE', style: { color: 2, isBold: true } },
      { text: ' v7.1.0', style: { color: 2 } },
      { text: '  ', style: {} },
      { text: 'ready in ', style: { isDim: true } },
      { text: '412', style: { isBold: true } },
      { text: ' ms', style: {} },
    ]);
    assert.deepEqual(spansAt('resizing', 2), [
      { text: 'resizing', style: { color: 3 } },
      { text: ' [========  ] 80%', style: {} },
    ]);
    assert.deepEqual(spansAt('Overwrite', 2)[0]?.style, { isBold: true });
    // It ends while it is dim: what comes next isn't.
    assert.deepEqual(lines[at('Network')]?.at(-1)?.style, { isDim: true });
    assert.deepEqual(lines[at('Network') + 1]?.[0]?.style.isDim, undefined);
    await shell.press(CTRL_C);
    await shell.prompt();
  });

  test('whatever a program takes of the terminal, and is killed with, nobody else misses', async (t) => {
    const config = `
services:
  full: { command: ${onTerminal('full-screen')}, restart: no, on_failure: ignore }
  title: { command: ${onTerminal('title')} }
  api: { command: ${onTerminal('api')} }
`;
    const shell = await shellInTmux(t, { columns: 80, config });
    const all = await interrupted(shell, 'orderly up', async () => {
      await shell.shows(/full: failed: was killed by SIGKILL/);
      await shell.shows(/^title \| named$/);
      shell.touch('asked');
      await shell.shows(/^api {3}\| GET \/orders 200$/);
      const { title, isAlternate, isCursorVisible } = await shell.state();
      assert.notEqual(title, 'taken');
      assert.deepEqual([isAlternate, isCursorVisible], [false, true]);
    });
    assert.deepEqual(linesOf('full', all), ['all of it is mine']);
  });

  test('wide characters and very long lines hold; what is unfinished takes one row', async (t) => {
    const config = `
services:
  wide: { command: ${onTerminal('wide')} }
  long: { command: ${onTerminal('long')} }
  never: { command: exec sleep 1000, ready: { file: never } }
`;
    const shell = await shellInTmux(t, { columns: 40, config });
    const all = await interrupted(shell, 'orderly up', async () => {
      const shown = await shell.until(
        (lines) =>
          lines.some((line) => /^long .*=…$/.test(line)) && lines.some((line) => /^wide .*…$/.test(line)),
      );
      const at = shown.findIndex((line) => /^starting /.test(line));
      const unfinished = shown.slice(at - 2, at).toSorted();
      assert.match(unfinished[0] ?? '', /^long {2}\| <=+…$/);
      assert.match(unfinished[1] ?? '', /^wide {2}\| 進捗状況：商品データベース.*…$/);
    });
    assert.deepEqual(linesOf('wide', all).slice(0, 2), ['在庫を更新しました: 漢字', '결제 완료 ✅ 🎉']);
    assert.deepEqual(
      linesOf('long', all).map((line) => line.length),
      [402, 401],
    );
    assert.ok(!all.some((line) => /starting|^ [·✔⠋-⠿]/.test(line)), all.join('\n'));
  });
});
