/**
 * A run's control between its socket and the engine.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type ControlOptions, openControl } from '../../../src/control/server/open-control.ts';
import type { Settlement, Ticket } from '../../../src/engine/requests/command.ts';

const settlement: Settlement = { outcome: 'reached', services: [], status: 0 };

/** Those whose id begins with "open" never settle. */
function ticketOf(id: string): Ticket {
  const settled = id.startsWith('open')
    ? new Promise<Settlement>(() => undefined)
    : Promise.resolve(settlement);
  return { id, answer: { kind: 'accepted', seq: 1, plan: [], worstMs: 0, replaces: [] }, settled };
}

function open() {
  const asked: Parameters<ControlOptions['ask']>[0][] = [];
  const { controlled } = openControl({
    ...{ run: 'x', name: 'shop', pid: 1, version: '1', file: 'f', since: 't', isDetached: false },
    signals: new Set(),
    suggest: () => undefined,
    readAgain: async () => ({ problems: [] }),
    admit: async () => [],
    apiDocument: async () => '{}',
    ownUsage: () => Promise.reject(new Error('not asked for')),
    treeUsage: () => Promise.reject(new Error('not asked for')),
    now: { time: () => 't', ms: () => 0 },
    ask(request) {
      asked.push(request);
      if (request.kind === 'command') request.onTicket?.(ticketOf(request.options?.id ?? 'none'));
    },
  });
  const submit = (id: string, dryRun = false) =>
    controlled.submit({ kind: 'start', names: ['a'] }, { id, dryRun });
  return { controlled, asked, submit };
}

suite('a run that is controlled', () => {
  test('RQ-6 a request is found by its id, a dry run is none', async () => {
    const { controlled, submit } = open();
    await submit('one');
    await submit('dry', true);
    assert.deepEqual([...controlled.tickets.keys()], ['one']);
  });

  test('of very many the oldest that are settled are forgotten, never one that is open', async () => {
    const { controlled, submit } = open();
    await submit('open');
    for (let count = 0; count < 1_500; count++) await submit(`r${count}`);
    const ids = [...controlled.tickets.keys()];
    assert.deepEqual([ids.length, ids[0], ids[1], ids.at(-1)], [1_000, 'open', 'r501', 'r1499']);
  });

  test('JN-8 what asks for the end says that somebody did', () => {
    const { controlled, asked } = open();
    controlled.down({ now: true, budgetMs: 5 });
    assert.deepEqual(asked, [{ kind: 'shutdown', cause: { kind: 'down' }, now: true, budgetMs: 5 }]);
  });
});
