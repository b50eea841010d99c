/** How services that are functions are stopped: asked, then cancelled, then cleaned up after, inside a budget. */
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import {
  CancelScope,
  effectiveDeadline,
  shield,
  sleep,
  sleepForever,
  taskGroup,
} from '../../../src/concurrency/index.ts';
import { defineService } from '../../../src/library/definition.ts';
import { SupervisionError } from '../../../src/library/report.ts';
import { supervise } from '../../../src/library/supervise.ts';
import { law, thrownBy } from '../../support/concurrency-lab.ts';
import { asked, scripted } from '../../support/service-lab.ts';

law(
  'X7 two phases: the polite one ends when it is asked, the stubborn one is cancelled at its grace',
  async (lab) => {
    const polite = defineService({ name: 'polite', run: scripted(lab, { stopMs: 10 }) });
    const stubborn = defineService({
      name: 'stubborn',
      stop: { grace: '2s' },
      async run({ started }) {
        started();
        try {
          await sleepForever();
        } finally {
          lab.noteTime('cancelled');
          await shield(() => sleep(100));
          lab.note('cleaned');
        }
      },
    });
    const run = supervise([polite, stubborn], { raiseOnError: false });
    await run.ready;
    await run.down();
    lab.saw('polite.start polite.ready polite.asked polite.end cancelled(2.01s) cleaned');
    const report = await run;
    assert.equal(report.status, 3);
    assert.equal(report.services.get('polite')?.state, 'stopped');
    assert.deepEqual(
      report.errors.map(({ service, phase }) => [service, phase]),
      [['stubborn', 'kill']],
    );
  },
);

law('what is cancelled may clean up behind a shield, before what it needs is stopped', async (lab) => {
  const db = defineService({ name: 'db', run: scripted(lab) });
  const slow = defineService({
    name: 'slow',
    dependsOn: [db],
    stop: { grace: '2s' },
    async run({ started }) {
      started();
      try {
        await sleepForever();
      } finally {
        await shield(() => sleep(1500));
        lab.noteTime('cleaned');
      }
    },
  });
  const run = supervise([db, slow], { raiseOnError: false, budget: '28s' });
  await run.ready;
  await run.down();
  lab.saw('db.start db.ready cleaned(3.51s) db.asked db.end');
  assert.deepEqual((await run).survivors, []);
});

law('a second signal does not wait for what cleans up behind a shield', async () => {
  let endMs = Number.NaN;
  const run = supervise(
    [
      defineService({
        name: 'slow',
        async run({ started }) {
          started();
          await shield(() => sleep(60_000));
        },
      }),
    ],
    {
      raiseOnError: false,
      onEvent(event) {
        if (event.type === 'run.finished') endMs = event.ms;
      },
    },
  );
  await run.ready;
  process.emit('SIGTERM', 'SIGTERM');
  await sleep(12_000);
  process.emit('SIGTERM', 'SIGTERM');
  assert.deepEqual((await run).survivors.length, 1);
  assert.ok(endMs < 13_000, `${endMs} ms`);
  await sleep(60_000);
});

law('X8 two phases, all polite: it is over at once, not at the deadline', async (lab) => {
  const run = supervise(['a', 'b'].map((name) => defineService({ name, run: scripted(lab) })));
  await run.ready;
  const atMs = lab.clock.now();
  await run.down();
  assert.equal(lab.clock.now(), atMs);
});

law('G4 a chain of stubborn functions shares the budget', async (lab) => {
  const stubborn = (name: string, dependsOn: readonly string[]) =>
    defineService({ name, dependsOn, run: scripted(lab, { stopMs: 'never' }) });
  const run = supervise([stubborn('a', []), stubborn('b', ['a']), stubborn('c', ['b'])], {
    budget: '6s',
    raiseOnError: false,
  });
  await run.ready;
  const atMs = lab.clock.now();
  await run.down();
  assert.ok(lab.clock.now() - atMs <= 6000, `${lab.clock.now() - atMs} ms`);
  assert.equal((await run).errors.length, 3);
});

law('G3 clean-ups run after every instance, in order, shielded, each with its own limit', async (lab) => {
  const run = supervise(
    [
      defineService({
        name: 'api',
        run: scripted(lab),
        cleanup: [
          async function hang() {
            lab.note('hang');
            await sleepForever();
          },
          { run: () => assert.fail('a bad one'), timeout: '1s' },
          async () => {
            await sleep(500);
            lab.noteTime('last');
          },
        ],
      }),
    ],
    { raiseOnError: false },
  );
  await run.ready;
  await run.down();
  lab.saw('api.start api.ready api.asked api.end hang last(5.51s)');
  const { errors, status } = await run;
  assert.equal(status, 3);
  assert.match(
    String(errors[0]?.error),
    /the clean-up "hang" of "api" was cancelled after its timeout of 5 s/,
  );
  assert.match(String(errors[1]?.error), /a bad one/);
});

law('parts of a clean-up that may run at the same time do, whatever becomes of the others', async (lab) => {
  const part = (name: string, ms: number) => async () => {
    await sleep(ms);
    lab.noteTime(name);
    if (ms === 200) throw new Error(`${name} broke`);
  };
  const run = supervise(
    [
      defineService({
        name: 'api',
        type: 'task',
        run: () => undefined,
        cleanup: [{ parallel: [part('a', 300), part('b', 200), part('c', 100)] }, part('d', 100)],
      }),
    ],
    { raiseOnError: false },
  );
  await run;
  lab.saw('c(0.1s) b(0.2s) a(0.3s) d(0.4s)');
});

law('a clean-up is told what the instance reported, why it ended, and what it threw', async () => {
  const broken = new Error('broken');
  const told: unknown[] = [];
  const service = defineService<{ port: number }>({
    name: 'api',
    restart: 'no',
    async run({ started }) {
      started({ port: 80 });
      await sleep(10);
      throw broken;
    },
    cleanup: ({ name, attempt, reported, reason, error }) =>
      told.push(name, attempt, reported?.port, reason, error),
  });
  await supervise([service], { raiseOnError: false });
  assert.deepEqual(told, ['api', 1, 80, 'threw Error: broken after 10 ms', broken]);
});

law('a second stop is harmless: it waits for the same end', async (lab) => {
  const run = supervise([defineService({ name: 'a', run: scripted(lab, { stopMs: 1000 }) })]);
  await run.ready;
  const first = run.down();
  await sleep(500);
  await Promise.all([first, run.down(), run.down()]);
  lab.saw('a.start a.ready a.asked a.end');
  assert.equal((await run).status, 0);
  await run.down();
});

law('cancelled from outside it goes down in order before the cancellation goes on', async (lab) => {
  const db = defineService({
    name: 'db',
    run: scripted(lab, { stopMs: 100 }),
    cleanup: () => lab.note('db.cleaned'),
  });
  const api = defineService({ name: 'api', dependsOn: [db], run: scripted(lab, { stopMs: 100 }) });
  const scope = new CancelScope({ timeoutMs: 1000 });
  await scope.run(async () => {
    await supervise([db, api]);
    lab.note('not here');
  });
  assert.ok(scope.cancelledCaught);
  assert.equal(lab.clock.now(), 1200);
  lab.saw('db.start db.ready api.start api.ready api.asked api.end db.asked db.end db.cleaned');
});

law('a signal that aborts asks it to go down', async (lab) => {
  const controller = new AbortController();
  const run = supervise([defineService({ name: 'a', run: scripted(lab) })], { signal: controller.signal });
  await run.ready;
  controller.abort('enough');
  assert.equal((await run).cause, 'asked to go down: enough');
  const late = await supervise([defineService({ name: 'b', run: scripted(lab) })], {
    signal: controller.signal,
  });
  assert.equal(late.status, 0);
  lab.saw('a.start a.ready a.asked a.end');
});

law('to end by what shutdown aborted is a good end', async () => {
  const platform = (signal: AbortSignal) =>
    new Promise((_, reject) =>
      signal.addEventListener('abort', () =>
        reject(Object.assign(new Error('aborted', { cause: signal.reason }), { name: 'AbortError' })),
      ),
    );
  const run = supervise([
    defineService({
      name: 'a',
      async run({ started, shutdown }) {
        started();
        await platform(shutdown);
      },
    }),
  ]);
  await run.ready;
  await run.down();
  assert.equal((await run).status, 0);
});

law('G5 a function that awaits what never ends is given up, and named', async () => {
  const run = supervise([
    defineService({
      name: 'deaf',
      stop: { grace: '1s' },
      async run({ started }) {
        started();
        await new Promise(() => undefined);
      },
    }),
  ]);
  await run.ready;
  await run.down();
  const error = await thrownBy(run);
  assert.ok(error instanceof SupervisionError);
  assert.equal(error.report.status, 3);
  assert.deepEqual(
    error.report.survivors.map(({ service }) => service),
    ['deaf'],
  );
});

law('what listens to shutdown runs in the surroundings of the service', async (lab) => {
  const run = supervise([
    defineService({
      name: 'a',
      async run({ started, shutdown }) {
        let done: Promise<void> = Promise.resolve();
        shutdown.addEventListener('abort', () => {
          done = sleep(50).then(() => lab.note('listener'));
        });
        started();
        await asked(shutdown);
        await done;
      },
    }),
  ]);
  await run.ready;
  await run.down();
  lab.saw('listener');
});

law('what a listener of shutdown began is cancelled with the service', async (lab) => {
  const run = supervise(
    [
      defineService({
        name: 'a',
        stop: { grace: '1s' },
        async run({ started, shutdown }) {
          let done: Promise<unknown> = sleepForever();
          shutdown.addEventListener('abort', () => {
            // Ours: there is none, and the wait for its end has one.
            lab.note(`deadline:${effectiveDeadline()}`);
            done = sleepForever().finally(() => lab.noteTime('cancelled'));
          });
          started();
          await asked(shutdown);
          await done;
        },
      }),
    ],
    { raiseOnError: false },
  );
  await run.ready;
  await run.down();
  lab.saw('deadline:Infinity cancelled(1s)');
  assert.deepEqual((await run).survivors, []);
});

law('G3 a clean-up that is deaf is left to itself a moment after its own limit', async (lab) => {
  const run = supervise(
    [
      defineService({
        name: 'a',
        type: 'task',
        run: () => undefined,
        cleanup: [{ run: () => new Promise(() => undefined), timeout: '1s' }, () => lab.noteTime('next')],
      }),
    ],
    { raiseOnError: false },
  );
  await run;
  lab.saw('next(1.25s)');
});

law('a clean-up is told of the error of its own instance only', async () => {
  const told: unknown[] = [];
  const run = supervise([
    defineService({
      name: 'a',
      restart: { delay: '10ms' },
      async run({ attempt, started, shutdown }) {
        started();
        if (attempt === 1) throw new Error('the first');
        await asked(shutdown);
      },
      cleanup: ({ attempt, error }) => told.push(attempt, String(error)),
    }),
  ]);
  await sleep(1000);
  await run.down();
  assert.deepEqual(told, [1, 'Error: the first', 2, 'undefined']);
});

law('a group that ends by what shutdown aborted, and nothing else, is a good end', async () => {
  const run = supervise([
    defineService({
      name: 'a',
      async run({ started, shutdown }) {
        started();
        await taskGroup((group) => {
          group.startSoon(async () => {
            await asked(shutdown);
            throw shutdown.reason;
          });
        });
      },
    }),
  ]);
  await run.ready;
  await run.down();
  assert.deepEqual((await run).errors, []);
});

law('no listener is left at the signal that was given', async (lab) => {
  const { signal } = new AbortController();
  const run = supervise([defineService({ name: 'a', run: scripted(lab) })], { signal });
  await run.ready;
  assert.equal(getEventListeners(signal, 'abort').length, 1);
  await run.down();
  await run;
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

law('what throws of itself while others go down has failed', async (lab) => {
  const db = defineService({ name: 'db', run: scripted(lab, { failsAfterMs: 1000 }) });
  const api = defineService({ name: 'api', dependsOn: [db], run: scripted(lab, { stopMs: 2000 }) });
  const run = supervise([db, api], { raiseOnError: false });
  await sleep(500);
  await run.down();
  const { status, errors } = await run;
  assert.equal(status, 1);
  assert.deepEqual(
    errors.map(({ service, phase, error }) => `${service} ${phase} ${error}`),
    ['db run Error: db broke'],
  );
});
