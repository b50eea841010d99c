/**
 * The table of `orderly ps`.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ps } from '../../../../src/cli/client/ps.ts';
import { renderTable } from '../../../../src/cli/client/service-table.ts';
import type { ServiceAnswer } from '../../../../src/control/protocol.ts';
import { fakeClient } from '../../../support/fake-client.ts';
import { serviceAnswer } from '../../../support/service-answer.ts';

const wanted = { want: 'up', wish: 1, open: true, since_ms: 0, by: 'file' } as const;
const answer = (service: string, more: Partial<ServiceAnswer> = {}): ServiceAnswer =>
  serviceAnswer(service, { since_ms: 1_000, wanted, ...more });

async function lines(services: readonly ServiceAnswer[], names: readonly string[] = [], json = false) {
  const client = fakeClient({ answers: { '/v1/services': { now_ms: 4_000, seq: 1, services } } });
  const { status } = await ps(client.world, names, { json });
  return { status, printed: client.printed.join(''), complained: client.complained };
}

suite('orderly ps', () => {
  test('each state has what a person asks next', async () => {
    const { printed } = await lines([
      answer('a', { pid: 7 }),
      answer('bb', { pid: 8, unhealthy: 'no answer in 1 s' }),
      answer('c', {
        state: 'pending',
        waiting_for: ['a', 'bb'].map((service) => ({ service, condition: 'ready', why: 'x' })),
      }),
      answer('d', {
        state: 'backoff',
        until_ms: 5_500,
        why: 'exited with code 3',
        restarts: { since_wish: 1, all: 3 },
      }),
      answer('e', { state: 'stopping', until_ms: 6_000, why: 'it must' }),
      answer('f', { state: 'stopped', wanted: { ...wanted, want: 'down', reason: 'request r1 stops it' } }),
      answer('g', { state: 'failed', why: 'exited with code 4', restarts: { since_wish: 2, all: 2 } }),
      answer('h', { state: 'completed' }),
    ]);
    assert.deepEqual(printed.split('\n'), [
      'NAME  STATE      FOR  RESTARTS  PID',
      'a     ready      3 s  0         7',
      'bb    unhealthy  3 s  0         8    no answer in 1 s',
      'c     pending    3 s  0              waits for a, bb',
      'd     backoff    3 s  1 of 3         starts again in 1.5 s: exited with code 3',
      'e     stopping   3 s  0              is killed in 2 s: it must',
      'f     stopped    3 s  0              request r1 stops it',
      'g     failed     3 s  2              exited with code 4',
      'h     completed  3 s  0',
      '',
    ]);
  });

  test('what is chosen is asked for, by names and labels, and then labels are shown', async () => {
    const services = [answer('a', { labels: { team: 'web', odd: '' } }), answer('b')];
    const client = fakeClient({ answers: { '/v1/services': { now_ms: 4_000, seq: 1, services } } });
    assert.equal((await ps(client.world, ['w*', 'b'], { label: ['team=web', 'odd'] })).status, 0);
    assert.deepEqual(client.asked[0]?.path, '/v1/services?name=w*&name=b&label=team%3Dweb&label=odd');
    assert.deepEqual(client.printed.join('').split('\n'), [
      'NAME  STATE  FOR  RESTARTS  PID  LABELS',
      'a     ready  3 s  0              team=web,odd',
      'b     ready  3 s  0',
      '',
    ]);
  });

  test('as JSON it is the services', async () => {
    const { printed } = await lines([answer('a')], [], true);
    assert.deepEqual(JSON.parse(printed), [answer('a')]);
  });

  test('RQ-16 without a run it is empty', async () => {
    for (const [json, expected] of [
      [false, ''],
      [true, '[]\n'],
    ] as const) {
      const client = fakeClient({ runs: [] });
      assert.deepEqual((await ps(client.world, [], { json })).status, 0);
      assert.equal(client.printed.join(''), expected);
    }
  });

  test('a table shows no character that would move a cursor', () => {
    assert.equal(renderTable([['a\x1b[2J', 'b\nc']]), 'a\\x1b[2J  b\\nc\n');
  });
});
