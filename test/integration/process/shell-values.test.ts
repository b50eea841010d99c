/**
 * Values that services report never become code: for any value and any place of a script, each shell that is here gets
 * exactly the value, as one word, and executes nothing else.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { parameterize, refusedValues } from '../../../src/config/shell/values.ts';
import type { Template } from '../../../src/config/types.ts';
import { commandArgv, commandEnv } from '../../../src/process/spawn/command-argv.ts';
import { assertProperty } from '../../support/assert-property.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderly-values-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const RUNS = Number(process.env.PROPERTY_RUNS ?? 200);
const MARK = '@';

const pieces = [
  ...[
    '$(touch PWNED)',
    '`touch PWNED`',
    ';touch PWNED;',
    '&& touch PWNED',
    '\ntouch PWNED\n',
    '| touch PWNED',
  ],
  ...[
    "'",
    '"',
    '\\',
    '$',
    '${HOME}',
    '*',
    '?',
    '[a]',
    '~',
    '#',
    ' ',
    '\t',
    '\n',
    '\r',
    '!',
    '(',
    ')',
    '{',
    '}',
    '=',
    '-rf',
    '--',
  ],
  ...[
    'é',
    '\u{1f600}',
    '\u3000',
    '\x1b[31m',
    '\x01',
    '<<E',
    'E\n',
    '\nE\n',
    '%s',
    'a',
    '0',
    '',
    'x[$(touch PWNED)]',
  ],
];
const value = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((some) => some.join('')),
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replaceAll(/[\0\p{Cs}]/gu, '')),
);

/** A word with the value in it, and what it comes to; `.` keeps what follows from being the end of a substitution. */
const { word } = fc.letrec<{ word: string; inner: string }>((tie) => ({
  word: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom(
      '@',
      'a@b',
      '"@"',
      '"a @ b"',
      "'@'",
      `'a "@" $ b'`,
      '"it\'s @"',
      '"#@"',
      '\\"@',
      '\\\\@',
      'a=@',
    ),
    tie('inner').map((inner) => `"$(printf %s. ${inner})"`),
    tie('inner').map((inner) => `"$(case a in (b) ;; a) printf %s. ${inner} ;; esac)"`),
    tie('inner').map((inner) => `"$(if :; then # it's a comment\nprintf %s. ${inner}; fi)"`),
    tie('inner').map((inner) => `"$( ( f() { printf %s. ${inner}; }; f ) )"`),
    fc.constantFrom('"`printf %s. @`"', '"`printf %s. "@"`"', `"\`printf %s. '@'\`"`),
    fc.constantFrom('"${UNSET:-@}"', '${UNSET:-@}', '${UNSET-"@"}', "${UNSET:-'@'}"),
    fc.constantFrom(
      '"$(cat <<E\n@.\nE\n)"',
      '"$(cat <<-E\n@.\n\tE\n)"',
      '"$(cat <<E; printf %s @.\n$(printf %s. "@")\nE\n)"',
    ),
  ),
  inner: tie('word'),
}));

const shells = ['/bin/sh', '/bin/dash', '/bin/bash', '/bin/busybox'].filter((shell) => existsSync(shell));

/** What each word of the script came to, or undefined if the shell can't read it. */
function run(shell: string, script: string, env: Readonly<Record<string, string>>): string {
  const argv =
    shell === '/bin/sh'
      ? commandArgv({ kind: 'shell', script })
      : [shell, ...(shell.endsWith('busybox') ? ['sh'] : []), '-c', script];
  const result = spawnSync(argv[0]!, argv.slice(1), {
    cwd: folder,
    // A shell with a socket for stdin takes itself for one far away, and reads a file of its user first.
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH!, HOME: folder, ...env },
  });
  assert.equal(result.stderr.toString(), '', script);
  return result.stdout.toString();
}

test('a value in a text for the shell is one word, exactly as it was reported, and nothing is executed', () => {
  assertProperty(
    fc.property(value, word, (reported, text) => {
      const reference = { service: 'db', value: 'v' };
      const template = (source: string): Template =>
        source.split(MARK).flatMap((part, index) => (index === 0 ? [part] : [reference, part]));
      const script = template(`printf '%s\\n' ${text}`);
      assert.deepEqual(refusedValues(script), []);
      const { script: made, parameters = {} } = parameterize(script, () => reported);
      const env = commandEnv({ kind: 'shell', script: made, parameters }, {});
      // The same text with a plain word in place of the value says what it is to come to.
      const plain = parameterize(script, () => 'PLAIN');
      for (const shell of shells) {
        const wanted = run(shell, plain.script, { ORDERLY_VALUE_1: 'PLAIN' }).replaceAll(
          'PLAIN',
          () => reported,
        );
        assert.equal(run(shell, made, env), wanted, `${shell}: ${made}`);
        assert.equal(existsSync(join(folder, 'PWNED')), false, `${shell}: ${made}`);
      }
    }),
    { numRuns: RUNS, includeErrorInReport: true },
  );
});
