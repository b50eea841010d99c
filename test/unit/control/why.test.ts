/**
 * Why a service is where it is: for each state the chain to its root, what comes next, and what would help.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { explain } from '../../../src/control/picture/why.ts';
import type { Fact, WaitingFor } from '../../../src/events/event.ts';
import { ALLOWED_MOVES } from '../../../src/events/state-table.ts';
import { assertProperty } from '../../support/assert-property.ts';
import { accepted, stampAll, started, type Told, viewOf } from '../../support/told-picture.ts';

const NOW = 10_000;
const run = started({ db: [], api: ['db'], web: ['api'] });
const at = (service: string, attempt = 1) => ({ service, attempt }) as const;

const facts = {
  pending: (service: string, ...waits: readonly string[]): Fact => ({
    ...{ type: 'service.pending', ...at(service, 0) },
    waiting_for: waits.map((one) => ({ service: one, condition: 'ready', why: 'pending' })),
  }),
  starting: (service: string, attempt = 1): Fact => ({
    type: 'service.starting',
    ...at(service, attempt),
    pid: 7,
  }),
  ready: (service: string): Fact => ({
    ...{ type: 'service.ready', ...at(service), after_ms: 1, evidence: 'it listens', values: {} },
  }),
  stopping: (service: string, reason: string): Fact => ({
    ...{ type: 'service.stopping', ...at(service), reason, deadline_ms: 12_000 },
  }),
  exited: (service: string, code: number, asked = false): Fact => ({
    ...{ type: 'service.exited', ...at(service), code, asked },
  }),
  stopped: (service: string, more: object = {}): Fact => ({
    type: 'service.stopped',
    ...at(service),
    ...more,
  }),
  backoff: (service: string): Fact => ({
    ...{ type: 'service.backoff', ...at(service), delay_ms: 5_000, failures: 2 },
    ...{ restarts: { used: 2, max: 5 }, cause: 'exited with code 3 after 5 ms' },
  }),
  failed: (service: string, more: object = {}): Fact => ({
    ...{ type: 'service.failed', ...at(service), kind: 'exited', cause: 'exited with code 3' },
    ...{ advice: 'see its log', output: ['so long', 'what a pity'], ...more },
  }),
  skipped: (service: string, root?: string): Fact => ({
    ...{ type: 'service.skipped', ...at(service, 0), because: '"db" failed: exited with code 3' },
    ...(root !== undefined && { due_to: root }),
  }),
  wanted: (service: string, want: 'up' | 'down', request: string, more: object = {}): Fact => ({
    ...{ type: 'service.wanted', ...at(service), wish: 2, want, by: 'person', request },
    ...more,
  }),
  note: (service: string, text: string): Fact => ({ type: 'service.note', ...at(service), text }),
};

const stops = (request: string) => ({ reason: `request ${request} stops it` });
const shutdown: Fact = {
  ...{ type: 'shutdown.requested', cause: { kind: 'signal', signal: 'SIGTERM' }, budget_ms: 9_000 },
};

function why(service: string, told: readonly Told[], lines: Readonly<Record<string, string>> = {}) {
  const found = explain(viewOf([run, ...told], NOW, lines), service);
  assert.ok(found !== undefined);
  return found;
}

/** What a person reads. */
function textOf(...args: Parameters<typeof why>): readonly string[] {
  return why(...args).text.split('\n');
}

suite('why, state by state', () => {
  test('WY-9 pending: each edge that does not hold, with its chain', () => {
    const told = [facts.backoff('db'), facts.pending('api', 'db'), 4_000, facts.pending('web', 'api')];
    assert.deepEqual(textOf('web', told, { db: 'no disk' }), [
      'web is pending, for 6 s: waits for api to be ready (pending)',
      '  api is pending, for 10 s: waits for db to be ready (backoff)',
      '    db waits to be started again, for 10 s: it exited with code 3 after 5 ms; 2nd failure in a row',
      '      its last line: no disk',
      'next: it starts when api is ready',
      'try: orderly why api (tells of that one)',
    ]);
    const { next } = why('web', told);
    assert.deepEqual([next.when, next.at_ms], ['api is ready', undefined]);
  });

  test('WY-9 pending: its turn, another graph or the end of what it left behind is waited for without an edge', () => {
    const note = facts.note('api', 'is not started again before 7 (node) has ended, which outlived SIGKILL');
    const told = [{ ...facts.pending('api'), attempt: 1 } as Fact, note];
    assert.deepEqual(textOf('api', told), [
      'api is pending, for 10 s: its turn has not come',
      '  api: is not started again before 7 (node) has ended, which outlived SIGKILL',
      'next: it starts when its turn comes',
      'try: orderly ps (shows what takes its turn)',
    ]);
  });

  test('WY-9 pending: what is down can be started, what has no replica can get one', () => {
    const down = [
      facts.wanted('db', 'down', 'r1', stops('r1')),
      facts.stopped('db'),
      facts.pending('api', 'db'),
    ];
    assert.deepEqual(why('api', down).commands, [
      { argv: ['orderly', 'start', 'db'], why: 'starts what api waits for' },
    ]);
    const none: Fact = {
      ...{ type: 'service.pending', ...at('api', 0) },
      waiting_for: [{ service: 'pool', condition: 'ready', why: 'no replica' }],
    };
    assert.deepEqual(textOf('api', [none]), [
      'api is pending, for 10 s: waits for pool to be ready (no replica)',
      '  pool has no replica',
      'next: it starts when pool is ready',
      'try: orderly scale pool=1 (gives it one)',
    ]);
  });

  test('WY-9 starting: what is known of it, and its last line', () => {
    const told = [
      ...[
        facts.starting('api', 2),
        { ...facts.note('api', 'its port 80 is held by 7 (nginx)'), attempt: 2 } as Fact,
      ],
    ];
    assert.deepEqual(textOf('api', told, { api: 'loading' }), [
      'api is starting, for 10 s, instance 2: not ready yet',
      '  api: its port 80 is held by 7 (nginx)',
      '  its last line: loading',
      'next: it is ready when its condition holds',
      'try: orderly logs api (shows what it writes)',
    ]);
    const unready: Fact = {
      ...{ type: 'service.unready', service: 'api', attempt: 2 },
      detail: 'tcp 127.0.0.1:80: no answer',
    };
    assert.equal(
      textOf('api', [...told, unready])[0],
      'api is starting, for 10 s, instance 2: not ready yet, tcp 127.0.0.1:80: no answer',
    );
  });

  test('WY-9 ready: the evidence, and what its checks found last', () => {
    const unhealthy: Fact = {
      type: 'service.unhealthy',
      ...at('api'),
      failures: 3,
      detail: 'no answer in 1 s',
    };
    const told = [facts.starting('api'), facts.ready('api')];
    assert.deepEqual(textOf('api', told), [
      'api is ready, for 10 s (it listens)',
      'next: nothing, as long as nothing happens to it',
      'nothing is needed',
    ]);
    assert.deepEqual(textOf('api', [...told, unhealthy]), [
      'api is ready, for 10 s (it listens)',
      '  it is unhealthy: no answer in 1 s',
      'next: nothing, as long as nothing happens to it',
      'try: orderly logs api (shows what it writes)',
      'try: orderly restart api (gives it a new instance)',
    ]);
    assert.equal(textOf('api', [...told, unhealthy, { type: 'service.healthy', ...at('api') }]).length, 3);
  });

  test('WY-8 WY-9 stopping: who asked, what that still waits for, and when it is killed', () => {
    const told = [
      ...[facts.starting('db'), facts.starting('api'), facts.starting('web'), facts.stopped('web'), 3_000],
      accepted('r1', 'stop', { web: 'stop', api: 'stop', db: 'stop' }),
      ...[facts.wanted('api', 'down', 'r1', stops('r1')), facts.stopping('api', 'request r1 stops it')],
    ];
    assert.deepEqual(textOf('api', told), [
      'api is stopping, for 7 s: request r1 stops it; r1 (stop) still waits for api, db',
      '  request r1 (stop) came 7 s ago',
      'next: it is killed in 2 s if it has not ended; then it is at rest',
      'try: orderly signal api KILL (ends the waiting)',
    ]);
    assert.equal(why('api', told).next.at_ms, 12_000);
    // What has no main process any more can't be signalled.
    assert.deepEqual(why('api', [...told, facts.exited('api', 0, true)]).commands, []);
  });

  test('WY-9 stopping to be replaced: a new instance follows', () => {
    const told = [
      ...[facts.starting('api'), accepted('r1', 'restart', { api: 'restart' })],
      ...[facts.wanted('api', 'up', 'r1'), facts.stopping('api', 'is being restarted')],
    ];
    assert.deepEqual(textOf('api', told).slice(0, 3), [
      'api is stopping, for 10 s: is being restarted; r1 (restart) still waits for api',
      '  request r1 (restart) came 10 s ago',
      'next: it is killed in 2 s if it has not ended; then it starts again',
    ]);
  });

  test('WY-9 cleaning: which clean-up of how many, and how the instance ended', () => {
    const cleanup: Fact = {
      type: 'service.cleanup',
      ...at('api'),
      run: 'rm',
      code: 0,
      took_ms: 1,
      timed_out: false,
    };
    const told = [
      facts.starting('api'),
      facts.exited('api', 3),
      { type: 'service.cleaning', ...at('api'), count: 3 },
    ];
    assert.deepEqual(textOf('api', [...told, cleanup] as readonly Told[]), [
      'api has ended, and is cleaned up after, for 10 s: clean-up 2 of 3',
      '  it exited with code 3',
      'next: when its clean-ups have ended; then it starts again',
      'nothing is needed',
    ]);
  });

  test('WY-9 backoff: the end with its last line, the number in the row, and when it starts again', () => {
    const told = [7_000, facts.backoff('api')];
    assert.deepEqual(textOf('api', told, { api: 'no db' }), [
      'api waits to be started again, for 3 s: it exited with code 3 after 5 ms; 2nd failure in a row',
      '  its last line: no db',
      'next: it starts again in 2 s, restart 2 of 5',
      'try: orderly start api (starts it now)',
      'try: orderly logs api (shows what it wrote)',
    ]);
    assert.equal(why('api', told).next.at_ms, 12_000);
  });

  test('WY-5 backoff while something goes for its loss: not before that is gone', () => {
    const edge = { service: 'db', condition: 'ready', on_loss: 'stop', after_ms: 0 } as const;
    const reacting: Fact = { ...run, dependencies: { api: [edge] } } as Fact;
    const told = [
      reacting,
      facts.starting('api'),
      facts.stopping('api', 'db was lost'),
      7_000,
      facts.backoff('db'),
    ];
    const { next } = explain(viewOf(told, NOW), 'db')!;
    assert.deepEqual(next, {
      text: 'it starts again when api is gone, in 2 s at the earliest, restart 2 of 5',
      when: 'api is gone',
    });
    assert.equal(explain(viewOf([...told, facts.stopped('api')], NOW), 'db')?.next.at_ms, 12_000);
  });

  test('WY-7 what a request takes out of the graph is not offered to be started', () => {
    const told = [
      ...[
        accepted('r1', 'remove', { api: 'remove' }),
        facts.wanted('api', 'down', 'r1', { reason: 'r1 removes it' }),
      ],
      facts.stopped('api'),
    ];
    const { next, commands } = why('api', told);
    assert.deepEqual([next.text, commands], ['it leaves the graph when what r1 takes down is gone', []]);
  });

  test('WY-9 stopped by name: who, when, how it ended', () => {
    const told = [
      ...[facts.starting('db'), 2_000, accepted('r1', 'stop', { db: 'stop' })],
      facts.wanted('db', 'down', 'r1', stops('r1')),
      ...[1_000, facts.exited('db', 143, true), facts.stopped('db')],
      { type: 'request.settled', request: 'r1', outcome: 'reached', services: [] } as const,
    ];
    assert.deepEqual(textOf('db', told), [
      'db was stopped 7 s ago: request r1 stops it',
      '  it exited with code 143, having been asked to stop',
      '  request r1 (stop) came 8 s ago',
      'next: nothing, until somebody starts it',
      'try: orderly start db (starts it)',
    ]);
  });

  test('WY-9 stopped along: with what, and that it comes back with it', () => {
    const told = [
      accepted('r1', 'stop', { api: 'stop', db: 'stop' }),
      facts.wanted('api', 'down', 'r1', { reason: 'request r1 stops "db"', along: ['db'] }),
      facts.wanted('db', 'down', 'r1', stops('r1')),
      ...[facts.stopped('api'), facts.stopped('db')],
      { type: 'request.settled', request: 'r1', outcome: 'reached', services: [] } as const,
    ];
    assert.deepEqual(textOf('api', told), [
      'api was stopped 10 s ago: request r1 stops "db"',
      '  request r1 (stop) came 10 s ago',
      '  db was stopped 10 s ago: request r1 stops it',
      '    request r1 (stop) came 10 s ago',
      'next: it starts when db is started',
      'try: orderly start db (starts what it went along with)',
      'try: orderly start api (starts it)',
    ]);
  });

  test('WY-9 stopped by a loss: with the chain of it; for good, or until that is back', () => {
    const told = [
      ...[
        facts.starting('api'),
        facts.failed('db'),
        facts.stopping('api', '"db" failed: exited with code 3'),
      ],
      facts.stopped('api', { due_to: 'db' }),
    ];
    const text = textOf('api', told);
    assert.deepEqual(text.slice(0, 3), [
      'api was stopped 10 s ago: "db" failed: exited with code 3',
      '  db failed 10 s ago: exited with code 3',
      '    its last line: what a pity',
    ]);
    assert.equal(text[3], 'next: it starts when db is back');
    const forGood = [...told.slice(0, -1), facts.stopped('api', { due_to: 'db', spent: true })];
    assert.equal(textOf('api', forGood)[3], 'next: nothing, until somebody starts it');
  });

  test('WY-9 not selected: nobody asked for it', () => {
    const view = viewOf([started({ db: [], api: ['db'] }, { selection: ['db'] })], NOW);
    assert.deepEqual(explain(view, 'api')?.text.split('\n'), [
      'api was not selected',
      'next: nothing, until somebody starts it',
      'try: orderly start api (starts it)',
    ]);
  });

  test('WY-9 completed: how, and who still needed it', () => {
    const told: readonly Told[] = [
      ...[facts.exited('db', 0), 500],
      { type: 'service.completed', ...at('db'), needed_by: ['api'], advice: '"restart: always" would' },
    ];
    assert.deepEqual(textOf('db', told), [
      'db completed 9.5 s ago, though api still needed it',
      '  it exited with code 0',
      'next: nothing, until somebody starts it',
      'try: orderly start db (starts it again)',
    ]);
  });

  test('WY-9 failed: the cause, the last line, and what the advice says', () => {
    assert.deepEqual(textOf('db', [facts.failed('db')], { db: 'another' }), [
      'db failed 10 s ago: exited with code 3',
      '  its last line: what a pity',
      'next: nothing, until somebody starts it',
      'try: orderly start db (see its log)',
    ]);
  });

  test('WY-3 WY-9 skipped: the chain to what failed, whose start would help', () => {
    const told = [facts.failed('db'), facts.skipped('api', 'db'), facts.skipped('web', 'db')];
    assert.deepEqual(textOf('web', told), [
      'web was skipped 10 s ago: "db" failed: exited with code 3',
      '  db failed 10 s ago: exited with code 3',
      '    its last line: what a pity',
      'next: it starts when db is back',
      'try: orderly start db (starts what it needs)',
    ]);
  });

  test('WY-3 skipped for what nobody failed of: what it needs is told', () => {
    const told: readonly Told[] = [
      { type: 'service.completed', ...at('db') },
      { ...facts.skipped('api'), because: '"db" has ended' } as Fact,
    ];
    assert.deepEqual(textOf('api', told), [
      'api was skipped 10 s ago: "db" has ended',
      '  db completed 10 s ago',
      'next: it starts when db is back',
      'try: orderly start api (starts it, with what it needs)',
    ]);
  });

  test('WY-1 what waits for a service that has left the graph says so', () => {
    const removed: Fact = { type: 'service.removed', ...at('db'), request: 'r1' };
    assert.deepEqual(why('api', [facts.pending('api', 'db'), 4_000, removed]).chain[1], {
      ...{ kind: 'missing', service: 'db', ms: 4_000, seq: 3 },
      text: 'db left the graph 6 s ago: request r1 removed it',
    });
  });
});

suite('why, in general', () => {
  test('WY-2 a wish that differs from the state is told with it', () => {
    const told = [facts.starting('db'), facts.ready('db'), facts.wanted('db', 'down', 'r1', stops('r1'))];
    assert.equal(
      textOf('db', told)[0],
      'db is ready, for 10 s (it listens); it is not wanted any more: request r1 stops it',
    );
  });

  test('WY-3 WY-7 in a shutdown the root is its cause, and nothing is offered that would be refused', () => {
    const told = [facts.starting('api'), 1_000, shutdown, facts.stopping('api', 'everything goes down')];
    const { chain, commands } = why('api', told);
    assert.deepEqual(chain.at(-1), {
      ...{ kind: 'shutdown', text: 'everything goes down: SIGTERM', ms: 1_000, seq: 3 },
    });
    assert.deepEqual(commands, [{ argv: ['orderly', 'down', '--now'], why: 'kills what has not ended' }]);
    for (const fact of [
      facts.stopped('api'),
      facts.failed('api'),
      facts.skipped('api', 'db'),
      facts.pending('api', 'db'),
    ]) {
      const { commands: offered, next } = why('api', [...told, fact]);
      assert.deepEqual([offered, next.text], [[], 'everything goes down']);
    }
  });

  test('WY-3 what was stopped before a shutdown was not stopped by it', () => {
    const told = [
      ...[accepted('r1', 'stop', { api: 'stop' }), facts.wanted('api', 'down', 'r1', stops('r1'))],
      ...[facts.stopped('api'), 1_000, shutdown],
    ];
    const { chain } = why('api', told);
    assert.equal(chain[0]?.text.startsWith('api was stopped 10 s ago: request r1 stops it'), true);
    assert.deepEqual(chain.at(-1)?.kind, 'request');
  });

  test('WY-6 of several what can not hold goes first, then what is stopped, then what is failing, then the rest', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const told: readonly Told[] = [
      started({ ...Object.fromEntries(names.map((name) => [name, []])), x: names }),
      ...[facts.starting('a'), facts.backoff('b'), facts.stopped('c')],
      ...([{ type: 'service.completed', ...at('d') }, facts.skipped('e', 'f'), facts.failed('f')] as const),
      facts.pending('x', ...names),
    ];
    const { chain, next } = explain(viewOf(told, NOW), 'x')!;
    assert.match(
      chain[0]!.text,
      /waits for f to be .*, e to be .*, d to be .*, c to be .*, b to be .* and 1 more|a to be/,
    );
    assert.deepEqual(
      chain.filter(({ kind }) => kind === 'state').map(({ service }) => service),
      ['x', 'f', 'e', 'd', 'c', 'b'],
    );
    assert.match(next.text, /^it starts when f is ready, e is ready/);
  });

  test('of very many only the first are told, and a long chain is cut in the middle', () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `s${index}`);
    const row = names.map((name, index) => facts.pending(name, ...names.slice(index + 1, index + 2)));
    const told = [started(Object.fromEntries(names.map((name) => [name, []])))];
    const deep = explain(viewOf([...told, ...row], NOW), 's0')!;
    assert.equal(deep.chain.length, 2_000);
    assert.ok(deep.text.split('\n').length < 40);
    assert.match(deep.text, /^ *s1999 is pending/m);
    const wide = explain(viewOf([...told, facts.pending('s0', ...names.slice(1))], NOW), 's0')!;
    assert.ok(wide.text.length < 2_000, `${wide.text.length}`);
    assert.match(wide.text, / and 1994 more/);
  });

  test('WY-1 WY-3 WY-4 whatever leads to whatever: an answer, each service once, each link of an event', () => {
    const names = ['a', 'b', 'c', 'd'];
    const some = fc.constantFrom(...names);
    const waits: fc.Arbitrary<readonly WaitingFor[]> = fc
      .uniqueArray(fc.constantFrom(...names, 'gone'))
      .map((all) => all.map((service) => ({ service, condition: 'ready', why: 'x' })));
    const anything: fc.Arbitrary<Told> = fc.oneof(
      fc.integer({ min: 1, max: 2_000 }),
      fc.tuple(some, waits).map(
        ([service, waiting_for]): Fact => ({
          ...{ type: 'service.pending', ...at(service, 0), waiting_for },
        }),
      ),
      some.map((service) => facts.starting(service)),
      some.map((service) => facts.ready(service)),
      some.map((service) => facts.stopping(service, 'so')),
      some.map((service): Fact => ({ type: 'service.cleaning', ...at(service), count: 1 })),
      some.map((service) => facts.backoff(service)),
      fc.tuple(some, some).map(([service, due_to]) => facts.stopped(service, { due_to })),
      some.map((service): Fact => ({ type: 'service.completed', ...at(service) })),
      fc.tuple(some, some).map(([service, due_to]) => facts.failed(service, { due_to })),
      fc
        .tuple(some, fc.option(some, { nil: undefined }))
        .map(([service, root]) => facts.skipped(service, root)),
      fc
        .tuple(some, fc.uniqueArray(some))
        .map(([service, along]) => facts.wanted(service, 'down', 'r1', { along })),
      some.map((service) => facts.wanted(service, 'up', 'r2')),
      some.map((service) => accepted('r1', 'stop', { [service]: 'stop', gone: 'stop' })),
      some.map((service) => facts.exited(service, 1)),
      some.map((service): Fact => ({ type: 'service.unhealthy', ...at(service), failures: 1, detail: 'x' })),
      some.map((service): Fact => ({ type: 'service.removed', ...at(service), request: 'r3' })),
      fc.constant(shutdown),
    );
    const cycle = started({ a: ['b'], b: ['c'], c: ['a'], d: ['d'] });
    const reached = new Set<string>();
    assertProperty(
      fc.property(fc.array(anything, { maxLength: 30 }), (told) => {
        const removed = new Set<string>();
        // What has left the graph is not told of any more.
        const isTold = (one: Told): boolean => {
          if (typeof one === 'number' || !('service' in one) || one.service === undefined) return true;
          if (removed.has(one.service)) return false;
          if (one.type === 'service.removed') removed.add(one.service);
          return true;
        };
        const all = [cycle, ...told.filter(isTold)];
        const view = viewOf(all, 5_000, { a: 'a line' });
        const { length } = stampAll(all);
        for (const name of view.picture.names) {
          const { chain, next, text } = explain(view, name)!;
          reached.add(view.picture.service(name)?.state ?? '');
          assert.equal(chain[0]?.service, name);
          const states = chain.filter(({ kind }) => kind === 'state').map(({ service }) => service);
          assert.equal(new Set(states).size, states.length, text);
          for (const { seq, ms } of chain) assert.ok(seq >= 1 && seq <= length && ms >= 0, text);
          assert.ok(next.text !== '' && !text.includes('undefined'), text);
          assert.match(text, /\n(?:try: |nothing is needed)/);
        }
      }),
      { numRuns: 500 },
    );
    assert.deepEqual([...reached].sort(), Object.keys(ALLOWED_MOVES).sort());
  });
});
