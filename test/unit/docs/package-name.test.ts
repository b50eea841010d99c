/**
 * Nothing that people copy fetches the package `orderly`, which is somebody else's: this one is `orderlyd`.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../../support/repository-root.ts';
import { trackedTexts } from '../../support/tracked-texts.ts';

const INSTALLERS =
  /\b(?:npm +(?:i|in|install|add|exec)|npx|pnpm +(?:i|add|install|dlx)|yarn +(?:global +)?(?:add|dlx)|bunx?(?: +(?:add|install|x))?)\b/;
/** The name alone, where a package's name stands: no path, no `orderlyd`, no script of that name in quotes of JSON. */
const STRANGER = /(?:^|[\s"'`])orderly(?:@[^\s"'`]*)?(?=$|[\s"'`,;)])/;

/** What would fetch or import the stranger. `npx orderly` is harmless only where `orderlyd` is installed. */
function strangers(text: string): readonly string[] {
  const lines = text.split('\n');
  const installs = lines.filter((line) => {
    const command = INSTALLERS.exec(line);
    return command !== null && STRANGER.test(line.slice(command.index + command[0].length));
  });
  const depends = lines.filter((line) => /"orderly": *"(?:[~^]|\d|\*|latest|npm:|>)/.test(line));
  const imports = lines.filter((line) =>
    /(?:from|import|import\(|require\() *['"]orderly(?:\/[^'"]*)?['"]/.test(line),
  );
  return [...installs, ...depends, ...imports];
}

test('the package that is told to be installed, run or imported is orderlyd, in every text', () => {
  const told = trackedTexts()
    .filter((path) => !path.startsWith('test/unit/docs/'))
    .flatMap((path) =>
      strangers(readFileSync(join(repositoryRoot(), path), 'utf8')).map((line) => `${path}: ${line}`),
    );
  assert.deepEqual(
    told.filter((line) => !/somebody else|runs yours/.test(line)),
    [],
  );
});

test('the finder of strangers knows each way to fetch one', () => {
  const bad = [
    'RUN npm install --global orderly',
    'npm i -D orderly@1.2.3',
    'npx orderly up',
    'npm exec orderly up',
    'pnpm dlx orderly',
    'yarn global add orderly',
    '    "orderly": "^0.1.0"',
    "import { supervise } from 'orderly';",
    "await import('orderly/service')",
  ];
  for (const line of bad) assert.equal(strangers(line).length, 1, line);
  const good = [
    'RUN npm install --global /tmp/orderlyd-0.1.0.tgz',
    'npm install orderlyd',
    '"dev": "orderly up"',
    'node_modules/.bin/orderly up',
    "import { supervise } from 'orderlyd';",
    '    "orderly": "bin/orderly.js",',
  ];
  for (const line of good) assert.deepEqual(strangers(line), [], line);
});

test('the names of the package and of its programs', () => {
  const { name, bin } = JSON.parse(readFileSync(join(repositoryRoot(), 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly bin: Readonly<Record<string, string>>;
  };
  assert.equal(name, 'orderlyd');
  assert.deepEqual(Object.keys(bin), ['orderly', 'orderlyd', 'orderly-init']);
});
