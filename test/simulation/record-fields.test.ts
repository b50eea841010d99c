/**
 * RC-1 and RC-2 of the contract of commands: what a record tells beside what happened, so that it can be judged without the files.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceConfig } from '../../src/config/types.ts';
import type { StopCause } from '../../src/events/fact-shape.ts';
import {
  add,
  asked,
  chain,
  crash,
  ignored,
  reload,
  restart,
  restarting,
  run,
  service,
  task,
} from '../support/commanding.ts';
import { sampleService } from '../support/sample-config.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { eventsOf } from '../support/simulated-lives.ts';
import type { TimedRequest } from '../support/simulation.ts';

interface Case {
  readonly services: readonly ServiceConfig[];
  readonly requests?: readonly TimedRequest[];
  readonly behave?: (service: string, attempt: number) => Behaviour;
  /** Of the first one that is asked to stop. */
  readonly cause: StopCause;
}

const other = { command: { kind: 'exec' as const, argv: ['other'] } };
const spare = { onFailure: 'ignore' as const, ...restart({ policy: 'on-failure', max: 0 }) };

const CASES: Readonly<Record<string, Case>> = {
  'the end of the run': { services: [service('db')], cause: { kind: 'shutdown' } },
  'a stop': {
    services: [service('db')],
    requests: [asked(1000, 'stop', 'db')],
    cause: { kind: 'request', request: 'r1' },
  },
  'a restart': {
    services: [service('db')],
    requests: [asked(1000, 'restart', 'db')],
    cause: { kind: 'restart', request: 'r1' },
  },
  'a client that left': {
    services: [service('db')],
    requests: [
      asked(500, 'stop', 'db', { id: 'first' }),
      asked(1000, 'start', 'db', { lease: 'l1' }),
      asked(2000, 'release', [], { lease: 'l1', id: 'left' }),
    ],
    cause: { kind: 'request', request: 'first' },
  },
  'a removal': {
    services: chain(),
    requests: [asked(1000, 'remove', 'web')],
    cause: { kind: 'reload', request: 'r1' },
  },
  'a reload': {
    services: [service('db')],
    requests: [reload(1000, [service('db', [], other)])],
    cause: { kind: 'reload', request: 'r1' },
  },
  'a loss': {
    services: [service('db', [], spare), service('api', [restarting('db')])],
    behave: (name) => (name === 'db' ? crash(1000) : {}),
    cause: { kind: 'loss', service: 'db' },
  },
  'a failure below it': {
    services: [
      service('db', [], { onFailure: 'isolate', ...restart({ policy: 'no' }) }),
      service('api', ['db']),
      service('lone'),
    ],
    behave: (name) => (name === 'db' ? crash(1000) : {}),
    cause: { kind: 'isolate', service: 'db' },
  },
  'not ready in time': {
    services: [
      service('db', [], {
        ...ignored,
        ready: {
          ...{ kind: 'notify', protocol: 'fd', withinMs: 500 },
          ...{ timeoutMs: 1000, intervalMs: undefined, successes: 1 },
        },
      }),
      service('lone'),
    ],
    behave: (name) => (name === 'db' ? { readyAfterMs: 'never' } : {}),
    cause: { kind: 'not-ready' },
  },
  'its watchdog': {
    services: [
      service('db', [], { ...ignored, watchdog: { withinMs: 500, source: 'fd', onFailure: 'restart' } }),
      service('lone'),
    ],
    cause: { kind: 'trip' },
  },
};

for (const [name, { services, requests = [], behave, cause }] of Object.entries(CASES)) {
  test(`RC-1 why it is asked to stop: ${name}`, async () => {
    const [stopping] = eventsOf(await run(services, requests, behave), 'service.stopping');
    assert.deepEqual(stopping?.cause, cause);
  });
}

test('RC-1 for which wish, and by which graph, it was started and ended', async () => {
  const services = [service('db'), service('api', ['db'])];
  const seen = await run(services, [
    asked(1000, 'stop', 'db'),
    add(2000, service('new')),
    asked(3000, 'start', 'api'),
  ]);
  assert.deepEqual(
    eventsOf(seen, 'service.starting').map((event) => [event.service, event.wish, event.generation]),
    [
      ['db', 1, 1],
      ['api', 1, 1],
      ['new', 1, 2],
      ['db', 3, 2],
      ['api', 3, 2],
    ],
  );
  assert.deepEqual(
    eventsOf(seen, 'service.stopped')
      .map(({ service: name, wish }) => `${name} ${wish}`)
      .toSorted(),
    ['api 1', 'api 3', 'db 1', 'db 3', 'new 1'],
  );
});

test('RC-1 what was asked, with what besides, and by whom', async () => {
  const seen = await run(chain(), [
    asked(1000, 'stop', 'db', { graceMs: 0, noDeps: true, client: 'somebody (pid 7)' } as never),
    asked(2000, 'wait', 'api', { until: 'ready', any: true }),
    asked(3000, 'restart', 'web'),
  ]);
  assert.deepEqual(
    eventsOf(seen, 'request.accepted').map(({ kind, names, options, client }) => [
      kind,
      names,
      options,
      client,
    ]),
    [
      ['stop', ['db'], { grace_ms: 0, no_deps: true }, 'somebody (pid 7)'],
      ['wait', ['api'], { until: 'ready', any: true }, undefined],
      ['restart', ['web'], undefined, undefined],
    ],
  );
});

test('RC-1 of a failure that a person began it is told that nobody else falls', async () => {
  const services = [service('db', [], restart({ policy: 'no' })), service('lone')];
  const seen = await run(
    services,
    [asked(1000, 'stop', 'db'), asked(2000, 'start', 'db')],
    (name, attempt) => (name === 'db' && attempt === 2 ? { readyAfterMs: 'never', ...crash(100) } : {}),
  );
  assert.deepEqual(
    eventsOf(seen, 'service.failed').map(({ wish, contained }) => [wish, contained]),
    [[3, true]],
  );
});

test('RC-1 a failure that everything goes down with is contained by nobody, though its wish is another one by then', async () => {
  const services = [service('db', [], restart({ policy: 'no' })), service('lone')];
  const seen = await run(services, [], (name) =>
    name === 'db' ? { readyAfterMs: 'never', ...crash(100) } : {},
  );
  assert.deepEqual(
    eventsOf(seen, 'service.failed').map(({ wish, contained }) => [wish, contained]),
    [[1, undefined]],
  );
});

test('RC-2 a definition holds what an end is judged by, and nothing that may be secret', async () => {
  const spec = task('db', [], {
    env: { PASSWORD: 'hunter2' },
    command: { kind: 'exec', argv: ['psql', '--password=hunter2'] },
    cleanup: [{ run: { kind: 'exec', argv: ['rm', 'hunter2'] }, timeoutMs: 700 }],
    onFailure: 'ignore',
    ...restart({ policy: 'on-failure', max: 3, windowMs: 9000, successCodes: [0, 2] }),
  });
  const seen = await run([spec, service('api', ['db'])], []);
  const [started] = eventsOf(seen, 'run.started');
  const { restart: policy } = sampleService('any');
  assert.deepEqual(started?.definitions?.db, {
    type: 'task',
    restart: {
      ...{ policy: 'on-failure', max: 3, window_ms: 9000, success_codes: [0, 2], jitter: 0 },
      ...{ delay_ms: policy.delayMs, max_delay_ms: policy.maxDelayMs, factor: policy.factor },
      reset_after_ms: policy.resetAfterMs,
    },
    ...{ on_failure: 'ignore', grace_ms: 5000, cleanup_ms: [700] },
  });
  assert.equal(started?.definitions?.api?.within_ms, 60_000);
  assert.doesNotMatch(JSON.stringify(started), /hunter2/);
});
