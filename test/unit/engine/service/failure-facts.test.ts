import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceConfig } from '../../../../src/config/types.ts';
import { failureFacts } from '../../../../src/engine/life/decide-end.ts';
import type { UnaskedEnding } from '../../../../src/engine/service/ending.ts';
import { ServiceNode } from '../../../../src/engine/service/node.ts';
import { justSpawned } from '../../../../src/engine/service/phase.ts';
import { noRestarts, type RestartHistory } from '../../../../src/engine/service/restart.ts';
import type { FailureFacts, FailureKind } from '../../../../src/events/failure.ts';
import { sampleService } from '../../../support/sample-config.ts';

const NOW_MS = 100_000;

function factsOf(
  ending: UnaskedEnding,
  spec: Partial<ServiceConfig> = {},
  history: RestartHistory = noRestarts,
  holder?: string,
): FailureFacts {
  const node = new ServiceNode(sampleService('api', spec));
  const spawned = { attempt: 1, spec: node.spec, spawnedAtMs: NOW_MS - 500, used: [], main: undefined };
  node.enter({ kind: 'running', instance: { ...justSpawned(spawned), portHolder: holder } });
  return failureFacts(node, ending, history, NOW_MS);
}

const exited = (code: number, wasReady = true): UnaskedEnding => ({
  ...{ kind: 'exited', exit: { kind: 'code', code } },
  ...{ upMs: 400, readyMs: wasReady ? 300 : undefined },
});
const notSpawned = (reason: 'command-not-found' | 'no-memory' | 'value-missing'): UnaskedEnding => ({
  ...{ kind: 'not-spawned', why: 'x', reason, hopeless: true },
});
const shell: Partial<ServiceConfig> = { command: { kind: 'shell', script: 'nothing' } };

const kinds: readonly (readonly [FailureKind, UnaskedEnding, Partial<ServiceConfig>?])[] = [
  ['command-not-found', notSpawned('command-not-found')],
  ['not-started', notSpawned('no-memory')],
  ['value-missing', notSpawned('value-missing')],
  ['command-not-found', exited(127), shell],
  ['not-executable', exited(126), shell],
  ['exited', exited(127)],
  ['exited-early', exited(0, false)],
  ['exited', exited(1, false), { type: 'task' }],
  ['not-ready', { kind: 'not-ready', why: 'x', late: true }],
  ['never-ready', { kind: 'not-ready', why: 'x', late: false }],
  ['unhealthy', { kind: 'tripped', why: 'x', collapse: false, readyMs: 1 }],
];

for (const [kind, ending, spec] of kinds) {
  test(`a failure of the kind ${kind}: ${JSON.stringify(ending)}`, () =>
    assert.equal(factsOf(ending, spec).kind, kind));
}

test('what ended by itself has its exit and how long it ran, what still ran how long it had, what never ran nothing', () => {
  assert.deepEqual(factsOf(exited(7)), { kind: 'exited', exit: { code: 7 }, uptime_ms: 400 });
  assert.deepEqual(factsOf({ kind: 'not-ready', why: 'x', late: true }), {
    kind: 'not-ready',
    uptime_ms: 500,
  });
  assert.deepEqual(factsOf(notSpawned('value-missing')), { kind: 'value-missing' });
});

test('restarts are counted in a row, or within the window if they are more', () => {
  const at = (ms: number) => ({ fromMs: ms, toMs: ms, count: 1 });
  const recent = [NOW_MS - 61_000, NOW_MS - 60_000, NOW_MS - 59_999, NOW_MS - 1].map(at);
  const restarts = (inRow: number, readyMs?: number) =>
    factsOf({ ...exited(7), readyMs } as UnaskedEnding, {}, { inRow, recent }).restarts;
  assert.deepEqual(restarts(4), { used: 4 });
  assert.deepEqual(restarts(4, 30_000), { used: 2, within_ms: 60_000 });
  assert.equal(factsOf(exited(7), {}, noRestarts).restarts, undefined);
});

test('who has its port is told', () => {
  assert.equal(factsOf(exited(7, false), {}, noRestarts, 'process 7 (nginx)').held_by, 'process 7 (nginx)');
});
