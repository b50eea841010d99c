/**
 * A request as whoever made it sees it: what was asked, what is told, with which status it ends.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { AskError } from '../../../../src/cli/client/ask-run.ts';
import { progressClauses } from '../../../../src/cli/client/progress.ts';
import { type RequestCommandOptions, request, settledLines } from '../../../../src/cli/client/request.ts';
import { NoAnswerError } from '../../../../src/control/client/ask.ts';
import type { AcceptedAnswer, SettledAnswer } from '../../../../src/control/protocol.ts';
import { type FakeOutside, fakeClient } from '../../../support/fake-client.ts';

const accepted: Omit<AcceptedAnswer, 'run'> = {
  ...{ request: 'r1', kind: 'accepted', seq: 3, worst_ms: 2_000, replaces: [] },
  plan: [
    { service: 'web', change: 'stop', isNamed: false, along: ['api'] },
    { service: 'api', change: 'stop', isNamed: true },
  ],
};
const reached: Omit<SettledAnswer, 'run'> = {
  ...{ request: 'r1', kind: 'settled', outcome: 'reached', status: 0 },
  services: [{ service: 'api', outcome: 'reached' }],
};

async function outcome(outside: FakeOutside, options: RequestCommandOptions = {}, kind = 'stop') {
  const client = fakeClient(outside);
  const { status } = await request(client.world, { kind, names: ['api'] }, options);
  return {
    status,
    printed: client.printed.join(''),
    complained: client.complained.join('\n'),
    asked: client.asked,
  };
}

const done = { '/v1/requests': accepted, '/v1/requests/r1': reached };

suite('a request', () => {
  test('RQ-9 one that is reached is told a line for each service, with status 0', async () => {
    const { status, printed, asked } = await outcome({ answers: done });
    assert.deepEqual([status, printed], [0, 'api: stopped\n']);
    assert.deepEqual(
      asked.map(({ method, path }) => `${method} ${path}`),
      ['POST /v1/requests', 'GET /v1/requests/r1?wait'],
    );
    // The end of a request takes the time that it takes.
    assert.equal(asked[1]?.patienceMs, undefined);
    assert.ok(asked[0]?.patienceMs !== undefined);
  });

  test('RQ-6 a dry run shows the plan, and waits for nothing', async () => {
    const { status, printed, asked } = await outcome({ answers: done }, { dryRun: true });
    assert.deepEqual([status, printed], [0, 'stop web, along with api\nstop api\nat most 2 s\n']);
    assert.deepEqual(
      asked.map(({ body }) => (body as { dry_run: unknown }).dry_run),
      [true],
    );
  });

  test('RQ-13 with --no-wait it returns when it is accepted', async () => {
    const { status, printed } = await outcome({ answers: done }, { wait: false });
    assert.deepEqual([status, printed], [0, 'r1: accepted\n']);
  });

  test('RQ-9 a refused one says why, with the status of the answer', async () => {
    for (const status of [1, 2] as const) {
      const refused = { request: 'r1', kind: 'refused', code: 'busy', why: 'it is busy', status };
      const answer = await outcome({ answers: { '/v1/requests': refused } });
      assert.deepEqual([answer.status, answer.complained], [status, 'orderly: Cannot stop: it is busy']);
    }
  });

  test('RQ-12 a time that has passed ends the waiting, with status 1', async () => {
    const outside = { answers: { '/v1/requests': accepted }, isLate: true };
    const { status, complained } = await outcome(outside, { timeout: 300 });
    assert.deepEqual([status, complained], [1, 'orderly: not settled within 300 ms; r1 goes on']);
  });

  test('RQ-12 Ctrl-C ends the waiting; before an answer nobody knows whether it was accepted', async () => {
    for (const [answers, expected] of [
      [{ '/v1/requests': accepted }, 'orderly: waits no longer; r1 goes on'],
      [{}, 'orderly: waits no longer; whether it was accepted is not known'],
    ] as const) {
      const client = fakeClient({ answers, isLate: true });
      const ended = request(client.world, { kind: 'stop', names: ['api'] }, {});
      client.interrupt('SIGINT');
      assert.deepEqual([(await ended).status, client.complained], [130, [expected]]);
    }
  });

  test('CR-1 when the run dies in the middle it is told how far the request was, with status 1', async () => {
    const broken = new NoAnswerError('it broke off in the middle');
    const lines = [
      { type: 'service.stopping', service: 'web' },
      { type: 'service.stopped', service: 'web' },
      { type: 'service.stopped', service: 'other' },
    ];
    const answers = { '/v1/requests': accepted, '/v1/requests/r1': broken };
    const { status, complained } = await outcome({ answers, lines });
    assert.equal(status, 1);
    assert.equal(
      complained,
      "orderly: what came of r1 can't be told. The run (pid 7) gives no answer: it broke off in the middle; web was stopped; api had not been touched",
    );
  });

  test('what answers something else is not the run', async () => {
    for (const answer of [
      '',
      'hello',
      '<html>',
      '7',
      'null',
      '[]',
      '{"run":"another"}',
      '{"kind":"accepted"}',
    ]) {
      await assert.rejects(outcome({ answers: { '/v1/requests': answer } }), (error) => {
        assert.ok(error instanceof AskError && error.status === 1);
        assert.match(
          error.message,
          /^The run \(pid 7\) gives no answer: what listens there is something else$/,
        );
        return true;
      });
    }
  });

  test('RQ-16 without a run a stop has nothing to do', async () => {
    const { status, complained, asked } = await outcome({ runs: [] });
    assert.deepEqual([status, asked], [0, []]);
    assert.match(complained, /doesn't run/);
  });

  test('with --json all answers are data, and nothing else is printed', async () => {
    const { printed } = await outcome({ answers: done }, { json: true });
    const [first, second] = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string });
    assert.deepEqual([first?.kind, second?.kind], ['accepted', 'settled']);
  });
});

suite('what came of a request', () => {
  const lines = (kind: string, settled: Partial<SettledAnswer>, plan = accepted.plan) =>
    settledLines(kind, { run: 'x', ...reached, ...settled }, plan);

  test('each kind has its word', () => {
    for (const [kind, word] of [
      ['start', 'started'],
      ['stop', 'stopped'],
      ['restart', 'restarted'],
      ['signal', 'signalled'],
      ['wait', 'so it is'],
      ['scale', 'scaled'],
    ])
      assert.deepEqual(lines(kind!, {}), [`api: ${word}`]);
  });

  test('what did not come is told with why, and what was not clean with it', () => {
    const services = [
      { service: 'api', outcome: 'failed', why: 'exited with code 3' },
      { service: 'db', outcome: 'replaced' },
      { service: 'web', outcome: 'reached', troubles: ['had to be killed: so'] },
    ];
    assert.deepEqual(lines('restart', { outcome: 'failed', services }), [
      'api: failed: exited with code 3',
      'db: replaced',
      'web: restarted',
      'web: had to be killed: so',
    ]);
  });

  test('RQ-10 what is so already has one line', () => {
    assert.deepEqual(lines('start', { outcome: 'unchanged', services: [] }), [
      'nothing to do: it is so already',
    ]);
  });

  test('a reload that changes no service is told all the same', () => {
    assert.deepEqual(lines('reload', {}, []), [
      'what is said of the whole graph has changed, and no service',
    ]);
  });

  test('a reload tells what changed; one that was taken back only why', () => {
    const plan = [
      { service: 'a', change: 'add', isNamed: false },
      { service: 'b', change: 'redefine', isNamed: false },
      { service: 'c', change: 'sing', isNamed: false },
    ];
    assert.deepEqual(lines('reload', {}, plan), ['a: added', 'b: changed', 'c: sing']);
    assert.deepEqual(lines('reload', { outcome: 'failed' }, plan), []);
  });

  test('CR-1 how far it was is a clause for each service', () => {
    const states = new Map([
      ['a', undefined],
      ['b', 'stopping'],
      ['c', 'cleaning'],
    ] as const);
    assert.deepEqual(progressClauses(states), [
      'a had not been touched',
      'b was stopping',
      'c was being cleaned up after',
    ]);
  });
});

suite('what a request waits for', () => {
  const restart = { ...accepted, plan: [{ service: 'api', change: 'restart', isNamed: true }] };
  const moved = (type: string) => ({ type, service: 'api', attempt: 2, seq: 4, ms: 1, time: '' });

  async function shownWhile(lines: readonly object[], kind = 'restart', options: RequestCommandOptions = {}) {
    const client = fakeClient({
      answers: {
        '/v1/requests': kind === 'wait' ? { ...restart, plan: [] } : restart,
        '/v1/services': {
          services: [
            { service: 'api', state: 'starting' },
            { service: 'db', state: 'ready' },
          ],
        },
      },
      lines,
    });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const longAnswer = async () => {
      for (let turns = 0; turns < 30; turns += 1) await turn();
      return { status: 200, text: JSON.stringify({ run: '7-1-b-x', ...reached }) };
    };
    const world = {
      ...client.world,
      ask: (...asked: Parameters<typeof client.world.ask>) =>
        asked[1].path.endsWith('?wait') ? longAnswer() : client.world.ask(...asked),
      after: async () => void (await turn()),
    };
    const { status } = await request(world, { kind, names: ['api'] }, options);
    assert.equal(status, 0);
    return client.shown;
  }

  test('is shown from 300 ms on, a line for each service that has not arrived, and is gone at the end', async () => {
    const shown = await shownWhile([]);
    assert.deepEqual(shown.slice(0, 2), [['api: not touched yet, 300 ms'], ['api: not touched yet, 400 ms']]);
    assert.deepEqual(shown.at(-1), []);
    assert.deepEqual((await shownWhile([moved('service.stopping')]))[0], ['api: stopping, 300 ms']);
    assert.deepEqual((await shownWhile([moved('service.ready')]))[0], []);
  });

  test('is asked for where nothing is planned, and not shown where nobody wants to see it', async () => {
    assert.deepEqual((await shownWhile([], 'wait'))[0], ['api: starting, 300 ms', 'db: ready, 300 ms']);
    assert.deepEqual(await shownWhile([], 'restart', { quiet: true }), []);
    assert.deepEqual(await shownWhile([], 'restart', { json: true }), []);
  });
});
