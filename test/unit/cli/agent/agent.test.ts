/** The server itself, in a world that is made up: what is open, cancelled, given up, broken. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agent } from '../../../../src/cli/client/agent/agent.ts';
import { within } from '../../../../src/cli/client/agent/within.ts';
import type { ClientWorld } from '../../../../src/cli/client/client-world.ts';
import { type Answered, NoAnswerError, type Question } from '../../../../src/control/client/ask.ts';
import { isTooSoon } from '../../../support/fake-client.ts';

interface Sent {
  readonly id?: string | number;
  readonly result?: { readonly isError?: boolean; readonly content: readonly { readonly text: string }[] };
  readonly error?: { readonly code: number; readonly message: string };
}

type Ask = (question: Question, signal: AbortSignal | undefined) => Promise<Answered>;

/** Hands in each message when what was sent before lets it go on. */
async function serve(
  messages: () => AsyncGenerator<object>,
  ask: Ask,
  after: ClientWorld['after'] = () => new Promise(() => {}),
  startOwnProgram: ClientWorld['startOwnProgram'] = () => assert.fail('not asked for'),
): Promise<{ readonly sent: readonly Sent[]; readonly complaints: readonly string[] }> {
  const sent: Sent[] = [];
  const complaints: string[] = [];
  const world: ClientWorld = {
    openWaitingArea: () => assert.fail('not asked for'),
    openScreen: async () => undefined,
    ...{ cwd: '/', env: {}, readFile: () => 'services: {}', realPath: (path: string) => path },
    createFile: () => assert.fail('not asked for'),
    appendToFile: () => assert.fail('not asked for'),
    print: (text) => void sent.push(JSON.parse(text)),
    complain: (text) => void complaints.push(text),
    findRun: () => ({ run: 'r', pid: 7, project: '', file: '/supervisor.yaml', since: '', socket: 's' }),
    findRuns: () => [],
    isAlive: () => true,
    startOwnProgram,
    pause: () => Promise.resolve(),
    async ask(_socket, question) {
      if (isTooSoon(question)) throw new NoAnswerError('it was silent');
      return ask(question, question.signal);
    },
    follow: () => assert.fail('not asked for'),
    async *input() {
      for await (const message of messages())
        yield Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    },
    after,
    interrupted: () => new Promise(() => {}),
  };
  await agent(world, {}, '1');
  return { sent, complaints };
}

function call(id: string | number, name: string, given: object = {}): object {
  return { id, method: 'tools/call', params: { name, arguments: given } };
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Never answered, but by being given up. */
const never: Ask = (_question, signal) =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new NoAnswerError('aborted')));
  });

const nothing: Answered = {
  status: 200,
  text: JSON.stringify({ run: 'r', now_ms: 0, seq: 0, services: [] }),
};

test('an id in use is refused, and is free again when it is answered', async () => {
  const answers: ((answer: Answered) => void)[] = [];
  const asking: Ask = () => new Promise((resolve) => void answers.push(resolve));
  const { sent } = await serve(async function* () {
    yield call(1, 'status');
    yield call('1', 'status');
    yield call(1, 'status');
    await turn();
    for (const answer of answers) answer(nothing);
    await turn();
    yield { id: '1', method: 'notifications/cancelled' };
    yield { method: 'notifications/cancelled', params: { requestId: 1 } };
    await turn();
    yield { id: 1, method: 'ping' };
  }, asking);
  assert.deepEqual(
    sent.map(({ id, error }) => [id, error?.code]),
    [
      [1, -32600],
      [1, undefined],
      ['1', undefined],
      ['1', -32601],
      [1, undefined],
    ],
  );
});

test('what is cancelled is given up at the run, and never answered', async () => {
  const signals: (AbortSignal | undefined)[] = [];
  const asking: Ask = (question, signal) => {
    signals.push(signal);
    return never(question, signal);
  };
  const { sent } = await serve(async function* () {
    yield call(1, 'status');
    await turn();
    yield { method: 'notifications/cancelled', params: { requestId: 1 } };
    await turn();
    yield { id: 2, method: 'ping' };
  }, asking);
  assert.deepEqual(
    sent.map(({ id }) => id),
    [2],
  );
  assert.deepEqual(
    signals.map((signal) => signal?.aborted),
    [true],
  );
});

test('more than so many at once are refused, and those that are open stay', async () => {
  const { sent } = await serve(
    async function* () {
      for (let id = 0; id < 66; id += 1) yield call(id, 'status');
      await turn();
    },
    never,
    // Only what was nearly answered is waited for at the end.
    (ms) => (ms === 1500 ? Promise.resolve() : new Promise(() => {})),
  );
  assert.deepEqual(
    sent.map(({ id, error }) => [id, error?.message]),
    [64, 65].map((id) => [id, 'Cannot take the request: too many are open']),
  );
});

test('at the end of stdin what is asked is answered still, and what waits is told to be open', async () => {
  const text = JSON.stringify({
    run: 'r',
    request: 'r1',
    kind: 'accepted',
    plan: [],
    worst_ms: 0,
    replaces: [],
  });
  const { sent } = await serve(
    async function* () {
      yield call(1, 'start', { services: ['a'] });
      yield call(2, 'status');
      await turn();
    },
    async (question, signal) => {
      if (question.path.endsWith('?wait')) return never(question, signal);
      if (question.method === 'POST') return { status: 202, text };
      for (let turns = 0; turns < 5; turns += 1) await turn();
      return nothing;
    },
  );
  assert.deepEqual(
    sent.map(({ id, result }) => [id, result?.isError, result?.content[0]?.text.split('\n')[0]]),
    [
      [1, false, 'stdin has ended; r1 goes on'],
      [2, false, 'there are no services'],
    ],
  );
});

test('a run that says nothing is told as one that gives no answer; so is one that goes away', async () => {
  for (const [ask, after, told] of [
    [
      never,
      () => Promise.resolve(),
      /^The run \(pid 7\) gives no answer: it said nothing for 20 s; is it stopped/,
    ],
    [
      () => Promise.reject(new NoAnswerError('socket hang up')),
      () => new Promise<void>(() => {}),
      /^The run \(pid 7\) gives no answer: socket hang up\nnext: status/,
    ],
  ] as const) {
    const { sent } = await serve(
      async function* () {
        yield call(1, 'restart', { services: ['a'] });
        await turn();
      },
      ask,
      after,
    );
    assert.equal(sent[0]?.result?.isError, true);
    assert.match(sent[0]?.result?.content[0]?.text ?? '', told);
  }
});

test('the end of the run in the middle of a wait is told', async () => {
  const text = JSON.stringify({
    run: 'r',
    request: 'r1',
    kind: 'accepted',
    plan: [],
    worst_ms: 0,
    replaces: [],
  });
  const { sent } = await serve(
    async function* () {
      yield call(1, 'wait', { services: ['a'] });
      await turn();
    },
    ({ method }) =>
      method === 'POST'
        ? Promise.resolve({ status: 202, text })
        : Promise.reject(new NoAnswerError('socket hang up')),
  );
  assert.equal(sent[0]?.result?.isError, true);
  assert.match(sent[0]?.result?.content[0]?.text ?? '', /socket hang up/);
});

test('a bug of ours is an error of the protocol and is said on stderr; what follows is served', async () => {
  const { sent, complaints } = await serve(
    async function* () {
      yield call(1, 'status');
      await turn();
      yield { id: 2, method: 'ping' };
    },
    () => Promise.reject(new TypeError('oh')),
  );
  assert.deepEqual(
    sent.map(({ id, error }) => [id, error?.code]),
    [
      [1, -32603],
      [2, undefined],
    ],
  );
  assert.match(complaints[0] ?? '', /this is a bug: TypeError: oh/);
});

test('work is given up when its time is over, when nobody waits, and when it is done', async () => {
  const world = { after: () => Promise.resolve() };
  const aborted = async (signal: AbortSignal, work: (own: AbortSignal) => Promise<string>, time = world) => {
    let own: AbortSignal | undefined;
    const result = await within({ world: time, signal }, 1, (given) => {
      own = given;
      return work(given);
    }).catch((error: Error) => error.message);
    return [result, own?.aborted];
  };
  const untilAborted = (own: AbortSignal): Promise<string> =>
    new Promise((_, reject) => {
      if (own.aborted) reject(new Error('aborted'));
      own.addEventListener('abort', () => reject(new Error('aborted')));
    });
  const endless = { after: () => new Promise<void>(() => {}) };
  const cancelled = new AbortController();
  assert.deepEqual(await aborted(cancelled.signal, untilAborted), [undefined, true]);
  assert.deepEqual(await aborted(cancelled.signal, async () => 'done', endless), ['done', true]);
  const hurry = new AbortController();
  const limits = { world: endless, signal: cancelled.signal, hurry: hurry.signal };
  const hurried = within(limits, 1, untilAborted);
  hurry.abort();
  assert.equal(await hurried, undefined);
  assert.equal(await within(limits, 1, untilAborted), undefined);
  const waiting = aborted(cancelled.signal, untilAborted, endless);
  cancelled.abort();
  assert.deepEqual(await waiting, ['aborted', true]);
  assert.deepEqual(await aborted(cancelled.signal, untilAborted, endless), ['aborted', true]);
});
