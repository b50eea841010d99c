/**
 * The chapter of the manual on `orderly all`: each of its examples is a command line that is taken, and no option is missing.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { orderlyBin } from '../support/orderly-bin.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import { runOrderly } from '../support/run-orderly.ts';

const chapter = readFileSync(join(repositoryRoot(), 'src/manual/all.md'), 'utf8');

const blocks = [...chapter.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
const examples = blocks
  .flatMap((block) => block.split('\n'))
  .filter((line) => line.startsWith('orderly all '))
  .map((line) => line.replace(/ > [\w.]+$/, ''));

/** The scripts that they name. */
const scripts = Object.fromEntries(
  ['dev-web', 'dev-api', 'lint:js', 'lint:fix:js', 'build', 'build-web', 'test', 'start'].map((name) => [
    name,
    'x',
  ]),
);

suite('the chapter on orderly all', { concurrency: 2, timeout: 60_000 }, () => {
  test('every example is a configuration', async (t) => {
    assert.ok(examples.length > 15);
    const script = examples
      .map((line) => line.replace('orderly all', `"${process.execPath}" "${orderlyBin}" all --print`))
      .map((line) => `${line} >/dev/null || echo "not taken: $?"`)
      .join('\n');
    const files = { 'package.json': JSON.stringify({ scripts }) };
    const end = await runOrderly(t, { files, instead: ['sh', '-c', script] }).ended;
    assert.deepEqual([end.status, end.stdout, end.stderr], [0, [], []]);
  });

  test('every option is told', async (t) => {
    const help = (await runOrderly(t, { args: ['all', '--help'] }).ended).stdout.join('\n');
    const own: readonly string[] = help.slice(help.indexOf('--names')).match(/--[a-z-]+(?=[ ,])/g) ?? [];
    const options = own.slice(0, own.indexOf('--print') + 1);
    assert.ok(options.includes('--kill-others') && options.includes('--print'), help);
    assert.deepEqual(
      options.filter((option) => !chapter.includes(`\`${option}\``) && !chapter.includes(`\`${option} `)),
      [],
    );
  });

  test('an option of concurrently that is not here is told, with the way', async (t) => {
    const ways = chapter
      .slice(chapter.indexOf('## Coming from concurrently'))
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap(
        (line) =>
          line
            .split(' | ', 1)
            .join()
            .match(/--[a-z-]+/g) ?? [],
      );
    for (const option of ['--max-processes 2', '--group', '--timings', '--teardown x', '--prefix-length 3']) {
      const [flag = '', ...value] = option.split(' ');
      const end = await runOrderly(t, { args: ['all', flag, ...value, 'true'] }).ended;
      assert.deepEqual([end.status, end.stderr.length], [2, 1], option);
      assert.ok(end.stderr[0]!.includes(`has no ${flag}: `));
      assert.ok(ways.includes(flag), option);
    }
  });
});
