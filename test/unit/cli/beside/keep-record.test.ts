import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptRecord } from '../../../../src/cli/beside/keep-record.ts';

const isKept = (env: Record<string, string>, project: string | undefined, keep?: boolean): boolean =>
  keptRecord({ env, uid: 0 }, project, { keep }) !== undefined;

test('a project that has a place keeps its record, unless that is not wanted', () => {
  assert.ok(isKept({ HOME: '/home/me' }, 'name:a'));
  assert.ok(isKept({ XDG_STATE_HOME: '/state' }, 'name:a'));
  assert.ok(!isKept({ HOME: '/home/me' }, 'name:a', false));
  assert.ok(!isKept({ HOME: '/home/me' }, undefined), 'what has no file is no project');
  assert.ok(!isKept({}, 'name:a'));
});

test('the root of all folders is no home', () => {
  assert.ok(!isKept({ HOME: '/' }, 'name:a'));
});
