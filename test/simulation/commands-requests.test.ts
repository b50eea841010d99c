/**
 * RQ of the contract of commands, a test a sentence, and its table of requests and states. What it says of clients and of
 * answers over a socket is not here.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  asked,
  chain,
  code,
  crash,
  heard,
  ignored,
  outcomes,
  plot,
  reload,
  restart,
  run,
  service,
  settled,
  signal,
  statesAt,
  task,
} from '../support/commanding.ts';
import { sampleEdge } from '../support/sample-config.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { eventsOf } from '../support/simulated-lives.ts';
import type { TimedRequest } from '../support/simulation.ts';

test('RQ-1 every event of a request bears its id', async () => {
  const seen = await run(chain(), [
    asked(1000, 'stop', 'db', { id: 'mine' }),
    asked(2000, 'start', 'nobody'),
    asked(3000, 'start', 'db'),
  ]);
  assert.deepEqual(
    eventsOf(seen, 'request.accepted').map(({ request }) => request),
    ['mine', 'r3'],
  );
  assert.deepEqual(
    eventsOf(seen, 'request.refused').map(({ request }) => request),
    ['r2'],
  );
  assert.deepEqual(
    eventsOf(seen, 'request.settled').map(({ request }) => request),
    ['mine', 'r3'],
  );
});

test('RQ-3 RQ-4 each is planned against what all before it have left, in one turn', async () => {
  const seen = await run(chain(), [
    asked(1000, 'stop', 'web'),
    asked(1000, 'stop', 'db'),
    asked(1000, 'start', 'api'),
  ]);
  assert.deepEqual(
    eventsOf(seen, 'request.accepted').map(({ plan }) =>
      plan.map(({ service: of, change }) => `${change} ${of}`),
    ),
    [['stop web'], ['stop web', 'stop api', 'stop db'], ['start db', 'start api']],
  );
  assert.equal(statesAt(seen, 9000), 'api ready#1, db ready#1, web stopped#1');
});

test('RQ-5 one unknown name refuses all of it, and names match by patterns', async () => {
  const services = [service('web-1'), service('web-2'), service('db')];
  const seen = await run(services, [
    asked(1000, 'stop', 'web-1 dbx'),
    asked(2000, 'stop', 'web-*'),
    asked(3000, 'stop', 'x*'),
    asked(4000, 'stop', 'd?'),
  ]);
  assert.deepEqual(outcomes(seen), [
    'r1 refused: there is no service "dbx"',
    'r2 reached',
    'r3 refused: there is no service "x*"',
    'r4 reached',
  ]);
  assert.equal(statesAt(seen, 1500), 'db ready#1, web-1 ready#1, web-2 ready#1');
});

test('RQ-5 the nearest name is suggested', async () => {
  const options = { suggest: () => 'db' };
  const seen = await run(chain(), [asked(1000, 'stop', 'bd')], () => ({}), { options });
  assert.deepEqual(outcomes(seen), ['r1 refused: there is no service "bd"; did you mean "db"?']);
});

test('RQ-6 a dry run answers the plan, and changes nothing', async () => {
  const dry = heard(asked(1000, 'stop', 'db', { dryRun: true }));
  const real = heard(asked(1000, 'stop', 'db'));
  const seen = await run(chain(), [dry.request, real.request]);
  assert.deepEqual(dry.ticket().answer, real.ticket().answer);
  assert.equal((await dry.ticket().settled).outcome, 'unchanged');
  assert.equal(eventsOf(seen, 'request.accepted').length, 1);
  assert.equal(real.ticket().id, 'r1');
});

test('RQ-7 what was expected to be the last event refuses what comes after another', async () => {
  const seen = await run(chain(), [
    asked(1000, 'stop', 'web', { expect: 3 }),
    asked(2000, 'stop', 'web', { expect: 10 }),
  ]);
  assert.equal(eventsOf(seen, 'request.refused')[0]?.seq, 10);
  assert.deepEqual(outcomes(seen), ['r1 refused: something has changed since event 3', 'r2 reached']);
});

test('RQ-8 it settles once, with one line for each service that it touched', async () => {
  const stop = heard(asked(1000, 'stop', 'db'));
  await run(chain(), [stop.request]);
  assert.deepEqual(await stop.ticket().settled, {
    outcome: 'reached',
    services: ['db', 'web', 'api'].map((name) => ({ service: name, outcome: 'reached' })),
    status: 0,
  });
});

test('RQ-9 its status says whether it was reached, refused, or reached and not cleanly', async () => {
  const requests = [
    heard(asked(1000, 'stop', 'db')),
    heard(asked(9000, 'start', 'nobody')),
    heard(asked(9000, 'start', 'db')),
    heard(asked(20_000, 'signal', 'job', { signal: 'SIGHUP' })),
    heard(asked(30_000, 'start', 'job')),
  ];
  await run(
    [service('db'), task('job', [], ignored)],
    requests.map(({ request }) => request),
    (name): Behaviour => (name === 'job' ? { ...crash(50) } : { obeysAfterMs: 'never' }),
  );
  const statuses = await Promise.all(requests.map(async ({ ticket }) => (await ticket().settled).status));
  assert.deepEqual(statuses, [3, 2, 0, 1, 1]);
});

test('RQ-9 a kill on the way of a restart is told, one before the request is not', async () => {
  const killed = heard(asked(1000, 'restart', 'db'));
  const clean = heard(asked(20_000, 'restart', 'db'));
  await run([service('db')], [killed.request, clean.request], (_, attempt) =>
    attempt === 1 ? { obeysAfterMs: 'never' } : {},
  );
  assert.deepEqual([(await killed.ticket().settled).status, (await clean.ticket().settled).status], [3, 0]);
});

test('RQ-11 an id that was chosen is not given to another request', async () => {
  const seen = await run(chain(), [
    asked(1000, 'stop', 'web', { id: 'r2' }),
    asked(2000, 'start', 'web'),
    asked(3000, 'stop', 'web'),
  ]);
  assert.deepEqual(outcomes(seen), ['r2 reached', 'r3 reached', 'r4 reached']);
});

test('RQ-17 in a shutdown a stop takes nobody along: the order is that of the shutdown', async () => {
  const services = [
    service('db'),
    service('api', ['db']),
    service('soft', [sampleEdge('api', { optional: true })]),
  ];
  const seen = await run(services, [signal(1000), asked(1001, 'stop', 'db')], () => ({ obeysAfterMs: 500 }));
  assert.deepEqual(eventsOf(seen, 'service.wanted'), []);
  assert.deepEqual(
    eventsOf(seen, 'service.stopping').map(({ service: of, ms }) => [of, ms]),
    [
      ['soft', 1000],
      ['api', 1500],
      ['db', 2000],
    ],
  );
});

test('RQ-10 what is so already is unchanged, and makes no event of a service', async () => {
  const seen = await run(chain(), [
    asked(1000, 'start', '*'),
    asked(2000, 'stop', 'web'),
    asked(3000, 'stop', 'web'),
  ]);
  assert.deepEqual(outcomes(seen), ['r1 unchanged', 'r2 reached', 'r3 unchanged']);
  assert.deepEqual(plot(seen, 2500), ['r3 accepted []', 'r3 unchanged']);
});

test('RQ-11 the same id is the same request', async () => {
  const first = heard(asked(1000, 'restart', 'db', { id: 'x' }));
  const again = heard(asked(1005, 'restart', 'db', { id: 'x' }));
  const seen = await run([service('db')], [first.request, again.request]);
  assert.equal(first.ticket(), again.ticket());
  assert.equal(statesAt(seen, 9000), 'db ready#2');
});

test('RQ-14 a request has no budget: each has its whole grace, or what the request gives', async () => {
  const behave = () => ({ obeysAfterMs: 'never' as const });
  const seen = await run(chain(), [asked(1000, 'stop', 'db')], behave);
  assert.deepEqual(
    eventsOf(seen, 'service.killed').map(({ ms }) => ms),
    [6000, 11_001, 16_002],
  );
  const short = await run(chain(), [asked(1000, 'stop', 'db', { graceMs: 700 })], behave);
  assert.deepEqual(
    eventsOf(short, 'service.killed').map(({ ms }) => ms),
    [1700, 2401, 3102],
  );
});

test('RQ-15 a request that would replace another can be refused for that', async () => {
  const seen = await run(
    chain(),
    [asked(1000, 'stop', 'db'), asked(1001, 'start', 'db', { failIfBusy: true })],
    () => ({
      obeysAfterMs: 100,
    }),
  );
  assert.deepEqual(outcomes(seen), ['r2 refused: it would replace r1, which is not settled', 'r1 reached']);
});

/** How a service comes into each state by 5 s, and what each request does with it then. */
interface Row {
  readonly state: string;
  readonly behave: (attempt: number) => Behaviour;
  readonly more?: Parameters<typeof service>[2];
  readonly needs?: readonly string[];
  readonly before?: readonly TimedRequest[];
  /** What is told of it from then on, until all is quiet. */
  readonly start: readonly string[];
  readonly stop: readonly string[];
  readonly restart: readonly string[];
  /** Its definition is another one, which needs another instance. */
  readonly reload: readonly string[];
  readonly signal: 'reached' | 'refused';
  /** For it to be ready. */
  readonly wait: 'reached' | 'failed';
}

const cleanup = [{ run: { kind: 'shell', script: 'clean' }, timeoutMs: 20_000 }] as const;
const AGAIN = ['x.up', 'x.ready'];
const ROWS: readonly Row[] = [
  {
    ...{ state: 'pending', needs: ['late'], behave: () => ({}) },
    ...{ start: AGAIN, stop: ['x.stopped'], restart: AGAIN, reload: AGAIN },
    ...{ signal: 'refused', wait: 'reached' },
  },
  {
    ...{ state: 'starting', behave: (attempt) => (attempt === 1 ? { readyAfterMs: 7000 } : {}) },
    ...{ start: ['x.ready'], stop: ['x.asked', 'x.stopped'] },
    ...{ restart: ['x.asked', ...AGAIN], reload: ['x.asked', ...AGAIN] },
    ...{ signal: 'reached', wait: 'reached' },
  },
  {
    ...{ state: 'ready', behave: () => ({}) },
    ...{ start: [], stop: ['x.asked', 'x.stopped'] },
    ...{ restart: ['x.asked', ...AGAIN], reload: ['x.asked', ...AGAIN] },
    ...{ signal: 'reached', wait: 'reached' },
  },
  {
    ...{ state: 'stopping', behave: (attempt) => (attempt === 1 ? { obeysAfterMs: 3000 } : {}) },
    before: [asked(4000, 'stop', 'x', { id: 'b' })],
    ...{ start: AGAIN, stop: ['x.stopped'], restart: AGAIN, reload: ['x.stopped'] },
    ...{ signal: 'reached', wait: 'failed' },
  },
  {
    ...{ state: 'cleaning', behave: (attempt) => (attempt === 1 ? crash(4000) : {}), more: { cleanup } },
    ...{ start: AGAIN, stop: ['x.stopped'], restart: AGAIN, reload: AGAIN },
    ...{ signal: 'refused', wait: 'reached' },
  },
  {
    ...{ state: 'backoff', behave: (attempt) => (attempt === 1 ? crash(4000) : {}) },
    ...{ start: AGAIN, stop: ['x.stopped'], restart: AGAIN, reload: AGAIN },
    ...{ signal: 'refused', wait: 'reached' },
  },
  {
    ...{ state: 'stopped', behave: () => ({}), before: [asked(4000, 'stop', 'x', { id: 'b' })] },
    ...{ start: AGAIN, stop: [], restart: AGAIN, reload: [] },
    ...{ signal: 'refused', wait: 'failed' },
  },
  {
    ...{ state: 'failed', behave: (attempt) => (attempt === 1 ? crash(4000) : {}), more: ignored },
    ...{ start: AGAIN, stop: [], restart: AGAIN, reload: AGAIN },
    ...{ signal: 'refused', wait: 'failed' },
  },
  {
    ...{
      state: 'completed',
      behave: (attempt) => (attempt === 1 ? { endsAfterMs: 4000, exit: code(0) } : {}),
    },
    ...{ start: AGAIN, stop: [], restart: AGAIN, reload: AGAIN },
    ...{ signal: 'refused', wait: 'failed' },
  },
  {
    ...{ state: 'skipped', needs: ['broken'], behave: () => ({}) },
    // A start and a restart bring what it needs, too.
    ...{ start: AGAIN, stop: [], restart: AGAIN, reload: [] },
    ...{ signal: 'refused', wait: 'failed' },
  },
];

const broken = (attempt: number): Behaviour =>
  attempt === 1 ? { readyAfterMs: 'never', endsAfterMs: 10, exit: code(1) } : {};

/** Asks for it at 5 s of a service that is in that state. */
async function inState(row: Row, request: TimedRequest, end: string): Promise<readonly string[]> {
  const { state, behave, before = [] } = row;
  const seen = await run(
    servicesOf(row),
    [...before, request],
    (name, attempt) => {
      if (name === 'late') return { readyAfterMs: 8000 };
      return name === 'broken' ? broken(attempt) : behave(attempt);
    },
    { options: { isDetached: true }, commands: { clean: { afterMs: 2000 } } },
  );
  assert.match(statesAt(seen, 4999), new RegExp(`\\bx ${state}#[01]$`));
  const refused = seen.events.some((event) => event.type === 'request.refused');
  assert.match(refused ? 'refused' : (settled(seen, 'r')?.outcome ?? ''), new RegExp(`^(?:${end})$`));
  return plot(seen, 5000, 30_000).filter((line) => line.startsWith('x.'));
}

function servicesOf({ more, needs = [] }: Row, own: Parameters<typeof service>[2] = {}) {
  return [
    ...needs.map((name) => service(name, [], name === 'broken' ? ignored : {})),
    service('x', needs, { ...restart({ delayMs: 60_000 }), ...more, ...own }),
  ];
}

for (const row of ROWS) {
  for (const kind of ['start', 'stop', 'restart'] as const) {
    test(`a ${kind} of what is ${row.state}`, async () => {
      const told = await inState(row, asked(5000, kind, 'x', { id: 'r' }), 'reached|unchanged');
      assert.deepEqual(told, row[kind]);
    });
  }
  test(`a reload that changes what is ${row.state}`, async () => {
    const other = servicesOf(row, { command: { kind: 'exec', argv: ['other'] } });
    assert.deepEqual(await inState(row, reload(5000, other, { id: 'r' }), 'reached'), row.reload);
  });
  test(`a signal to what is ${row.state}`, async () => {
    await inState(row, asked(5000, 'signal', 'x', { id: 'r', signal: 'SIGHUP' }), row.signal);
  });
  test(`a wait for what is ${row.state}`, async () => {
    await inState(row, asked(5000, 'wait', 'x', { id: 'r', until: 'ready' }), row.wait);
  });
}
