import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { SpawnFailure } from '../../../src/process/ports.ts';
import { explainSpawnFailure } from '../../../src/process/spawn/spawn-failure.ts';
import { createProcessLab } from '../../support/process-lab.ts';
import { programPath } from '../../support/programs.ts';

async function failureOf(
  t: TestContext,
  argv: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<SpawnFailure> {
  const lab = await createProcessLab(t);
  const result = await lab.tryLaunch(argv, options);
  assert.equal(result.kind, 'spawn-failed');
  return result.kind === 'spawn-failed' ? result.failure : assert.fail();
}

const folder = programPath('');

const table: readonly {
  readonly law: string;
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly reason: string;
  readonly why: string;
}[] = [
  {
    law: 'a command that is on no PATH',
    argv: ['no-such-program'],
    reason: 'command-not-found',
    why: '"no-such-program" is not on the PATH; install it, or give its whole path',
  },
  {
    law: 'a command without any PATH',
    argv: ['no-such-program'],
    env: {},
    reason: 'command-not-found',
    why: '"no-such-program" is not in /bin or /usr/bin, and its environment has no PATH; give one, or the whole path',
  },
  {
    law: 'a path that is not there',
    argv: ['/no/such/program'],
    reason: 'command-not-found',
    why: '"/no/such/program" does not exist; check the path',
  },
  {
    law: 'a relative path that is not there',
    argv: ['./no-such-program'],
    cwd: '/usr',
    reason: 'command-not-found',
    why: '"./no-such-program" does not exist in "/usr"; check the path',
  },
  {
    law: 'a missing folder, though the command is there',
    argv: ['sleep', '1'],
    cwd: '/no/such/folder',
    reason: 'folder-not-found',
    why: 'its folder "/no/such/folder" does not exist; create it, or change "cwd"',
  },
  {
    law: 'a folder that is a file',
    argv: ['sleep', '1'],
    cwd: '/etc/passwd',
    reason: 'folder-not-found',
    why: 'its folder "/etc/passwd" is not a folder; change "cwd"',
  },
  {
    law: 'a file that is not executable',
    argv: ['./not-executable.sh'],
    cwd: folder,
    reason: 'not-executable',
    why: `"./not-executable.sh" is not executable; run chmod +x ${programPath('not-executable.sh')}`,
  },
  {
    law: 'a file on the PATH that is not executable',
    argv: ['not-executable.sh'],
    env: { PATH: `/nowhere:${folder}` },
    reason: 'not-executable',
    why: `"not-executable.sh" is not executable; run chmod +x ${programPath('not-executable.sh')}`,
  },
  {
    law: 'a folder as the command',
    argv: ['/usr'],
    reason: 'not-executable',
    why: '"/usr" is a folder; name a program',
  },
  {
    law: 'an interpreter that is not there',
    argv: ['./bad-interpreter.sh'],
    cwd: folder,
    reason: 'not-executable',
    why: '"./bad-interpreter.sh" names the interpreter "/no/such/interpreter", which does not exist; correct its first line',
  },
  {
    law: 'a script with the line ends of Windows',
    argv: ['./crlf.sh'],
    cwd: folder,
    reason: 'not-executable',
    why: '"./crlf.sh" names the interpreter "/bin/sh" with a carriage return after it; give the file Unix line ends',
  },
  {
    law: 'a NUL in an argument',
    argv: ['sleep', '1', 'a\0b'],
    reason: 'impossible',
    why: 'argument 2 of its command contains a NUL character; remove it',
  },
  {
    law: 'a NUL in the environment',
    argv: ['/bin/sleep', '1'],
    env: { BAD: 'a\0b' },
    reason: 'impossible',
    why: 'its environment variable "BAD" contains a NUL character; remove it',
  },
  {
    law: 'an argument that is too long',
    argv: ['sleep', 'x'.repeat(200_000)],
    reason: 'impossible',
    why: 'argument 1 of its command has 196 KiB, and the system takes 128 KiB for one; shorten it',
  },
  {
    law: 'a script that is too long',
    argv: ['/bin/sh', '-c', 'x'.repeat(200_000)],
    reason: 'impossible',
    why: 'its script has 196 KiB, and the system takes 128 KiB for one; shorten it',
  },
  {
    law: 'a variable that is too long',
    argv: ['/bin/sleep', '1'],
    env: { BIG: 'x'.repeat(150_000) },
    reason: 'impossible',
    why: 'its environment variable "BIG" has 147 KiB, and the system takes 128 KiB for one; shorten it',
  },
  { law: 'an empty command', argv: [''], reason: 'impossible', why: 'its command is empty; name a program' },
];

for (const { law, argv, cwd, env, reason, why } of table) {
  test(`told apart: ${law}`, async (t) => {
    const failure = await failureOf(t, argv, { ...(cwd && { cwd }), ...(env && { env }) });
    assert.deepEqual(failure, { reason, message: `Cannot start "db": ${why}` });
  });
}

const limits: readonly (readonly [code: string, reason: string, words: RegExp])[] = [
  ['EMFILE', 'too-many-files', /ulimit -n/],
  ['ENFILE', 'too-many-files', /fs\.file-max/],
  ['ENOMEM', 'no-memory', /memory/],
  ['EAGAIN', 'other', /ulimit -u/],
  ['ETXTBSY', 'other', /open for writing/],
  ['EPERM', 'not-executable', /permission denied/],
  ['EOWNERDEAD', 'other', /refused to execute "\/bin\/sh" \(EOWNERDEAD\)/],
];

for (const [code, reason, words] of limits) {
  test(`told apart: ${code}`, () => {
    const error = Object.assign(new Error('spawn failed'), { code });
    const explanation = explainSpawnFailure({ argv: ['/bin/sh'], cwd: '/', env: {}, error });
    assert.equal(explanation.reason, reason);
    assert.match(explanation.why, words);
  });
}

test('when the descriptors are used up a launch fails with that reason, and what runs can still be seen and killed', () => {
  const program = fileURLToPath(new URL('../../support/launch-without-descriptors.js', import.meta.url));
  const { stdout, stderr } = spawnSync(
    '/bin/sh',
    ['-c', 'ulimit -n 160; exec "$0" "$1"', process.execPath, program],
    {
      encoding: 'utf8',
    },
  );
  assert.equal(stderr, '');
  const { launched, reason, gone } = JSON.parse(stdout);
  assert.ok(launched > 3, `${launched} launched`);
  assert.equal(reason, 'too-many-files');
  assert.equal(gone, launched);
});
