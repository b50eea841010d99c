import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findTrouble, type ProgramToStart } from '../../../src/process/spawn/find-trouble.ts';

const cwd = mkdtempSync(join(tmpdir(), 'orderly-trouble-'));
after(() => rmSync(cwd, { recursive: true }));
mkdirSync(join(cwd, 'bin'));
writeFileSync(join(cwd, 'bin/there'), '#!/bin/sh\n', { mode: 0o755 });
writeFileSync(join(cwd, 'plain'), '');

const found = (command: ProgramToStart['command'], searchPath: string | undefined = join(cwd, 'bin')) =>
  findTrouble({ command, cwd, searchPath });
const exec = (program: string | undefined) => found({ kind: 'exec', program });
const shell = (script: string | undefined) => found({ kind: 'shell', script });

const missing = [{ key: 'command', message: '"nowhere" is not on the PATH' }];

test('a program that is not there is named, in a list and as the first word of a text', () => {
  assert.deepEqual(exec('nowhere'), missing);
  for (const script of ['nowhere', ' nowhere --now "a b"', 'exec nowhere $PORT']) {
    assert.deepEqual(shell(script), missing, script);
  }
  assert.deepEqual(shell('./nowhere'), [{ key: 'command', message: '"./nowhere" does not exist' }]);
  assert.deepEqual(shell('./plain'), [
    { key: 'command', message: `"${join(cwd, 'plain')}" is not executable` },
  ]);
});

test('what is there, or may be more than one program, is not complained about', () => {
  const scripts = [
    'there',
    'bin/there x',
    'exec there',
    'cd x',
    'exec -a y nowhere',
    'test -e x',
    'A=1 nowhere',
  ];
  const composed = ['nowhere; x', 'nowhere && x', 'nowhere | x', '(nowhere)', '$X nowhere', 'exec >file', ''];
  for (const script of [...scripts, ...composed]) assert.deepEqual(shell(script), [], script);
  assert.deepEqual(exec('there'), []);
});

test('what is not known beforehand is not complained about', () => {
  assert.deepEqual(exec(undefined), []);
  assert.deepEqual(shell(undefined), []);
  assert.deepEqual(
    findTrouble({ command: { kind: 'shell', script: 'nowhere' }, cwd, searchPath: undefined }),
    [],
    'a shell without a PATH has one of its own',
  );
});

test('a folder that is not there, or none, comes before everything else', () => {
  const at = (folder: string) =>
    findTrouble({ command: { kind: 'exec', program: 'nowhere' }, cwd: folder, searchPath: '' });
  assert.deepEqual(at(join(cwd, 'no')), [
    { key: 'cwd', message: `the folder "${join(cwd, 'no')}" does not exist` },
  ]);
  assert.deepEqual(at(join(cwd, 'plain')), [
    { key: 'cwd', message: `"${join(cwd, 'plain')}" is not a folder` },
  ]);
});
