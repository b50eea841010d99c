import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceConfig } from '../../../src/config/types.ts';
import { graphOf } from '../../../src/graph/graph.ts';
import { runningStates } from '../../../src/graph/graph-warnings.ts';
import { sampleEdge, sampleService } from '../../support/sample-config.ts';

const db = sampleService('db');
const migrate = sampleService('migrate', { type: 'task', dependsOn: [sampleEdge('db')] });

function after(name: string, overrides: Parameters<typeof sampleEdge>[1], needs = 'migrate'): ServiceConfig {
  return sampleService(name, { dependsOn: [sampleEdge(needs, overrides)] });
}

function statesOf(...services: ServiceConfig[]): string[][] {
  return runningStates(graphOf(services)).map((state) => [...state].sort());
}

test('while a task runs, nothing does that waits for its end, directly or through others', () => {
  const web = after('web', { condition: 'ready' }, 'api');
  for (const condition of ['completed', 'exited'] as const) {
    assert.deepEqual(statesOf(db, migrate, after('api', { condition }), web), [
      ['api', 'db', 'web'],
      ['db', 'migrate'],
    ]);
  }
});

test('who needs only its start, or can do without it, may run beside it', () => {
  const watcher = after('watcher', { condition: 'started' });
  const mail = after('mail', { condition: 'completed', optional: true });
  assert.deepEqual(statesOf(db, migrate, watcher, mail), [
    ['db', 'mail', 'watcher'],
    ['db', 'mail', 'migrate', 'watcher'],
  ]);
});

test('each task has its turn, also where there is nothing else', () => {
  const again = sampleService('again', {
    type: 'task',
    dependsOn: [sampleEdge('migrate', { condition: 'completed' })],
  });
  assert.deepEqual(statesOf(sampleService('migrate', { type: 'task' }), again), [[], ['migrate'], ['again']]);
});
