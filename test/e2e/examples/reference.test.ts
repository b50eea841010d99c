/**
 * The programs that the pages of reference show print what their comments say, line by line, and end by themselves.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { PAGES } from '../../reference/contents.ts';
import { cleanEnvironment } from '../../support/clean-environment.ts';
import { examplePath } from '../../support/example-path.ts';
import { repositoryRoot } from '../../support/repository-root.ts';

const run = promisify(execFile);

const programs = PAGES.flatMap(({ name, groups }) =>
  groups.flatMap(({ entries }) =>
    entries.flatMap(({ examples }) => examples.map((file) => examplePath(name, file))),
  ),
);

test('every program beside them is on its page', () => {
  const there = PAGES.flatMap(({ name }) =>
    readdirSync(examplePath(name)).map((file) => examplePath(name, file)),
  );
  assert.deepEqual(there.sort(), [...programs].sort());
});

/** What the compiler made of it; Node runs the text itself from 22.18 on. */
function compiled(path: string): string {
  return join(repositoryRoot(), 'build', relative(repositoryRoot(), path).replace(/\.ts$/, '.js'));
}

suite('examples of the reference', { concurrency: 2, timeout: 60_000 }, () => {
  for (const path of programs) {
    test(path.split('/').slice(-2).join('/'), async ({ signal }) => {
      const told = [...readFileSync(path, 'utf8').matchAll(/\/\/ prints: (.*)$/gm)].map(([, line]) => line);
      assert.ok(told.length > 0, 'it says what it prints');
      const { stdout, stderr } = await run(process.execPath, [compiled(path)], {
        env: cleanEnvironment(),
        signal,
      });
      assert.deepEqual(stdout.split('\n').slice(0, -1), told);
      assert.equal(stderr, '');
    });
  }
});
