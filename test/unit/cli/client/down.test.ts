/**
 * `orderly down` as whoever typed it sees it: the account of the end, however soon that comes.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { down } from '../../../../src/cli/client/down.ts';
import { NoAnswerError } from '../../../../src/control/client/ask.ts';
import { fakeClient } from '../../../support/fake-client.ts';

const lines = [
  { seq: 3, type: 'service.ready', service: 'db', attempt: 1 },
  { seq: 4, type: 'shutdown.requested', cause: { kind: 'down' }, budget_ms: 9000 },
  { seq: 5, type: 'service.stopped', service: 'db', attempt: 1 },
  { seq: 6, type: 'run.finished', status: 0, cause: 'down', survivors: [] },
];
const asked = { '/v1/run': { seq: 3 }, '/v1/down': {} };
const account = ['stopping, within 9 s\n', 'db: stopped\n'];

test('SD-6 down tells the account of a run that is over before it could be asked what is waited for', async () => {
  const services = new NoAnswerError('it listens nowhere');
  const { world, printed, complained } = fakeClient({
    lines,
    answers: { ...asked, '/v1/services': services },
  });
  assert.deepEqual(await down(world, {}), { status: 0 });
  assert.deepEqual([printed, complained], [account, []]);
});

test('SD-6 down tells what is waited for, and then the account', async () => {
  const services = { services: [{ service: 'db', state: 'stopping' }] };
  const { world, printed } = fakeClient({ lines, answers: { ...asked, '/v1/services': services } });
  assert.deepEqual(await down(world, {}), { status: 0 });
  assert.deepEqual(printed, ['waiting for db\n', ...account]);
});
