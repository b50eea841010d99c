/** `orderly help`: chapters of the manual and the help of commands, in the real program. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { manualPaths, readText, snippets } from '../support/manual.ts';
import { runOrderly } from '../support/run-orderly.ts';

suite('orderly help', { concurrency: 2, timeout: 30_000 }, () => {
  test('alone lists commands, and every chapter with its title', async (t) => {
    const { status, stdout } = await runOrderly(t, { args: ['help'] }).ended;
    const text = stdout.join('\n');
    assert.equal(status, 0);
    assert.match(text, /^Usage: orderly/);
    assert.match(text, /^ {2}a-day +A day with orderly$/m);
    for (const path of manualPaths()) {
      const [, name = ''] = /([\w-]+)\.md$/.exec(path)!;
      assert.equal(new RegExp(`^  ${name} `, 'm').test(text), name !== 'README', name);
    }
  });

  test('shows a chapter as plain text of 80 columns where nothing is a terminal', async (t) => {
    const { status, stdout } = await runOrderly(t, { args: ['help', 'stopping'] }).ended;
    assert.equal(status, 0);
    assert.equal(stdout[0], 'STOPPING');
    assert.ok(!stdout.join('\n').includes('\x1b'));
    assert.ok(stdout.every((line) => [...line].length <= 80));
  });

  test('shows the help of a command, and behind it the chapter of that name', async (t) => {
    const [up, timeline] = await Promise.all(
      ['up', 'timeline'].map((topic) => runOrderly(t, { args: ['help', topic] }).ended),
    );
    assert.match(up!.stdout[0]!, /^Usage: orderly up /);
    assert.match(timeline!.stdout[0]!, /^Usage: orderly timeline /);
    assert.ok(timeline!.stdout.includes('TIMELINE'));
  });

  test('every command, and every option of each, is in the manual, and what is typed there is one', async (t) => {
    const told = manualPaths().map(readText).join('\n');
    const { stdout } = await runOrderly(t, { args: ['help'] }).ended;
    const list = stdout.slice(stdout.indexOf('Commands:'), stdout.indexOf('', stdout.indexOf('Commands:')));
    const commands = list.flatMap((line) => /^ {2}([a-z]+) /.exec(line)?.[1] ?? []);
    assert.ok(commands.length > 25);
    const missing = commands.filter((name) => !new RegExp(`\\borderly ${name}\\b`).test(told));
    assert.deepEqual(missing, []);
    const optionsOf = new Map<string, ReadonlySet<string>>();
    for (const name of commands) {
      const end = await runOrderly(t, { args: ['help', name] }).ended;
      const options = end.stdout.flatMap((line) => /^ {2}(?:-\w, )?(--[a-z-]+)/.exec(line)?.[1] ?? []);
      assert.ok(options.includes('--help'), name);
      const short = end.stdout.flatMap((line) => /^ {2}(-\w), /.exec(line)?.[1] ?? []);
      optionsOf.set(name, new Set([...options, ...short]));
      assert.deepEqual(
        options.filter((option) => !new RegExp(`${option}(?![\\w-])`).test(told)),
        [],
        name,
      );
    }
    const typed = ['README.md', ...manualPaths()].flatMap((path) => typedIn(readText(path)));
    assert.ok(typed.length > 30);
    assert.deepEqual(
      typed.filter(([name = '', ...words]) => {
        const known = optionsOf.get(name);
        const options = words.filter((word) => /^-./.test(word)).map((word) => word.replace(/=.*/, ''));
        return known === undefined || options.some((option) => !known.has(option));
      }),
      [],
    );
  });

  test('of what there is not names the nearest, and ends with 2', async (t) => {
    for (const [topic, hint] of [
      ['stoping', 'Did you mean "stopping"?'],
      ['README', '"orderly help" lists them'],
      ['../../package', '"orderly help" lists them'],
    ]) {
      const { status, stdout, stderr } = await runOrderly(t, { args: ['help', topic!] }).ended;
      assert.deepEqual(
        [status, stdout, stderr],
        [2, [], [`orderly: There is no command and no chapter "${topic}". ${hint}`]],
      );
    }
  });
});

/** The words behind `orderly` of the commands in its snippets, up to a command of somebody else. */
function typedIn(text: string): readonly (readonly string[])[] {
  return snippets(text)
    .filter(({ info }) => /^(?:sh|console)\b/.test(info))
    .flatMap(({ code }) => [...code.matchAll(/(?:^|^\$ |&& |npx )orderlyd? ([^#&|\n]*)/gm)])
    .map(([, words = '']) =>
      words
        .split(/ -- | --$/)[0]!
        .trim()
        .split(/ +/),
    );
}
