/**
 * What a change of the graph plans, and what of it touches whom: one test for each sentence of the contract, on the virtual clock.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceConfig } from '../../src/config/types.ts';
import {
  add,
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
  restarting,
  run,
  service,
  statesAt,
  story,
  task,
} from '../support/commanding.ts';
import { sampleEdge } from '../support/sample-config.ts';
import { eventsOf } from '../support/simulated-lives.ts';

const by = (program: string): Partial<ServiceConfig> => ({ command: { kind: 'exec', argv: [program] } });

test('RL-3 definitions are compared by what they say: the order of keys, of edges and of variables is no change', async () => {
  const before = [
    service('db'),
    service('log'),
    service('api', ['db', 'log'], { env: { A: '1', B: '2' }, labels: { x: 'y' } }),
  ];
  const { name, type, ...rest } = service('api', ['log', 'db'], {
    env: { B: '2', A: '1' },
    labels: { x: 'y' },
  });
  const after = [service('log'), { ...rest, type, name }, service('db')];
  const seen = await run(before, [reload(1000, after)]);
  assert.deepEqual(plot(seen, 1000), ['r1 accepted []', 'r1 unchanged']);
});

test('RL-3 a changed secret is told by its key, and never by its value', async () => {
  const secret = (value: string) => [service('api', [], { env: { TOKEN: value } })];
  const seen = await run(secret('hunter1'), [reload(1000, secret('hunter2'))]);
  assert.deepEqual(eventsOf(seen, 'graph.changed')[0]?.changed, [
    { service: 'api', keys: ['env'], class: 'restart' },
  ]);
  assert.doesNotMatch(JSON.stringify(seen.events), /hunter/);
});

test('RL-4 without a difference it is unchanged: no generation, no event of a service', async () => {
  const seen = await run(chain(), [reload(1000, chain())]);
  assert.deepEqual(
    seen.events.filter(({ ms }) => ms >= 1000 && ms < 90_000).map(({ type }) => type),
    ['request.accepted', 'request.settled'],
  );
});

test('RL-5 a changed default is a change of exactly the services that it reaches', async () => {
  const own = restart({ max: 2 });
  const services = (max: number) => [
    service('a', [], restart({ max })),
    service('b', [], own),
    service('c', [], restart({ max })),
  ];
  const seen = await run(services(5), [reload(1000, services(7))]);
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [a c]',
    'graph 2 of 1: a restart in-place c restart in-place',
    'r1 reached',
  ]);
});

test('RL-5 whether lines bear a name, and whether they are printed, changes in place', async () => {
  const services = (more: { readonly print?: false }, prefix: boolean) => [
    service('a', [], { log: { prefix: true, ...more } }),
    service('b', [], { log: { prefix } }),
  ];
  const seen = await run(services({}, true), [reload(1000, services({ print: false }, false))]);
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [a b]',
    'graph 2 of 1: a log in-place b log in-place',
    'r1 reached',
  ]);
});

test('RL-8 a new edge counts for the order of stops from the switch on, and restarts nobody', async () => {
  const before = [service('db'), service('api')];
  const after = [service('db'), service('api', [restarting('db')])];
  const seen = await run(before, [
    reload(1000, after),
    asked(2000, 'stop', 'db'),
    asked(3000, 'start', 'db'),
  ]);
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [api]',
    'graph 2 of 1: api depends_on in-place',
    'r1 reached',
    'r2 accepted [api db]',
    ...['api.asked', 'api.stopped', 'db.asked', 'db.stopped', 'r2 reached'],
    'r3 accepted [db api]',
    ...['db.up', 'db.ready', 'r3 reached', 'api.up', 'api.ready'],
  ]);
});

test('RL-8 a new edge to what is not ready restarts nobody either', async () => {
  const before = [service('db', [], ignored), service('api')];
  const after = [service('db', [], ignored), service('api', [restarting('db')])];
  const seen = await run(before, [reload(5000, after)], (name) =>
    name === 'db' ? { ...crash(1000), readyAfterMs: 'never' } : {},
  );
  assert.deepEqual(plot(seen, 5000), [
    'r1 accepted [api]',
    'graph 2 of 1: api depends_on in-place',
    'r1 reached',
  ]);
  assert.equal(statesAt(seen, 90_000), 'api ready#1, db failed#1');
});

test('RL-9 edges that turn round between two generations are no cycle', async () => {
  const before = [service('a'), service('b', ['a'])];
  const after = [service('a', ['b'], by('a2')), service('b', [], by('b2'))];
  const seen = await run(before, [reload(1000, after)]);
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [b a]',
    ...['b.asked', 'a.asked'],
    'graph 2 of 1: a command,depends_on restart b command,depends_on restart',
    ...['b.up', 'b.ready', 'a.up', 'a.ready', 'r1 reached'],
  ]);
});

test('RL-9 an addition that would make a cycle, or depends on nothing, is refused', async () => {
  const seen = await run(chain(), [add(1000, service('x', ['nobody'])), add(1000, service('y', ['y']))]);
  assert.deepEqual(outcomes(seen), [
    'r1 refused: "x" cannot depend on "nobody": there is no service of that name',
    'r2 refused: "y" cannot depend on itself',
  ]);
  assert.deepEqual(eventsOf(seen, 'graph.changed'), []);
});

test('RL-10 what has another name is one removed and one added, and the plan says what it looks like', async () => {
  const seen = await run([service('db', [], by('pg'))], [reload(1000, [service('pg', [], by('pg'))])]);
  const [accepted] = eventsOf(seen, 'request.accepted');
  assert.deepEqual(accepted?.plan, [
    { service: 'db', change: 'remove', isNamed: true },
    { service: 'pg', change: 'add', isNamed: true, likely: 'db' },
  ]);
});

test('RL-11 what is added starts, with what it needs, as its edges hold', async () => {
  const after = [...chain(), service('mailer', ['queue']), service('queue')];
  const seen = await run(chain(), [reload(1000, after)]);
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [mailer queue]',
    'graph 2 of 1: +mailer +queue',
    ...['queue.up', 'queue.ready', 'mailer.up', 'mailer.ready', 'r1 reached'],
  ]);
});

test('RL-12 the plan names each service, its keys, what they need, what falls with it, the order, and the worst case', async () => {
  const hook = { kind: 'webhook', url: 'http://x', timeoutMs: 1_000 } as const;
  const before = [service('old'), service('db'), service('api', [restarting('db')]), service('web', ['api'])];
  const after = [
    service('db', [], by('db2')),
    service('api', [restarting('db')]),
    service('web', ['api'], { labels: { a: 'b' }, on: { ready: hook } }),
    service('new'),
  ];
  const dry = heard(reload(1000, after, { dryRun: true }));
  const real = heard(reload(1000, after));
  const seen = await run(before, [dry.request, real.request]);
  const { answer } = dry.ticket();
  assert.ok(answer.kind === 'accepted');
  assert.deepEqual(answer.plan, [
    { service: 'api', change: 'follow', isNamed: false, along: ['db'] },
    { service: 'db', change: 'restart', isNamed: true, keys: ['command'], class: 'restart' },
    { service: 'old', change: 'remove', isNamed: true },
    { service: 'new', change: 'add', isNamed: true },
    { service: 'web', change: 'redefine', isNamed: true, keys: ['on', 'labels'], class: 'in-place' },
  ]);
  assert.equal(answer.worstMs, 2 * (5000 + 250));
  assert.deepEqual(real.ticket().answer, answer);
  assert.equal(eventsOf(seen, 'request.accepted').length, 1);
});

test('RL-13 first what goes goes in the old order, then the switch, then what comes comes in the new one', async () => {
  const before = [service('db'), service('api', ['db']), service('web', ['api'])];
  const after = [service('db', ['cache'], by('db2')), service('web', ['db'], by('web2')), service('cache')];
  const seen = await run(before, [reload(1000, after)]);
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [web api db cache]',
    ...['web.asked', 'api.asked', 'api.stopped', 'db.asked'],
    'graph 2 of 1: +cache -api db command,depends_on restart web command,depends_on restart',
    ...['api.removed', 'cache.up', 'cache.ready', 'db.up', 'db.ready', 'web.up', 'web.ready', 'r1 reached'],
  ]);
});

test('RL-14 until the switch nothing is started that it touches, and all others live on', async () => {
  const before = [service('slow'), service('quick'), service('other', [], restart({ delayMs: 100 }))];
  const after = [service('slow', [], by('s')), service('quick', [], by('q')), before[2]!];
  const seen = await run(before, [reload(1000, after)], (name, attempt) => ({
    ...(name === 'slow' && { obeysAfterMs: 3000 }),
    ...(name === 'other' && attempt === 1 && crash(2000)),
  }));
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [quick slow]',
    ...['quick.asked', 'slow.asked', 'other.backoff', 'other.up', 'other.ready'],
    'graph 2 of 1: slow command restart quick command restart',
    ...['slow.up', 'quick.up', 'slow.ready', 'quick.ready', 'r1 reached'],
  ]);
});

test('RL-15 those that keep are not touched, those that react go first and come back', async () => {
  const before = [service('db'), service('keeps', ['db']), service('reacts', [restarting('db')])];
  const after = [service('db', [], by('db2')), ...before.slice(1)];
  const seen = await run(before, [reload(1000, after)]);
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [reacts db]',
    ...['reacts.asked', 'db.asked'],
    'graph 2 of 1: db command restart',
    ...['db.up', 'db.ready', 'reacts.up', 'reacts.ready', 'r1 reached'],
  ]);
});

test('RL-16 what a person stopped stays stopped, with its new definition', async () => {
  const after = [service('db', [], by('db2')), ...chain().slice(1)];
  const seen = await run(chain(), [
    asked(1000, 'stop', 'db', { noDeps: true }),
    reload(2000, after),
    asked(3000, 'start', 'db'),
  ]);
  assert.deepEqual(plot(seen, 2000), [
    'r2 accepted [db]',
    'graph 2 of 1: db command restart',
    'r2 reached',
    'r3 accepted [db]',
    ...['db.up', 'db.ready', 'r3 reached'],
  ]);
});

test('RL-17 what is changed and rests, or is about to be restarted, starts again; what is the same rests on', async () => {
  const services = (of: Partial<ServiceConfig>) => [
    service('failed', [], { ...ignored, ...of }),
    service('waits', [], { ...restart({ delayMs: 50_000 }), ...of }),
    task('job', [], { ...ignored, ...of }),
    task('same', [], ignored),
    service('same-failed', [], ignored),
  ];
  const seen = await run(services({}), [reload(5000, services(by('new')))], (name, attempt) => {
    if (name === 'job' || name === 'same') return { endsAfterMs: 50 };
    if (name === 'same-failed') return crash(100);
    return attempt === 1 ? crash(100) : {};
  });
  const told = plot(seen, 5000);
  assert.deepEqual(told.slice(0, 2), [
    'r1 accepted [failed waits job]',
    'graph 2 of 1: failed command restart waits command restart job command restart',
  ]);
  assert.deepEqual(told.slice(2, 5).toSorted(), ['failed.up', 'job.up', 'waits.up']);
  assert.deepEqual(told.slice(5), ['failed.ready', 'waits.ready', 'job.completed', 'r1 reached']);
});

test('RL-18 what did not change keeps its port, and what reports another one is told to those that keep', async () => {
  const url = { env: { URL: [{ service: 'db', value: 'port' }] } };
  const services = (program: string) => [service('db', [], by(program)), service('api', ['db'], url)];
  const seen = await run(services('old'), [reload(1000, services('new'))], (_, attempt) => ({
    values: { port: String(5000 + attempt) },
  }));
  const [note] = eventsOf(seen, 'service.note');
  assert.match(note?.text ?? '', /^still uses "5001" for \$\{db.port\}, which "db" has changed to "5002"/);
});

test('RL-29 add and remove are changes of one service', async () => {
  const seen = await run(chain(), [
    add(1000, service('mailer', ['db'])),
    asked(2000, 'remove', 'mailer'),
    add(3000, service('mailer')),
  ]);
  assert.deepEqual(
    story(seen, 1000).filter((line) => !line.endsWith('exited')),
    [
      'r1 accepted [mailer]',
      ...['graph 2 of 1: +mailer', 'mailer.up', 'mailer.ready', 'r1 reached'],
      'r2 accepted [mailer]',
      ...['mailer.asked', 'mailer.stopped', 'graph 3 of 2: -mailer', 'mailer.removed', 'r2 reached'],
      'r3 accepted [mailer]',
      ...['graph 4 of 3: +mailer', 'mailer.up', 'mailer.ready', 'r3 reached'],
    ],
  );
  assert.equal(statesAt(seen, 90_000), 'api ready#1, db ready#1, mailer ready#2, web ready#1');
});

test('RL-29 a name in use, or what others need, is refused; several that need each other go together', async () => {
  const seen = await run(chain(), [
    add(1000, service('api')),
    asked(1000, 'remove', 'db'),
    asked(1000, 'remove', 'dbb'),
    asked(1000, 'remove', 'db api web'),
  ]);
  assert.deepEqual(outcomes(seen).slice(0, 3), [
    'r1 refused: there is a service "api" already',
    'r2 refused: "api" depends on "db"',
    'r3 refused: there is no service "dbb"',
  ]);
  assert.deepEqual(
    eventsOf(seen, 'service.removed').map((event) => event.service),
    ['db', 'api', 'web'],
  );
  // Nothing is left, and nobody has stopped anything to start it again.
  assert.equal(seen.outcome.status, 0);
});

test('RL-29 what is asked for by name while it leaves is wanted, though somebody had stopped it', async () => {
  // The other one takes half a second to leave, and nothing is in force before that.
  const seen = await run(
    [service('db'), service('x')],
    [asked(1000, 'stop', 'x'), reload(2000, []), add(2100, service('x'))],
    () => ({ obeysAfterMs: 500 }),
  );
  assert.equal(statesAt(seen, 9000), 'db stopped#1, x ready#2');
  assert.equal(outcomes(seen).at(-1), 'r3 reached');
});

test('ST-5 the numbers of instances count on for a name that was removed and comes back', async () => {
  const seen = await run(
    [service('db')],
    [add(1000, service('x')), asked(2000, 'remove', 'x'), add(3000, service('x'))],
  );
  assert.deepEqual(
    eventsOf(seen, 'service.starting')
      .filter((event) => event.service === 'x')
      .map(({ attempt }) => attempt),
    [1, 2],
  );
});

test('WT-5 a wait for a service that is removed ends: stopped holds, everything else can not', async () => {
  const seen = await run(
    [service('db'), service('x')],
    [
      asked(1000, 'wait', 'x', { until: 'stopped' }),
      asked(1000, 'wait', 'x', { until: 'completed' }),
      asked(2000, 'remove', 'x'),
    ],
  );
  assert.deepEqual(outcomes(seen), ['r1 reached', 'r2 failed: "x" was stopped', 'r3 reached']);
});

test('an optional edge to what is added holds up nobody that runs', async () => {
  const optional = sampleEdge('cache', { optional: true });
  const seen = await run(
    [service('api')],
    [reload(1000, [service('api', [optional]), service('cache')])],
    (name) => (name === 'cache' ? { readyAfterMs: 'never', endsAfterMs: 100, exit: code(1) } : {}),
  );
  assert.equal(statesAt(seen, 90_000), 'api ready#1, cache stopped#1');
});
