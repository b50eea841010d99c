/**
 * What `orderly doctor` tells of this machine, and of one that lacks something.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../src/process/machine/finding.ts';
import { runOrderly } from '../support/run-orderly.ts';

test('doctor tells each thing on a line of its own, under each other, and ends with 0', async (t) => {
  const end = await runOrderly(t, { args: ['doctor'] }).ended;
  assert.deepEqual([end.status, end.stderr], [0, []]);
  const states = end.stdout.map((line) => / (?:ok|lacking|missing) /.exec(line)?.index);
  assert.equal(new Set(states).size, 1);
  assert.ok(end.stdout.length > 15);
  assert.match(
    end.stdout[1] ?? '',
    new RegExp(`^node +ok +${process.versions.node.replaceAll('.', '\\.')}$`),
  );
});

test('doctor says what a lack means, and what to do about it', async (t) => {
  const inside = ['sh', '-c', 'ulimit -n 100; exec "$@"', 'sh'];
  const end = await runOrderly(t, { args: ['doctor', '--output', 'json'], inside }).ended;
  assert.equal(end.status, 0);
  const findings = end.stdout.map((line) => JSON.parse(line) as Finding);
  assert.deepEqual(
    findings.find(({ name }) => name === 'open files'),
    {
      name: 'open files',
      state: 'lacking',
      found: '100, at most 100, enough for 18 services',
      means: 'larger graphs are refused',
      remedy: 'raise the limit (ulimit -n)',
    },
  );
  for (const { state, means, remedy } of findings) {
    assert.equal(state === 'ok', means === undefined && remedy === undefined);
  }
});
