import assert from 'node:assert/strict';
import { test } from 'node:test';
import { now, sleep } from '../../../../src/concurrency/index.ts';
import { createHealthCheck } from '../../../../src/conditions/create-health-check.ts';
import { createReadinessProbe } from '../../../../src/conditions/create-readiness-probe.ts';
import { createElsewhere, type Target, targetHere } from '../../../../src/conditions/probe/elsewhere.ts';
import type { ConditionKind } from '../../../../src/config/types.ts';
import type { Endpoint } from '../../../../src/process/ports.ts';
import { createFakePorts, type FakePorts } from '../../../support/fake-ports.ts';
import { condition, contextOf, inVirtualTime } from '../probing.ts';

const at = (address: string, port: number): Endpoint => ({ address, port });
const loopback: Target = { hosts: ['127.0.0.1'], port: 80 };

/** What is added to a sentence where the service listens at these places. */
const added = (places: readonly Endpoint[], unanswered: readonly Target[] = [loopback]): Promise<string> =>
  inVirtualTime(() => createElsewhere(async () => places)('refused', unanswered)).then((text) =>
    text.slice('refused'.length),
  );

for (const [name, places, text] of [
  ['at another port', [at('127.0.0.1', 81)], '; it listens at 127.0.0.1:81'],
  ['at another address', [at('::1', 80)], '; it listens at [::1]:80'],
  ['at all addresses of IPv4, another port', [at('0.0.0.0', 81)], '; it listens at 0.0.0.0:81'],
  ['at three', [at('::', 1), at('::', 2), at('::', 3)], '; it listens at [::]:1, [::]:2, [::]:3'],
  [
    'at more',
    [at('::', 1), at('::', 2), at('::', 3), at('::', 4), at('::', 5)],
    '; it listens at [::]:1, [::]:2, [::]:3 and 2 more',
  ],
  ['nowhere', [], ''],
  ['there', [at('127.0.0.1', 80)], ''],
  ['there, by all addresses of IPv4', [at('0.0.0.0', 80)], ''],
  ['there, by all addresses', [at('::', 80), at('::', 81)], ''],
] as const)
  test(`what is refused at 127.0.0.1:80 and listens ${name}`, async () => {
    assert.equal(await added(places), text);
  });

test('what will do at either loopback is elsewhere only if it is at neither', async () => {
  for (const hosts of [['127.0.0.1', '::1'], ['localhost']]) {
    const target = { hosts, port: 80 };
    assert.equal(await added([at('::1', 80)], [target]), '', hosts.join());
    assert.equal(await added([at('127.0.0.1', 80)], [target]), '', hosts.join());
    assert.equal(await added([at('::1', 81)], [target]), '; it listens at [::1]:81', hosts.join());
  }
  assert.equal(
    await added([at('0.0.0.0', 80)], [{ hosts: ['::1'], port: 80 }]),
    '; it listens at 0.0.0.0:80',
  );
});

test('of several that are not answered one is enough', async () => {
  const other = { hosts: ['127.0.0.1'], port: 90 };
  assert.equal(await added([at('0.0.0.0', 80)], [loopback, other]), '; it listens at 0.0.0.0:80');
  assert.equal(await added([at('0.0.0.0', 80)], []), '');
});

test('an address of another machine says nothing about where it should listen', () => {
  assert.deepEqual(targetHere(['127.0.0.1', '::1'], 80), { hosts: ['127.0.0.1', '::1'], port: 80 });
  for (const host of ['db.example', '10.0.0.1', '127.0.0.1.example'])
    assert.equal(targetHere([host], 80), undefined, host);
});

test('it is looked for once a second at most, and not where all was answered', async () => {
  await inVirtualTime(async () => {
    const looks: number[] = [];
    const elsewhere = createElsewhere(async () => {
      looks.push(now());
      return [at('::1', now())];
    });
    const told: string[] = [];
    for (const ms of [400, 400, 400, 400]) {
      told.push(await elsewhere('', [loopback]), await elsewhere('', []));
      await sleep(ms);
    }
    assert.deepEqual(looks, [0, 1200]);
    const first = '; it listens at [::1]:0';
    assert.deepEqual(told.filter(Boolean), [first, first, first, '; it listens at [::1]:1200']);
  });
});

test('a look that takes long is not waited for, and what was seen before counts', async () => {
  await inVirtualTime(async () => {
    let looks = 0;
    const elsewhere = createElsewhere(() => {
      looks += 1;
      return looks === 1 ? Promise.resolve([at('::1', 81)]) : new Promise(() => undefined);
    });
    await elsewhere('', [loopback]);
    await sleep(1000);
    assert.equal(await elsewhere('', [loopback]), '; it listens at [::1]:81');
    assert.equal(now(), 1500);
  });
});

test('where it cannot be told nothing is added', async () => {
  assert.equal(await createElsewhere(() => undefined)('refused', [loopback]), 'refused');
});

/** What a probe of it says 50 ms after its launch. */
async function explained(kind: ConditionKind, scene: (ports: FakePorts) => void = () => undefined) {
  return inVirtualTime(async () => {
    const ports = createFakePorts();
    scene(ports);
    const elsewhere = createElsewhere(async () => [at('::1', 81)]);
    const probe = createReadinessProbe(condition(kind, { withinMs: 50 }), contextOf(ports, { elsewhere }));
    const reading = await probe.wait();
    assert.ok(reading.kind === 'failed');
    assert.equal(reading.why, `not ready within 50 ms: ${await probe.explain()}`);
    return probe.explain();
  });
}

const tcp = { kind: 'tcp', host: '127.0.0.1', port: '80', owner: 'service' } as const;
const http = (url: string) =>
  ({ kind: 'http', url, status: undefined, headers: {}, owner: 'service' }) as const;
const HINT = '; it listens at [::1]:81';

test('the sentence of the deadline tells it, of tcp, http, and several', async () => {
  assert.equal(await explained(tcp), `tcp 127.0.0.1:80: connection refused${HINT}`);
  const url = 'http://127.0.0.1/up';
  assert.equal(await explained(http(url)), `http ${url}: connection refused${HINT}`);
  const file = { ...condition({ kind: 'file', path: '/never' }), withinMs: undefined };
  const of = [file, { ...condition(tcp), withinMs: undefined }];
  const all = 'file /never: does not exist; tcp 127.0.0.1:80: connection refused';
  assert.equal(await explained({ kind: 'all', of }), `${all}${HINT}`);
  assert.equal(await explained({ kind: 'any', of }), `${all}${HINT}`);
});

test('what another process holds tells it too: it may have taken the next port', async () => {
  const held = ({ network }: FakePorts): void =>
    network.answer('127.0.0.1:80', { kind: 'accept', heldBy: 'process 7 (old)' });
  assert.equal(await explained(tcp, held), `tcp 127.0.0.1:80: held by process 7 (old)${HINT}`);
});

test('what anybody may answer, what is elsewhere, and what was answered tell nothing of it', async () => {
  assert.equal(await explained({ ...tcp, owner: 'any' }), 'tcp 127.0.0.1:80: connection refused');
  assert.equal(await explained({ ...tcp, host: 'db' }), 'tcp db:80: connection refused');
  const url = 'http://localhost/';
  const answers = ({ network }: FakePorts): void => network.answer(url, { kind: 'accept', status: 500 });
  assert.equal(await explained(http(url), answers), `http ${url}: status 500`);
});

test('a check of health tells what was not answered, alone and among others', async () => {
  await inVirtualTime(async () => {
    const context = contextOf(createFakePorts());
    const outcomeOf = (kind: ConditionKind) =>
      createHealthCheck(condition(kind), context).attempt(new AbortController().signal);
    const detail = 'tcp 127.0.0.1:80: connection refused';
    const unanswered = [loopback];
    assert.deepEqual(await outcomeOf(tcp), { kind: 'not-yet', detail, unanswered });
    const any = { kind: 'any', of: [condition(tcp), condition(tcp)] } as const;
    assert.deepEqual(await outcomeOf(any), {
      kind: 'not-yet',
      detail: `${detail}; ${detail}`,
      unanswered: [loopback, loopback],
    });
  });
});
