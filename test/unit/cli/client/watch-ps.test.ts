/**
 * `orderly ps --watch`: what is shown when, and how it ends.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { PsOptions } from '../../../../src/cli/client/ps.ts';
import { createRates, fitted, watchPs } from '../../../../src/cli/client/watch-ps.ts';
import { NoAnswerError } from '../../../../src/control/client/ask.ts';
import type { ServiceAnswer, ServicesAnswer, UsageAnswer } from '../../../../src/control/protocol.ts';
import { fakeClient, RUN } from '../../../support/fake-client.ts';
import { serviceAnswer } from '../../../support/service-answer.ts';

const usageOf = (seconds: number): UsageAnswer => ({
  ...{ processes: 1, cpu_seconds: seconds, cpu_percent: 7, resident_bytes: 3 * 1024 * 1024 },
  listens: [
    { protocol: 'tcp', address: '::', port: 80 },
    { protocol: 'tcp', address: '0.0.0.0', port: 80 },
    { protocol: 'tcp', address: '::1', port: 81 },
    { protocol: 'udp', address: '127.0.0.1', port: 53 },
    { protocol: 'unix', path: '/run/x' },
  ],
  hidden: true,
});
const answer = (nowMs: number, ...services: readonly ServiceAnswer[]): ServicesAnswer => ({
  ...{ run: RUN.run, now_ms: nowMs, seq: nowMs, services },
});

/**
 * What the run answers one after the other: each comes with an event, or with a second where `seconds` pass; an error breaks the events
 * off, and the end is its end.
 */
function watching(
  answers: readonly (ServicesAnswer | Error)[],
  options: PsOptions,
  onTerminal = false,
  seconds = 0,
) {
  const shown: (readonly string[])[] = [];
  let isLeft = false;
  const screen = {
    size: () => ({ columns: 200, rows: 5 }),
    show: (lines: readonly string[]) => void shown.push(lines),
    onStale: () => undefined,
    leave: () => {
      isLeft = true;
    },
  };
  const client = fakeClient(onTerminal ? { screen } : {});
  const left = [...answers];
  let [toPass, isPassing] = [seconds, seconds > 0];
  let asked: () => void = () => {};
  const world = {
    ...client.world,
    ask: async (_run: unknown, { path }: { readonly path: string }) => {
      client.asked.push({ method: 'GET', path });
      const next = left.shift();
      asked();
      assert.ok(next !== undefined && !(next instanceof Error), 'it asks on and on');
      return { status: 200, text: JSON.stringify(next) };
    },
    after: (ms: number) => {
      if (ms < 1_000) return Promise.resolve();
      isPassing = toPass-- > 0;
      return isPassing ? Promise.resolve() : new Promise<void>(() => undefined);
    },
    async *follow() {
      while (isPassing) await new Promise((resolve) => setImmediate(resolve));
      while (left.length > 0) {
        if (left[0] instanceof Error) throw left[0];
        const taken = new Promise<void>((resolve) => {
          asked = resolve;
        });
        yield '{}';
        await taken;
      }
    },
  };
  return { ended: watchPs(world, [], options), client, shown, isLeft: () => isLeft };
}

suite('orderly ps --watch', () => {
  test('without a terminal it is a new table when something has changed, and only then', async () => {
    const told = [
      answer(1_000, serviceAnswer('a', { state: 'starting' })),
      answer(2_000, serviceAnswer('a', { state: 'starting', usage: usageOf(1) })),
      answer(3_000, serviceAnswer('a')),
    ];
    const { ended, client } = watching(told, {});
    assert.equal((await ended).status, 0);
    assert.deepEqual(client.printed, [
      'NAME  STATE     FOR  RESTARTS  PID\na     starting  1 s  0\n',
      '\nNAME  STATE  FOR  RESTARTS  PID\na     ready  3 s  0\n',
    ]);
    assert.deepEqual(client.complained, ['orderly: the run has ended']);
  });

  test('as JSON each is a line', async () => {
    const told = [
      answer(1_000, serviceAnswer('a', { state: 'starting' })),
      answer(2_000, serviceAnswer('a')),
    ];
    const { ended, client } = watching(told, { json: true, usage: true }, true);
    await ended;
    assert.deepEqual(
      client.printed,
      told.map(({ services }) => `${JSON.stringify(services)}\n`),
    );
    assert.ok(client.asked.every(({ path }) => path === '/v1/services?usage='));
  });

  test('on a terminal it is painted with what is used, and the last one stays when the run has ended', async () => {
    const told = [
      answer(1_000, serviceAnswer('a', { pid: 7, usage: usageOf(1) })),
      answer(2_000, serviceAnswer('a', { pid: 7, usage: usageOf(1.5) })),
      answer(3_000, serviceAnswer('a', { pid: 7, unhealthy: 'no answer' })),
    ];
    const { ended, client, shown, isLeft } = watching(told, {}, true, 1);
    await ended;
    const head = 'NAME  STATE  FOR  RESTARTS  PID  CPU    MEMORY   LISTENS';
    const places = '*:80 [::1]:81 127.0.0.1:53/udp /run/x ?';
    assert.deepEqual(shown[1], [head, `a     ready  2 s  0         7    50.0%  3.0 MiB  ${places}`]);
    assert.match(shown[2]?.[1] ?? '', /^a +unhealthy .* 50\.0% .* no answer$/);
    // An event asks for no look at processes.
    assert.deepEqual(
      client.asked.map(({ path }) => path),
      ['/v1/services?usage=', '/v1/services?usage=', '/v1/services'],
    );
    assert.ok(isLeft());
    assert.match(client.printed.join(''), /^NAME .*\na +unhealthy .*\n$/);
  });

  test('Ctrl-C leaves with 130, and the screen with it', async () => {
    const shown: (readonly string[])[] = [];
    let isLeft = false;
    const screen = {
      size: () => ({ columns: 80, rows: 5 }),
      show: (lines: readonly string[]) => void shown.push(lines),
      onStale: () => undefined,
      leave: () => {
        isLeft = true;
      },
    };
    const client = fakeClient({ screen, answers: { '/v1/services': answer(1, serviceAnswer('a')) } });
    const follow = async function* (): AsyncGenerator<string> {
      await new Promise(() => undefined);
    };
    const ended = watchPs({ ...client.world, follow }, [], {});
    client.interrupt('SIGINT');
    assert.equal((await ended).status, 130);
    assert.ok(isLeft);
    assert.deepEqual(client.printed, []);
  });

  test('a run that breaks off in the middle is an error, and the screen is left', async () => {
    const { ended, isLeft } = watching(
      [answer(1, serviceAnswer('a')), new NoAnswerError('it broke off')],
      {},
      true,
    );
    await assert.rejects(ended, /The run \(pid 7\) gives no answer: it broke off/);
    assert.ok(isLeft());
  });

  test('RQ-16 without a run it is empty', async () => {
    const client = fakeClient({ runs: [] });
    assert.equal((await watchPs(client.world, [], {})).status, 0);
    assert.match(client.complained[0] ?? '', /doesn't run/);
  });
});

suite('what is painted', () => {
  test('has room: lines are cut by characters, and of too many the last one tells how many are missing', () => {
    const lines = ['one', '😀two', 'three'];
    assert.deepEqual(fitted(lines, { columns: 3, rows: 3 }), ['one', '😀tw', 'thr']);
    assert.deepEqual(fitted(lines, { columns: 80, rows: 2 }), ['one', '… and 2 more']);
    assert.deepEqual(fitted(lines, { columns: 80, rows: 1 }), ['… and 3 more']);
  });

  test('the processor is what was used since the last look, of an instance that was there then', () => {
    const rates = createRates();
    const percent = (nowMs: number, seconds: number, attempt = 1): number | undefined =>
      rates(answer(nowMs, serviceAnswer('a', { attempt, usage: usageOf(seconds) })))[0]?.usage?.cpu_percent;
    assert.equal(percent(0, 1), 7);
    // Too close for a figure: that of before.
    assert.equal(percent(10, 5), 7);
    assert.equal(percent(1_000, 1.5), 50);
    assert.equal(percent(1_500, 1.6), 50);
    assert.equal(percent(3_000, 1.5), 0);
    assert.equal(percent(4_000, 0.1, 2), 7);
    const kept = (more: Partial<ServiceAnswer>): number | undefined =>
      rates(answer(4_500, serviceAnswer('a', { attempt: 2, ...more })))[0]?.usage?.cpu_percent;
    assert.deepEqual([kept({}), kept({ state: 'stopped' })], [7, undefined]);
    assert.equal(percent(5_000, 0.6, 2), 50);
    assert.equal(rates(answer(5_000, serviceAnswer('a')))[0]?.usage, undefined);
  });
});
