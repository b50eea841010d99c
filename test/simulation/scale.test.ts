/**
 * Services that there are several of: one test for each sentence of the contract of commands, on the virtual clock.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceConfig } from '../../src/config/types.ts';
import { buildGraph } from '../../src/graph/graph.ts';
import {
  asked,
  code,
  ignored,
  outcomes,
  plot,
  reload,
  restart,
  restarting,
  run,
  service,
  settled,
  statesAt,
} from '../support/commanding.ts';
import { sampleEdge } from '../support/sample-config.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { eventsOf } from '../support/simulated-lives.ts';
import type { TimedRequest } from '../support/simulation.ts';

const web = (replicas: number, more: Partial<ServiceConfig> = {}) =>
  service('web', [], { replicas, ...more });
const any = (name: string, afterMs?: number) =>
  sampleEdge(name, { needs: 'any', ...(afterMs !== undefined && { onLoss: { act: 'restart', afterMs } }) });
const scale = (atMs: number, names: string, replicas: number): TimedRequest =>
  asked(atMs, 'scale', names, { replicas });
const broken: Behaviour = { readyAfterMs: 'never', endsAfterMs: 10, exit: code(1) };

test('SC-1 replicas have numbers, their name means all of them, and a service of such a name is an error', async () => {
  const seen = await run(
    [web(2), service('api', ['web']), service('other')],
    [asked(1000, 'stop', 'web'), asked(2000, 'start', 'api')],
  );
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [api web-2 web-1]',
    ...[
      'api.asked',
      'api.stopped',
      'web-1.asked',
      'web-2.asked',
      'web-1.stopped',
      'web-2.stopped',
      'r1 reached',
    ],
    'r2 accepted [web-1 web-2 api]',
    ...['web-1.up', 'web-2.up', 'web-1.ready', 'web-2.ready', 'api.up', 'api.ready', 'r2 reached'],
  ]);
  const built = buildGraph({ services: [web(2), service('web-7'), service('web-x')] });
  assert.ok(!built.ok);
  assert.deepEqual(
    built.problems.map(({ message }) => message),
    ['"web-7" is the name of a replica of "web"'],
  );
});

test('SC-2 more take the lowest free numbers, fewer give up the highest', async () => {
  const seen = await run([web(2)], [scale(1000, 'web', 4), scale(2000, 'web', 1), scale(3000, 'web', 2)]);
  assert.deepEqual(
    eventsOf(seen, 'graph.changed').map(({ added, removed }) => [...added, '-', ...removed].join(' ')),
    ['web-3 web-4 -', '- web-2 web-3 web-4', 'web-2 -'],
  );
  assert.equal(statesAt(seen, 90_000), 'web-1 ready#1, web-2 ready#2, web-3 stopped#1, web-4 stopped#1');
});

test('SC-3 what is added starts together, what is removed is cleaned first; it settles when all are ready', async () => {
  const cleanup = [{ run: { kind: 'shell', script: 'clean' }, timeoutMs: 500 }] as const;
  const seen = await run(
    [web(2, { cleanup })],
    [scale(1000, 'web', 4), scale(5000, 'web', 3)],
    (name) => (name === 'web-4' ? { readyAfterMs: 2000 } : {}),
    { commands: { clean: { afterMs: 100 } } },
  );
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [web-3 web-4]',
    'graph 2 of 1: +web-3 +web-4',
    ...['web-3.up', 'web-4.up', 'web-3.ready', 'web-4.ready', 'r1 reached'],
    'r2 accepted [web-4]',
    ...['web-4.asked', 'web-4.stopped', 'graph 3 of 2: -web-4', 'web-4.removed', 'r2 reached'],
  ]);
  const clean = seen.commands.find(({ startedMs }) => startedMs < 10_000);
  assert.equal(eventsOf(seen, 'service.removed')[0]?.ms, clean?.endedMs);
});

test('SC-3 one that fails for good is told, and the others stay', async () => {
  const seen = await run([web(1, ignored)], [scale(1000, 'web', 3)], (name) =>
    name === 'web-3' ? broken : {},
  );
  assert.match(outcomes(seen)[0] ?? '', /^r1 failed: "web-3" failed/);
  assert.equal(statesAt(seen, 90_000), 'web-1 ready#1, web-2 ready#1, web-3 failed#1');
});

test('SC-4 none is allowed, and an edge to it waits', async () => {
  const seen = await run(
    [web(1), service('api', ['web'])],
    [scale(1000, 'web', 0), asked(2000, 'restart', 'api'), scale(4000, 'web', 1)],
  );
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [web-1 api]',
    ...[
      'web-1.asked',
      'web-1.stopped',
      'graph 2 of 1: -web-1 api depends_on in-place',
      'web-1.removed',
      'r1 reached',
    ],
    'r2 accepted [api]',
    'api.asked',
    'r3 accepted [web-1 api]',
    'graph 3 of 2: +web-1 api depends_on in-place',
    ...['web-1.up', 'web-1.ready', 'r3 reached', 'api.up', 'api.ready', 'r2 reached'],
  ]);
  const waits = eventsOf(seen, 'service.pending').findLast(
    ({ ms, service: of }) => of === 'api' && ms < 4000,
  );
  assert.deepEqual(waits?.waiting_for, [{ service: 'web', condition: 'ready', why: 'no replica' }]);
});

test('SC-5 an edge to all holds when each that is wanted is ready, and one at least; to any when one is', async () => {
  const slow = (name: string): Behaviour => (name === 'web-2' ? { readyAfterMs: 5000 } : {});
  const seen = await run([web(2), service('all', ['web']), service('any', [any('web')])], [], slow);
  const readyAt = (name: string) =>
    eventsOf(seen, 'service.ready').find((event) => event.service === name)?.ms;
  assert.deepEqual([readyAt('all'), readyAt('any')], [5010, 20]);
  const stopped = await run(
    [web(2), service('all', ['web'])],
    [asked(1000, 'stop', 'web-2', { noDeps: true })],
    slow,
  );
  assert.equal(statesAt(stopped, 1500), 'all ready#1, web-1 ready#1, web-2 stopped#1');
  const fails = await run([web(2, ignored), service('any', [any('web')])], [], (name) =>
    name === 'web-1' ? broken : slow(name),
  );
  assert.equal(statesAt(fails, 9000), 'any ready#1, web-1 failed#1, web-2 ready#1');
});

test('SC-6 over all the end of any is a loss, over any that of the last', async () => {
  const once = { ...restart({ delayMs: 2000 }) };
  const crashes = (name: string, attempt: number): Behaviour => {
    if (attempt > 1) return {};
    return name === 'web-1'
      ? { endsAfterMs: 5000, exit: code(1) }
      : name === 'web-2'
        ? { endsAfterMs: 5500, exit: code(1) }
        : {};
  };
  const seen = await run(
    [web(2, once), service('all', [restarting('web')]), service('any', [any('web', 0)])],
    [],
    crashes,
  );
  const asks = eventsOf(seen, 'service.stopping').filter(({ ms }) => ms < 90_000);
  assert.deepEqual(
    asks.map((event) => `${event.ms} ${event.service}`),
    ['5000 all', '5500 any'],
  );
});

test('SC-6 what leaves by a scale or a stop is no loss as long as another is ready', async () => {
  const seen = await run(
    [web(3), service('all', [restarting('web')]), service('any', [any('web', 0)])],
    [scale(1000, 'web', 2), asked(2000, 'stop', 'web-1'), asked(3000, 'stop', 'web-2')],
  );
  assert.deepEqual(
    plot(seen, 1000, 3000).filter((line) => /^(?:all|any)/.test(line)),
    [],
  );
  assert.deepEqual(plot(seen, 3000), [
    'r3 accepted [any all web-2]',
    ...['any.asked', 'all.asked', 'any.stopped', 'all.stopped', 'web-2.asked', 'web-2.stopped', 'r3 reached'],
  ]);
});

/** When each was asked, and ready again. */
const turns = (seen: Parameters<typeof plot>[0], fromMs: number): readonly string[] =>
  plot(seen, fromMs, 90_000).filter((line) => /(?:asked|ready)$/.test(line));

test('SC-7 a restart rolls: what is not ready first, then ascending, each when the one before is ready', async () => {
  const seen = await run([web(3)], [asked(1000, 'restart', 'web')], (name, attempt) =>
    name === 'web-2' && attempt === 1 ? { readyAfterMs: 'never' } : {},
  );
  assert.deepEqual(turns(seen, 1000), [
    ...['web-2.asked', 'web-2.ready', 'web-1.asked', 'web-1.ready', 'web-3.asked', 'web-3.ready'],
  ]);
  assert.deepEqual(outcomes(seen), ['r1 reached']);
  const two = await run([web(4)], [asked(1000, 'restart', 'web', { parallel: 2 })]);
  assert.deepEqual(turns(two, 1000).slice(0, 5), [
    ...['web-1.asked', 'web-2.asked', 'web-1.ready', 'web-2.ready', 'web-3.asked'],
  ]);
  const slow = await run([web(2)], [asked(1000, 'restart', 'web', { settleMs: 3000 })]);
  const asks = eventsOf(slow, 'service.stopping').filter(({ ms }) => ms < 90_000);
  assert.deepEqual(
    asks.map(({ ms }) => ms),
    [1000, 4020],
  );
});

test('SC-7 RQ-5 a restart rolls too where replicas are chosen by their label', async () => {
  const labels = { team: 'web' };
  const seen = await run(
    [web(2, { labels }), service('db')],
    [asked(1000, 'restart', [], { labels: ['team=web'] })],
  );
  assert.deepEqual(turns(seen, 1000), ['web-1.asked', 'web-1.ready', 'web-2.asked', 'web-2.ready']);
  const [started] = seen.events;
  const told = started?.type === 'run.started' ? Object.entries(started.definitions ?? {}) : [];
  assert.deepEqual(
    told.map(([name, definition]) => [name, definition.labels, definition.replica_of]),
    [
      ['web-1', labels, 'web'],
      ['web-2', labels, 'web'],
      ['db', undefined, undefined],
    ],
  );
});

test('SC-7 a reload that changes it replaces all at its switch, since one graph is in force at a time', async () => {
  const seen = await run(
    [web(2)],
    [reload(1000, [web(2, { labels: {}, command: { kind: 'exec', argv: ['new'] } })])],
  );
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [web-2 web-1]',
    ...['web-2.asked', 'web-1.asked', 'graph 2 of 1: web-1 command restart web-2 command restart'],
    ...['web-1.up', 'web-2.up', 'web-1.ready', 'web-2.ready', 'r1 reached'],
  ]);
});

test('SC-8 the crash of another replica holds the roll until that is ready again', async () => {
  const once = restart({ delayMs: 5000 });
  const seen = await run([web(3, once)], [asked(1000, 'restart', 'web')], (name, attempt) => ({
    readyAfterMs: 100,
    ...(name === 'web-3' && attempt === 1 && { endsAfterMs: 1050, exit: code(1) }),
  }));
  const second = eventsOf(seen, 'service.stopping').find((event) => event.service === 'web-2');
  const back = eventsOf(seen, 'service.ready').find(
    (event) => event.service === 'web-3' && event.attempt === 2,
  );
  assert.ok(second !== undefined && back !== undefined && second.ms >= back.ms, `${second?.ms} ${back?.ms}`);
  assert.deepEqual(outcomes(seen), ['r1 reached']);
});

test('SC-9 a failure for good ends the roll: those not reached keep their instance, and both are named', async () => {
  const seen = await run([web(3, ignored)], [asked(1000, 'restart', 'web')], (name, attempt) =>
    name === 'web-2' && attempt === 2 ? broken : {},
  );
  assert.equal(statesAt(seen, 90_000), 'web-1 ready#2, web-2 failed#2, web-3 ready#1');
  const lines = settled(seen, 'r1')?.services.map(({ service, outcome }) => `${service} ${outcome}`);
  assert.deepEqual(lines, ['web-1 reached', 'web-2 failed', 'web-3 unfinished']);
});

test('SC-10 a scale in the middle acts at once, and what a person stops leaves the roll and stays out', async () => {
  const slow = (): Behaviour => ({ readyAfterMs: 1000 });
  const scaled = await run([web(3)], [asked(5000, 'restart', 'web'), scale(5500, 'web', 4)], slow);
  assert.equal(statesAt(scaled, 90_000), 'web-1 ready#2, web-2 ready#2, web-3 ready#2, web-4 ready#1');
  const fewer = await run([web(3)], [asked(5000, 'restart', 'web'), scale(5500, 'web', 2)], slow);
  assert.equal(statesAt(fewer, 90_000), 'web-1 ready#2, web-2 ready#2, web-3 stopped#1');
  const out = await run([web(3)], [asked(5000, 'restart', 'web'), asked(5500, 'stop', 'web-2')], slow);
  assert.equal(statesAt(out, 90_000), 'web-1 ready#2, web-2 stopped#1, web-3 ready#2');
});

test('X22 scale web to 4, then restart it: it rolls until one fails for good', async () => {
  const seen = await run(
    [web(2, ignored)],
    [scale(1000, 'web', 4), asked(2000, 'restart', 'web')],
    (name, attempt) => (name === 'web-3' && attempt === 2 ? broken : {}),
  );
  assert.deepEqual(plot(seen, 1000), [
    ...['r1 accepted [web-3 web-4]', 'graph 2 of 1: +web-3 +web-4'],
    ...['web-3.up', 'web-4.up', 'web-3.ready', 'web-4.ready', 'r1 reached'],
    'r2 accepted [web-1 web-2 web-3 web-4]',
    ...['web-1.asked', 'web-1.up', 'web-1.ready', 'web-2.asked', 'web-2.up', 'web-2.ready'],
    ...['web-3.asked', 'web-3.up', 'web-3.failed', 'r2 failed'],
  ]);
  assert.equal(statesAt(seen, 90_000), 'web-1 ready#2, web-2 ready#2, web-3 failed#2, web-4 ready#1');
});

test('SC-11 a number by hand lasts, and a reload sets it only if that of the file is another one', async () => {
  const seen = await run(
    [web(2), service('api')],
    [
      scale(1000, 'web', 3),
      reload(2000, [web(2), service('api', [], { labels: { a: 'b' } })]),
      reload(3000, [web(1), service('api')]),
    ],
  );
  assert.equal(statesAt(seen, 2500), 'api ready#1, web-1 ready#1, web-2 ready#1, web-3 ready#1');
  assert.equal(statesAt(seen, 4000), 'api ready#1, web-1 ready#1, web-2 stopped#1, web-3 stopped#1');
});

test('a scale of what has no replicas, to what is no number, or of nobody is refused', async () => {
  const seen = await run(
    [web(1), service('api')],
    [
      scale(1000, 'api', 2),
      scale(1000, 'web', -1),
      scale(1000, 'web', Number.MAX_SAFE_INTEGER),
      scale(1000, 'nobody', 1),
      scale(1000, 'web', 1),
    ],
  );
  assert.deepEqual(outcomes(seen), [
    'r1 refused: "api" has no replicas',
    "r2 refused: there can't be -1 replicas",
    "r3 refused: there can't be 9007199254740991 replicas",
    'r4 refused: there is no service "nobody"',
    'r5 unchanged',
  ]);
  assert.equal(settled(seen, 'r5')?.outcome, 'unchanged');
});
