/**
 * Files that a run would write over each other or over what it was made from, by whatever name: refused with status 2 before
 * anything is opened, and every one of them stays as it is.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { cleanEnvironment } from '../support/clean-environment.ts';
import { exampleFolder } from '../support/example-folder.ts';
import { orderlyBin } from '../support/orderly-bin.ts';

interface Scene {
  readonly folder: string;
  readonly config: string;
}

/** Services `a` and `b` with these keys; `started` is there if one was started. */
function scene(t: TestContext, a = '', b = ''): Scene {
  const folder = exampleFolder(t);
  const service = (more: string) => `{ type: task, command: [touch, started]${more && `, ${more}`} }`;
  const config = `env_file: some.env\nservices:\n  a: ${service(a)}\n  b: ${service(b)}\n`;
  writeFileSync(join(folder, 'supervisor.yaml'), config);
  for (const name of ['some.env', '.env']) writeFileSync(join(folder, name), 'A=1\n');
  writeFileSync(join(folder, 'a.log'), 'old\n');
  mkdirSync(join(folder, 'sub'));
  linkSync(join(folder, 'supervisor.yaml'), join(folder, 'hard.jsonl'));
  linkSync(join(folder, 'some.env'), join(folder, 'hard.env'));
  linkSync(join(folder, 'a.log'), join(folder, 'hard.log'));
  symlinkSync('supervisor.yaml', join(folder, 'soft.jsonl'));
  symlinkSync('.', join(folder, 'here'));
  symlinkSync('new.log', join(folder, 'dangling.log'));
  return { folder, config };
}

function orderly({ folder }: Scene, args: readonly string[], redirect = '') {
  const { status, stderr } = spawnSync(
    'sh',
    ['-c', `exec "$0" "$@" ${redirect}`, process.execPath, orderlyBin, ...args],
    { cwd: folder, env: cleanEnvironment(), encoding: 'utf8' },
  );
  return { status, stderr };
}

function assertRefused(of: Scene, args: readonly string[], why: RegExp): void {
  const { status, stderr } = orderly(of, args);
  assert.equal(status, 2, stderr);
  assert.match(stderr, why);
  assert.equal(existsSync(join(of.folder, 'started')), false);
  assert.equal(readFileSync(join(of.folder, 'supervisor.yaml'), 'utf8'), of.config);
  assert.equal(readFileSync(join(of.folder, 'some.env'), 'utf8'), 'A=1\n');
  assert.equal(readFileSync(join(of.folder, 'a.log'), 'utf8'), 'old\n');
  assert.equal(existsSync(join(of.folder, 'new.log')), false);
}

suite('same files: the record', () => {
  const names = [
    'supervisor.yaml',
    'hard.jsonl',
    'soft.jsonl',
    'here/supervisor.yaml',
    'some.env',
    'hard.env',
    '.env',
  ];
  for (const name of names) {
    test(`is not written over "${name}"`, (t) => {
      assertRefused(
        scene(t),
        ['up', '--record', name],
        /Cannot record to ".*": that file is read for the configuration/,
      );
    });
  }

  for (const name of ['a.log', 'hard.log', 'here/a.log', 'a.log.2']) {
    test(`is not the log file "${name}", nor one that is rotated to`, (t) => {
      const args = ['up', '--record', name];
      assertRefused(
        scene(t, 'log: { file: a.log }'),
        args,
        /Cannot log "a" to ".*": that file is the record/,
      );
    });
  }

  test('is no file that somebody has it and stdout in', (t) => {
    const of = scene(t);
    const { status, stderr } = orderly(of, ['up', '--record', 'out'], '>out');
    assert.equal(status, 2);
    assert.match(stderr, /that file is what stdout goes to/);
  });

  test('may be a file beside them', (t) => {
    const of = scene(t, 'log: { file: a.log }', 'log: { file: b.log }');
    assert.equal(orderly(of, ['up', '--record', 'run.jsonl']).status, 0);
  });
});

suite('same files: log files', () => {
  const pairs: readonly [string, string][] = [
    ['a.log', 'hard.log'],
    ['a.log', 'here/a.log'],
    ['new.log', 'dangling.log'],
    ['sub/../new.log', 'here/new.log'],
    ['a.log', 'here/a.log.1'],
  ];
  for (const [a, b] of pairs) {
    for (const command of ['up', 'check']) {
      test(`"${a}" and "${b}" are refused for two services by ${command}`, (t) => {
        const of = scene(t, `log: { file: ${a} }`, `log: { file: ${b}, direct: true }`);
        assertRefused(
          of,
          [command],
          /supervisor\.yaml:\d+:\d+: (?:Cannot log|Services "a" and "b" can't both log)/,
        );
      });
    }
  }

  test('are not the configuration', (t) => {
    assertRefused(scene(t, 'log: { file: soft.jsonl }'), ['up'], /that file is read for the configuration/);
  });

  test('may be a device for all', (t) => {
    assert.equal(orderly(scene(t, 'log: { file: /dev/null }', 'log: { file: /dev/null }'), ['up']).status, 0);
  });
});

suite('same files: a timeline', () => {
  for (const name of ['supervisor.yaml', 'hard.jsonl', 'here/supervisor.yaml']) {
    test(`is not drawn over the configuration, as "${name}"`, (t) => {
      const of = scene(t);
      writeFileSync(join(of.folder, 'run.jsonl'), '');
      assertRefused(
        of,
        ['timeline', 'run.jsonl', '--format', 'svg', '-o', name],
        /that is the configuration/,
      );
    });
  }

  test('is not drawn over its record, by another name or as stdin', (t) => {
    const of = scene(t);
    writeFileSync(join(of.folder, 'run.jsonl'), '');
    linkSync(join(of.folder, 'run.jsonl'), join(of.folder, 'run.svg'));
    assertRefused(of, ['timeline', 'run.jsonl', '-o', 'run.svg'], /that is the record itself/);
    const { status, stderr } = orderly(of, ['timeline', '-', '-o', 'run.svg'], '<run.jsonl');
    assert.equal(status, 2);
    assert.match(stderr, /that is the record itself/);
  });
});
