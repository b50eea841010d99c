/** What failed, and what fell with it: the errors of a supervised graph. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { CancelScope, sleep, sleepForever, taskGroup } from '../../../src/concurrency/index.ts';
import { defineService } from '../../../src/library/definition.ts';
import { SupervisionError } from '../../../src/library/report.ts';
import { supervise } from '../../../src/library/supervise.ts';
import { law, thrownBy } from '../../support/concurrency-lab.ts';
import { asked, scripted } from '../../support/service-lab.ts';

async function failure(run: Promise<unknown>): Promise<SupervisionError> {
  const error = await thrownBy(run);
  assert.ok(error instanceof SupervisionError, String(error));
  return error;
}

law(
  'G8 a failure takes the graph down in order, and leaves with the very error that was thrown',
  async (lab) => {
    const db = defineService({ name: 'db', run: scripted(lab) });
    const api = defineService({
      name: 'api',
      dependsOn: [db],
      restart: 'no',
      run: scripted(lab, { failsAfterMs: 100 }),
      cleanup: () => lab.note('api.cleaned'),
    });
    const { errors, report } = await failure(supervise([db, api]));
    lab.saw('db.start db.ready api.start api.ready api.cleaned db.asked db.end');
    assert.equal(report.status, 1);
    assert.match(report.cause, /^"api" failed: threw Error: api broke/);
    assert.deepEqual(errors.map(String), ['Error: api broke']);
    assert.equal(report.failure?.service, 'api');
  },
);

law('cancellations are no errors: only what failed is told, the cause first', async (lab) => {
  const sick = defineService({ name: 'sick', restart: 'no', run: scripted(lab, { failsAfterMs: 100 }) });
  const stubborn = defineService({
    name: 'stubborn',
    stop: { grace: '0s' },
    async run({ started }) {
      started();
      await taskGroup((group) => {
        group.startSoon(() => sleepForever());
        group.startSoon(() => sleepForever());
      });
    },
  });
  const bad = defineService({
    name: 'bad',
    async run({ started, shutdown }) {
      started();
      await asked(shutdown);
      throw new Error('bad at stopping');
    },
    cleanup: () => assert.fail('bad at cleaning'),
  });
  const { report } = await failure(supervise([bad, stubborn, sick]));
  assert.deepEqual(report.errors[0]?.service, 'sick');
  assert.deepEqual(report.errors.map(({ service, phase }) => `${service} ${phase}`).sort(), [
    'bad cleanup',
    'bad stop',
    'sick run',
    'stubborn kill',
  ]);
  assert.equal(report.status, 1);
});

law('an error in a clean-up does not hide the failure before it', async () => {
  const broken = new Error('broken');
  const { errors } = await failure(
    supervise([
      defineService({
        name: 'a',
        type: 'task',
        async run() {
          throw broken;
        },
        cleanup: () => assert.fail('and the clean-up'),
      }),
    ]),
  );
  assert.equal(errors[0], broken);
  assert.match(String(errors[1]), /and the clean-up/);
});

law('raiseOnError false: the report is all there is', async (lab) => {
  const report = await supervise(
    [defineService({ name: 'a', restart: 'no', run: scripted(lab, { failsAfterMs: 5 }) })],
    { raiseOnError: false },
  );
  assert.equal(report.status, 1);
  assert.deepEqual(
    report.errors.map(({ service, attempt, phase }) => [service, attempt, phase]),
    [['a', 1, 'run']],
  );
});

law('restarts that helped leave no error; those that did not, the last one', async (lab) => {
  let attempts = 0;
  const healed = defineService({
    name: 'healed',
    async run({ attempt, started, shutdown }) {
      attempts = attempt;
      started();
      if (attempt < 4) throw new Error(`attempt ${attempt}`);
      await asked(shutdown);
    },
  });
  const run = supervise([healed]);
  await sleep(10_000);
  await run.down();
  assert.deepEqual((await run).errors, []);
  assert.equal(attempts, 4);
  const hopeless = defineService({
    name: 'hopeless',
    restart: { max: 2, delay: '10ms' },
    run: scripted(lab, { failsAfterMs: 1 }),
  });
  const { report } = await failure(supervise([hopeless]));
  assert.deepEqual(
    report.errors.map(({ attempt }) => attempt),
    [3],
  );
});

law('isolate: what needs it stops, the rest runs on', async (lab) => {
  const sick = defineService({
    name: 'sick',
    restart: 'no',
    onFailure: 'isolate',
    run: scripted(lab, { failsAfterMs: 100 }),
  });
  const needing = defineService({ name: 'needing', dependsOn: [sick], run: scripted(lab) });
  const other = defineService({ name: 'other', run: scripted(lab) });
  const run = supervise([sick, needing, other], { raiseOnError: false });
  await sleep(1000);
  const states = [...run.status.services].map(([name, { state }]) => `${name} ${state}`);
  assert.deepEqual(states, ['sick failed', 'needing stopped', 'other ready']);
  await run.down();
  assert.equal((await run).status, 1);
});

law('a service that returns before it is ready has failed, and so has one that is late', async () => {
  const early = await failure(supervise([defineService({ name: 'a', restart: 'no', run: () => undefined })]));
  assert.match(early.message, /"a" failed: returned after 0 ms, before it was ready/);
  const late = await failure(
    supervise([
      defineService({ name: 'a', restart: 'no', ready: { within: '2s' }, run: () => sleepForever() }),
    ]),
  );
  assert.match(late.message, /"a" failed: not ready within 2 s: it has not called started\(\)/);
});

law('to call started twice throws in the service', async () => {
  const { errors } = await failure(
    supervise([
      defineService({
        name: 'a',
        restart: 'no',
        run({ started }) {
          started();
          started();
        },
      }),
    ]),
  );
  assert.match(String(errors[0]), /"a" has called started\(\) before/);
});

law('health by a function: it fails by throwing or by false, and so many times in a row', async (lab) => {
  const answers = [true, false, true, false, new Error('down')];
  const api = defineService<{ port: number }>({
    name: 'api',
    restart: 'no',
    async run({ started, shutdown }) {
      started({ port: 80 });
      await asked(shutdown);
    },
    health: {
      interval: '1s',
      failures: 2,
      check({ reported, attempt }) {
        lab.note(`${reported.port}#${attempt}`);
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
  });
  const { report } = await failure(supervise([api]));
  assert.match(report.cause, /health check failed 2 times in a row: check threw Error: down/);
  lab.saw('80#1 80#1 80#1 80#1 80#1');
});

law('a check that hangs is ended at its limit, and has failed', async () => {
  const api = defineService({
    name: 'api',
    restart: 'no',
    async run({ started, shutdown }) {
      started();
      await asked(shutdown);
    },
    health: { interval: '1s', timeout: '500ms', failures: 1, check: () => sleepForever() },
  });
  const { report } = await failure(supervise([api]));
  assert.match(report.cause, /had not returned within 500 ms/);
});

law('a watchdog trips when no heartbeat comes', async (lab) => {
  const worker = defineService({
    name: 'worker',
    restart: 'no',
    watchdog: '1s',
    async run({ started, heartbeat }) {
      started();
      for (let beats = 0; beats < 5; beats++) {
        await sleep(800);
        heartbeat();
      }
      await sleepForever();
    },
  });
  const { report } = await failure(supervise([worker]));
  assert.match(report.cause, /no heartbeat from "worker" for 1 s/);
  assert.ok(lab.clock.now() >= 5000);
});

law('an error while it goes down replaces the cancellation that it goes down for', async () => {
  const bad = defineService({
    name: 'bad',
    async run({ started, shutdown }) {
      started();
      await asked(shutdown);
      throw new Error('bad at stopping');
    },
  });
  const scope = new CancelScope({ timeoutMs: 100 });
  const { errors } = await failure(scope.run(() => supervise([bad])));
  assert.deepEqual(errors.map(String), ['Error: bad at stopping']);
  assert.equal(scope.cancelledCaught, false);
});

law('who listens to events and throws is not called again, and nothing else comes of it', async (lab) => {
  const warned = once(process, 'warning');
  let calls = 0;
  const run = supervise([defineService({ name: 'a', run: scripted(lab) })], {
    onEvent() {
      calls += 1;
      throw new Error('a bad listener');
    },
  });
  await run.ready;
  await run.down();
  assert.equal((await run).status, 0);
  assert.equal(calls, 1);
  const [{ message }] = await warned;
  assert.match(message, /"onEvent" of supervise failed and is not called any more: Error: a bad listener/);
});
