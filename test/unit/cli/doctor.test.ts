import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doctor, findingLines } from '../../../src/cli/doctor.ts';
import type { World } from '../../../src/cli/world.ts';
import { findNode, findSystem } from '../../../src/process/machine/examine-machine.ts';
import { type Finding, lacking, missing, ok } from '../../../src/process/machine/finding.ts';

const findings = [ok('node', '20.11.0'), lacking('setpriv', 'not found', '"user" is limited', 'install it')];

test('findings stand under each other, what a lack means and its remedy behind', () => {
  assert.deepEqual(findingLines(findings), [
    'node     ok       20.11.0',
    'setpriv  lacking  not found: "user" is limited; install it',
  ]);
});

async function statusOf(...found: readonly Finding[]): Promise<number> {
  const world = { examineMachine: async () => found, print: () => {} } as Partial<World> as World;
  return (await doctor(world, {})).status;
}

test('doctor ends with 1 only if something is missing without which nothing works', async () => {
  assert.equal(await statusOf(...findings), 0);
  assert.equal(await statusOf(...findings, missing('system', 'plan9', 'x', 'y')), 1);
});

test('Linux and Node 20.19 are what nothing works without', () => {
  const states = (...versions: readonly string[]) => versions.map((version) => findNode(version).state);
  assert.deepEqual(states('18.20.0', '20.18.9', '20.19.0', '22.0.0'), ['missing', 'missing', 'ok', 'ok']);
  assert.deepEqual([findSystem('linux').state, findSystem('darwin').state], ['ok', 'missing']);
});
