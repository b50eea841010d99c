/**
 * The checker of records refuses a run in which somebody ran on against what it had lost, or was not waited for.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Edge } from '../../../src/config/types.ts';
import type { OrderlyEvent } from '../../../src/events/event.ts';
import { checkRecord } from '../../support/check-record.ts';
import { sampleEdge, sampleService } from '../../support/sample-config.ts';
import { simulate } from '../../support/simulation.ts';

const restart: Partial<Edge> = { onLoss: { act: 'restart', afterMs: 0 } };

/** `db` crashes once; `api` gives way, and `web` before it; `keeper` runs on. */
const services = [
  sampleService('db'),
  sampleService('api', { dependsOn: [sampleEdge('db', restart)] }),
  sampleService('web', { dependsOn: [sampleEdge('api', restart)] }),
  sampleService('keeper', { dependsOn: [sampleEdge('api')] }),
];

const { events: good } = await simulate({
  services,
  behave: (service, attempt) => ({
    obeysAfterMs: 20,
    ...(service === 'db' && attempt === 1
      ? { endsAfterMs: 100, exit: { kind: 'code' as const, code: 3 } }
      : { endsAfterMs: 'never' as const }),
  }),
  requests: [{ atMs: 5000, request: { kind: 'signal', signal: 'SIGTERM' } }],
});

function place(type: OrderlyEvent['type'], service: string, attempt = 1): number {
  const at = good.findIndex(
    (event) =>
      event.type === type && 'attempt' in event && event.service === service && event.attempt === attempt,
  );
  assert.notEqual(at, -1, `no ${type} of ${service}`);
  return at;
}

/** With one event at another place, numbered anew; times don't fall. */
function moved(from: number, to: number, ms?: number): readonly OrderlyEvent[] {
  const events = [...good];
  const [event] = events.splice(from, 1);
  events.splice(to, 0, { ...event!, ...(ms !== undefined && { ms }) });
  let lastMs = 0;
  return events.map((one, index) => {
    lastMs = Math.max(lastMs, one.ms);
    return { ...one, seq: index + 1, ms: lastMs };
  });
}

function refused(what: string, events: readonly OrderlyEvent[], because: string): void {
  test(`a record is refused ${what}`, () => {
    const troubles = checkRecord(services, events, { toldWithinMs: 0 });
    assert.ok(troubles.includes(because), JSON.stringify(troubles, undefined, 1));
  });
}

test('G2 the record of a fall is accepted; who keeps running is not waited for', () => {
  assert.deepEqual(checkRecord(services, good, { toldWithinMs: 0 }), []);
  assert.equal(good.filter(({ type }) => type === 'service.pending').length > 0, true);
  assert.ok(place('service.stopping', 'keeper') > place('service.ready', 'api', 2));
});

refused(
  'in which who reacts ran on',
  moved(place('service.stopping', 'web'), place('service.stopping', 'web') + 1, 110),
  '"web" (instance 1) ran on after "db" (instance 1) was lost',
);
refused(
  'for G2: giving way before who relied on it was gone',
  moved(place('service.stopping', 'api'), place('service.stopping', 'web') + 1),
  'G2: "api" (instance 1) was asked to stop while "web" (instance 1) was there',
);
refused(
  'in which what was lost came back before who relied on it was gone',
  moved(place('service.starting', 'db', 2), place('service.pending', 'api')),
  '"db" (instance 2) was started while "api" (instance 1) was there',
);
