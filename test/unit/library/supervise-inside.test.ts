/** What a service does to its own graph, and graphs within services. */
import assert from 'node:assert/strict';
import { sleep, sleepForever, taskGroup, untilAborted } from '../../../src/concurrency/index.ts';
import { defineService, type ServiceDefinition } from '../../../src/library/definition.ts';
import { supervise } from '../../../src/library/supervise.ts';
import type { Supervision } from '../../../src/library/supervision.ts';
import { law } from '../../support/concurrency-lab.ts';
import { scripted } from '../../support/service-lab.ts';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const listening = () => SIGNALS.map((signal) => process.listenerCount(signal));

function stopper(stop: () => Promise<void>): ServiceDefinition {
  return defineService({
    name: 'job',
    async run({ started }) {
      started();
      await sleep(10);
      await stop();
    },
  });
}

law('a service that stops its own graph does not wait for itself', async (lab) => {
  const ways: readonly (() => Promise<void>)[] = [
    () => run.down('all work is done'),
    () => taskGroup((group) => void group.startSoon(() => run.down('all work is done'))),
    async () =>
      void (await new Promise((resolve) => setImmediate(() => resolve(run.down('all work is done'))))),
  ];
  let run: Supervision;
  for (const way of ways) {
    run = supervise([stopper(way), defineService({ name: 'other', run: scripted(lab) })]);
    const report = await run;
    assert.deepEqual([report.status, report.cause], [0, 'asked to go down: all work is done']);
    assert.equal(lab.clock.now() % 1000 < 100, true, `it took until ${lab.clock.now()} ms`);
  }
});

law(
  'a clean-up, a check and a listener of shutdown that stop their own graph do not wait for it',
  async () => {
    const run: Supervision = supervise(
      [
        defineService({
          name: 'a',
          health: { interval: '10ms', check: () => run.down() },
          async run({ started, shutdown }) {
            let stopped: Promise<void> = Promise.resolve();
            shutdown.addEventListener('abort', () => {
              stopped = run.down();
            });
            started();
            await untilAborted(shutdown);
            await stopped;
          },
          cleanup: () => run.down(),
        }),
      ],
      { budget: '2s' },
    );
    const report = await run;
    assert.deepEqual([report.status, report.errors], [0, []]);
  },
);

law(
  'a service of a graph within stops the outer one without waiting, and the inner one is waited for',
  async (lab) => {
    const outer: Supervision = supervise([
      defineService({
        name: 'outer',
        async run({ started }) {
          const inner = supervise([
            stopper(() => outer.down()),
            defineService({ name: 'slow', run: scripted(lab, { stopMs: 500 }) }),
          ]);
          started();
          await inner.down.call(inner).then(() => lab.noteTime('inner.stopped'));
        },
      }),
    ]);
    assert.equal((await outer).status, 0);
    assert.ok(lab.events.some((event) => event.startsWith('inner.stopped')));
  },
);

law('who has left its service waits for the graph as anybody does', async (lab) => {
  let later: Promise<void> | undefined;
  const run: Supervision = supervise([
    defineService({
      name: 'brief',
      run({ started }) {
        started();
        later = sleep(50)
          .then(
            () => undefined,
            () => undefined,
          )
          .then(() => run.down())
          .then(() => lab.noteTime('stopped'));
      },
    }),
    defineService({ name: 'slow', run: scripted(lab, { stopMs: 1000 }) }),
  ]);
  await run;
  await later;
  const [stopped] = lab.events.filter((event) => event.startsWith('stopped'));
  assert.match(stopped ?? '', /^stopped\(1/);
});

law('a graph within a service hears no signals, and goes down with its service', async (lab) => {
  const before = listening();
  const inner = defineService({ name: 'inner', run: scripted(lab, { stopMs: 100 }) });
  const outer = defineService({
    name: 'outer',
    async run({ started, shutdown }) {
      const run = supervise([inner]);
      await run.ready;
      started();
      shutdown.addEventListener('abort', () => lab.note('outer.asked'));
      const { status, cause } = await run;
      lab.note(`${status}:${cause.replaceAll(' ', '-')}`);
    },
  });
  const run = supervise([outer]);
  await run.ready;
  assert.deepEqual(
    listening(),
    before.map((count) => count + 1),
  );
  process.emit('SIGTERM', 'SIGTERM');
  const report = await run;
  assert.equal(report.status, 143);
  lab.saw(
    'inner.start inner.ready outer.asked inner.asked inner.end 0:asked-to-go-down:-"outer"-is-asked-to-stop',
  );
  assert.equal(lab.clock.now() < 1000, true);
});

law('a graph within a service hears the signals that it is told to', async (lab) => {
  const own = new AbortController();
  const run = supervise(
    [
      defineService({
        name: 'outer',
        async run({ started, shutdown }) {
          const inner = supervise([defineService({ name: 'inner', run: scripted(lab) })], {
            signals: ['SIGHUP'],
            signal: own.signal,
          });
          await inner.ready;
          started();
          const { cause } = await inner;
          lab.note(cause);
          await untilAborted(shutdown);
        },
      }),
    ],
    { signals: ['SIGTERM'] },
  );
  await run.ready;
  process.emit('SIGHUP', 'SIGHUP');
  await sleep(100);
  lab.saw('inner.start inner.ready inner.asked inner.end SIGHUP');
  assert.equal(run.status.shutdown, undefined);
  await run.down();
});

law('a graph within a service that is cancelled goes down before the service ends', async (lab) => {
  const run = supervise(
    [
      defineService({
        name: 'outer',
        stop: { grace: '1s' },
        async run({ started }) {
          const inner = supervise([defineService({ name: 'inner', run: scripted(lab, { stopMs: 300 }) })], {
            signal: new AbortController().signal,
          });
          await inner.ready;
          started();
          try {
            await inner;
          } finally {
            lab.noteTime('inner.over');
          }
        },
      }),
    ],
    { raiseOnError: false },
  );
  await run.ready;
  await run.down();
  lab.saw('inner.start inner.ready inner.asked inner.end inner.over(1.31s)');
});

law('await using: the end of the block stops it and waits, also when the block is cancelled', async (lab) => {
  {
    await using run = supervise([defineService({ name: 'a', run: scripted(lab, { stopMs: 100 }) })]);
    await run.ready;
    lab.note('block');
  }
  lab.noteTime('after');
  lab.saw('a.start a.ready block a.asked a.end after(0.11s)');
});

law(
  'await using: a failure that nobody was told of is thrown at the end of the block, any other is not',
  async (lab) => {
    const broken = () => defineService({ name: 'a', restart: 'no', run: scripted(lab, { failsAfterMs: 1 }) });
    await assert.rejects(async () => {
      await using _run = supervise([broken()]);
      await sleep(100);
    }, /"a" failed/);
    {
      await using run = supervise([broken()]);
      await assert.rejects(run, /"a" failed/);
    }
    {
      await using run = supervise([broken()]);
      await sleep(100);
      await run.down();
    }
    await assert.rejects(async () => {
      await using run = supervise([
        defineService({ name: 'b', restart: 'no', run: () => assert.fail('broke') }),
      ]);
      await run.ready;
    }, /broke/);
  },
);

law('values from outside: by definition or name, as they are, also after the end', async () => {
  const pool = new Map([['a', 1]]);
  const db = defineService<{ pool: Map<string, number> }>({
    name: 'db',
    async run({ started, shutdown }) {
      await sleep(10);
      started({ pool });
      await untilAborted(shutdown);
    },
  });
  const run = supervise([db]);
  assert.throws(() => run.values(db), /There are no values of "db": it has not been ready yet/);
  assert.equal(run.values.maybe(db), undefined);
  await run.ready;
  assert.equal(run.values(db).pool, pool);
  assert.throws(() => run.values('dp'), /There are no values of "dp": it is not in this graph/);
  await run.down();
  assert.equal(run.values('db').pool, pool);
});

law('a function that is ready and returns at once lets those that depend on it run', async (lab) => {
  const a = defineService<{ x: number }>({ name: 'a', run: ({ started }) => started({ x: 1 }) });
  const late = defineService({ name: 'late', run: scripted(lab, { startMs: 1000 }) });
  const first = defineService<{ y: number }>({
    name: 'first',
    dependsOn: [a],
    run: ({ values, started }) => started({ y: values(a).x + 1 }),
  });
  const second = defineService({
    name: 'second',
    dependsOn: { first: { onLoss: 'stop' }, a: { condition: 'started', onLoss: 'restart' }, late: {} },
    async run({ values, started, shutdown }) {
      lab.note(`y=${values(first).y}`);
      started();
      await untilAborted(shutdown);
    },
  });
  const run = supervise([a, first, second, late], { maxStarting: 1 });
  await run.ready;
  await sleep(10_000);
  const states = [...run.status.services].map(([name, { state }]) => `${name} ${state}`);
  assert.deepEqual(states, ['a completed', 'first completed', 'second ready', 'late ready']);
  await run.down();
  assert.equal((await run).status, 0);
});

law('a function that is to be started again whenever it returns is not over', async (lab) => {
  const a = defineService({
    name: 'a',
    restart: { policy: 'always', delay: '1s', jitter: 0, factor: 1, max: 0 },
    async run({ started }) {
      await sleep(100);
      started();
    },
  });
  const b = defineService({
    name: 'b',
    dependsOn: { a: { condition: 'completed' } },
    run: () => sleepForever(),
  });
  const run = supervise([a, b]);
  await sleep(5000);
  lab.note('waited');
  await run.down();
});

law(
  'what a service says that it is doing is data of its status: the last words, with their numbers',
  async () => {
    const run = supervise([
      defineService({
        name: 'consumer',
        async run({ started, status, shutdown }) {
          status('connecting');
          await sleep(10);
          started();
          for (let done = 1; done <= 3; done++) {
            await sleep(10);
            status('consuming', { done, queued: 3 - done });
          }
          await untilAborted(shutdown);
        },
      }),
      defineService({ name: 'silent', run: ({ started }) => started() }),
    ]);
    const said = () => run.status.services.get('consumer')?.said;
    await sleep(5);
    assert.deepEqual(said(), { attempt: 1, text: 'connecting', numbers: {} });
    await sleep(20);
    assert.deepEqual(said(), { attempt: 1, text: 'consuming', numbers: { done: 1, queued: 2 } });
    await sleep(100);
    await run.down();
    const { services } = await run;
    assert.deepEqual(services.get('consumer')?.said?.numbers, { done: 3, queued: 0 });
    assert.equal(services.get('silent')?.said, undefined);
  },
);
