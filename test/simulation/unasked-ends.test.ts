/**
 * Services that end by themselves with success: who needs them still, and what they leave behind. On simulated processes.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EdgeCondition } from '../../src/config/types.ts';
import { sampleEdge, sampleService } from '../support/sample-config.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { type Scenario, type Simulated, simulate } from '../support/simulation.ts';

const sigterm = (atMs: number) => ({ atMs, request: { kind: 'signal', signal: 'SIGTERM' } as const });

function ofType<Type extends Simulated['events'][number]['type']>({ events }: Simulated, type: Type) {
  return events.filter(
    (event): event is Extract<typeof event, { readonly type: Type }> => event.type === type,
  );
}

/** `db` ends with 0 after a second; `api` needs it and is stopped after two. */
function ending(
  edge: Partial<ReturnType<typeof sampleEdge>> = {},
  rest: Partial<Scenario> = {},
): Promise<Simulated> {
  const db = sampleService('db');
  const api = sampleService('api', { dependsOn: [{ ...sampleEdge('db'), ...edge }] });
  return simulate({
    services: [db, api],
    behave: (service): Behaviour => (service === 'db' ? { endsAfterMs: 1000 } : {}),
    requests: [sigterm(2000)],
    ...rest,
  });
}

const told = (seen: Simulated) => ofType(seen, 'service.completed').map(({ needed_by }) => needed_by);

for (const [condition, optional, needed] of [
  ['ready', false, ['api']],
  ['started', false, ['api']],
  ['ready', true, undefined],
  ['completed', false, undefined],
  ['exited', false, undefined],
] as readonly (readonly [EdgeCondition, boolean, readonly string[] | undefined])[]) {
  test(`an unasked end with 0 tells who needs it: over an edge ${condition}, optional ${optional}`, async () => {
    assert.deepEqual(told(await ending({ condition, optional })), [needed]);
  });
}

test('an unasked end with 0 tells what would start it again; the run goes on', async () => {
  const seen = await ending();
  assert.match(ofType(seen, 'service.completed')[0]?.advice ?? '', /^"restart: always" would start it again/);
  assert.equal(seen.outcome.status, 143);
});

test('a service that ends with 0 soon after its start is told what else it may have meant', async () => {
  const advice = async (more: Parameters<typeof sampleService>[1], endsAfterMs: number) => {
    const services = [sampleService('db', more), sampleService('lone')];
    const behave = (name: string): Behaviour => (name === 'db' ? { endsAfterMs } : {});
    const seen = await simulate({ services, behave, requests: [sigterm(5000)] });
    return ofType(seen, 'service.completed')[0]?.advice;
  };
  const meant =
    'write "type: task" if it is to end, "stdin: open" if it ended because its stdin is at its end';
  assert.equal(await advice({}, 1999), meant);
  assert.equal(await advice({}, 2000), undefined);
  assert.equal(await advice({ stdin: 'open' }, 100), undefined);
  assert.equal(await advice({ type: 'task' }, 100), undefined);
});

test('what went to the background is not to be started again as it is', async () => {
  const seen = await ending(
    {},
    { behave: (service) => (service === 'db' ? { endsAfterMs: 1000, leavesBehind: 300 } : {}) },
  );
  assert.deepEqual(told(seen), [['api']]);
  assert.equal(ofType(seen, 'service.completed')[0]?.advice, undefined);
});

test('an end with 0 while everything goes down, or of a task, is as it should be', async () => {
  const inShutdown = await ending(
    {},
    { requests: [sigterm(900)], behave: () => ({ endsAfterMs: 1000, obeysAfterMs: 500 }) },
  );
  assert.ok(ofType(inShutdown, 'service.completed').every(({ needed_by }) => needed_by === undefined));
  const migrate = sampleService('db', { type: 'task', ready: undefined });
  const api = sampleService('api', { dependsOn: [{ ...sampleEdge('db'), condition: 'completed' }] });
  assert.deepEqual(told(await ending({}, { services: [migrate, api] })), [undefined]);
});

/** One service that ends after a second, what it leaves behind taking so long to obey. */
const leaving = (behaviour: Behaviour, rest: Partial<Scenario> = {}): Promise<Simulated> =>
  simulate({
    services: [sampleService('web')],
    behave: () => ({ endsAfterMs: 1000, ...behaviour }),
    ...rest,
  });

test('went to the background: what is left is named, with what to write, before it is asked to end', async () => {
  const seen = await leaving({ leavesBehind: 300 });
  const [event] = ofType(seen, 'service.background');
  assert.deepEqual(event?.left, [{ pid: 1000, command: 'immortal' }]);
  assert.match(event?.advice ?? '', /foreground/);
  const asked = seen.log.find(({ what }) => what === 'ask-rest');
  assert.ok(event !== undefined && asked !== undefined && event.ms <= asked.ms);
});

test('nothing went to the background that left nothing, crashed, was asked to end, or is a function', async () => {
  const none: readonly (readonly [Behaviour, Partial<Scenario>?])[] = [
    [{}],
    [{ leavesBehind: 300, exit: { kind: 'code', code: 1 } }],
    [{ leavesBehind: 300, exit: { kind: 'signal', signal: 'SIGKILL' } }],
    [{ leavesBehind: 300, endsAfterMs: 'never' }, { requests: [sigterm(500)] }],
    [{ leavesBehind: 300 }, { services: [sampleService('web', { command: { kind: 'call', name: 'web' } })] }],
  ];
  for (const [behaviour, rest] of none)
    assert.deepEqual(ofType(await leaving(behaviour, rest), 'service.background'), []);
});
