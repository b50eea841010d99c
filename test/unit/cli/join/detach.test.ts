/**
 * `orderly up -d` as whoever typed it sees it: how long it waits, what it tells, with which status it ends.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { AskError } from '../../../../src/cli/client/ask-run.ts';
import { detach } from '../../../../src/cli/join/detach.ts';
import type { Project } from '../../../../src/cli/load-project.ts';
import type { World } from '../../../../src/cli/world.ts';
import { fakeClient, RUN } from '../../../support/fake-client.ts';

/** Where the project runs already. */
async function outcome(answers: Readonly<Record<string, object>>) {
  const client = fakeClient({ answers });
  const world = {
    asClient: async () => client.world,
    complain: client.world.complain,
    realPath: client.world.realPath,
    letSignalsEnd: () => undefined,
  } as Partial<World> as World;
  const project = { config: { files: [RUN.file] }, graph: { services: ['api'] } } as unknown as Project;
  const { status } = await detach(world, project, ['up', '-d'], { quiet: true });
  return { status, told: client.complained.join('\n'), asked: client.asked };
}

const asked = { request: 'r1', seq: 3, worst_ms: 0, replaces: [], plan: [] };
const answers = {
  '/v1/run': { seq: 3 },
  '/v1/services': { services: [{ service: 'api' }] },
  '/v1/plan': { ...asked, kind: 'accepted' },
  '/v1/requests': { ...asked, kind: 'accepted' },
};

function settled(status: number, why?: string): object {
  return {
    request: 'r1',
    kind: 'settled',
    outcome: status === 0 ? 'reached' : 'failed',
    status,
    services: [],
    why,
  };
}

suite('up -d', () => {
  test('JN-3 it waits until all is ready, however long that takes', async () => {
    const { status, told, asked } = await outcome({ ...answers, '/v1/requests/r1': settled(0) });
    assert.deepEqual([status, told], [0, '']);
    assert.deepEqual([asked.at(-1)?.path, asked.at(-1)?.patienceMs], ['/v1/requests/r1?wait', undefined]);
  });

  test('what can not get ready is told, with the status of the request', async () => {
    const { status, told } = await outcome({ ...answers, '/v1/requests/r1': settled(1, 'api failed') });
    assert.deepEqual([status, told], [1, 'orderly: api failed']);
  });

  test('a question that the run finds wrong is told, and not waited for', async () => {
    const wrong = { error: { code: 'invalid', message: 'there is no such thing' } };
    await assert.rejects(outcome({ ...answers, '/v1/requests': wrong }), (error: unknown) => {
      return error instanceof AskError && error.message === 'there is no such thing' && error.status === 2;
    });
  });

  test('what led to the answer is told, also where the answer comes first', async () => {
    const client = fakeClient({ answers: { ...answers, '/v1/requests/r1': settled(0) } });
    const written: string[] = [];
    const late = async function* () {
      for (let seq = 1; seq <= 3; seq++) yield JSON.stringify({ seq, type: 'run.note', text: 'before' });
      while (client.asked.at(-1)?.path !== '/v1/requests/r1?wait') await new Promise(setImmediate);
      await new Promise(setImmediate);
      yield JSON.stringify({ seq: 4, type: 'service.ready', service: 'api', attempt: 1 });
      yield JSON.stringify({ seq: 5, type: 'request.settled', request: 'r1', outcome: 'reached' });
      await new Promise(() => undefined);
    };
    const writer = { write: (chunk: Buffer) => void written.push(`${chunk}`), flush: async () => undefined };
    const world = {
      asClient: async () => ({ ...client.world, follow: late }),
      complain: client.world.complain,
      realPath: client.world.realPath,
      letSignalsEnd: () => undefined,
      openWriters: () => ({ stdout: { writer }, stderr: { writer } }),
    } as unknown as World;
    const spec = () => ({ name: 'api', log: { prefix: 'api' } });
    const graph = { services: ['api'], spec };
    const project = { config: { files: [RUN.file], services: [spec()] }, graph } as unknown as Project;
    assert.equal((await detach(world, project, ['up', '-d'], { output: 'json' })).status, 0);
    assert.match(written.join(''), /^\{"seq":4,"type":"service.ready"/);
  });
});
