/** A command that an agent waits for: who ends it, when, and what is told of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Ran, runToItsEnd } from '../../../../src/cli/client/agent/run-to-its-end.ts';
import { tellRan } from '../../../../src/cli/client/agent/tell-ran.ts';
import { type Told, toolResult } from '../../../../src/cli/client/agent/tool-result.ts';
import { serviceAnswer } from '../../../support/service-answer.ts';

type End = { readonly status: number } | { readonly why: string };

interface Scene {
  /** How it ends when it is asked to; undefined: it doesn't. */
  readonly obeys?: End;
  /** Does something as soon as it runs. */
  readonly does?: (scene: {
    end(end: End): void;
    write(text: string): void;
    /** So much time has passed. */
    pass(ms: number): void;
    cancel(): void;
    hurry(): void;
  }) => void;
}

async function run({ obeys, does }: Scene): Promise<{ readonly ran: Ran; readonly did: readonly string[] }> {
  const did: string[] = [];
  const [cancelled, hurried] = [new AbortController(), new AbortController()];
  let waiting: { readonly atMs: number; readonly resolve: () => void }[] = [];
  let nowMs = 0;
  const pass = (ms: number): void => {
    nowMs += ms;
    const due = waiting.filter(({ atMs }) => atMs <= nowMs);
    waiting = waiting.filter(({ atMs }) => atMs > nowMs);
    for (const { resolve } of due) resolve();
  };
  const after = (ms: number) =>
    new Promise<void>((resolve) => {
      waiting.push({ atMs: nowMs + ms, resolve });
      // Time passes only while nothing else happens.
      if (did.length > 0) setImmediate(() => pass(ms));
    });
  let end = (_end: End): void => {};
  const ended = new Promise<End>((resolve) => {
    end = resolve;
  });
  const ran = runToItsEnd(
    {
      signal: cancelled.signal,
      hurry: hurried.signal,
      world: {
        after,
        async startOwnProgram(_args, onOutput) {
          const write = (text: string): void => onOutput(Buffer.from(text));
          const cancel = (): void => cancelled.abort();
          const hurry = (): void => hurried.abort();
          setImmediate(() => does?.({ end, write, pass, cancel, hurry }));
          return {
            ended,
            ask() {
              did.push('asked');
              if (obeys !== undefined) end(obeys);
            },
            kill() {
              did.push('killed');
              end({ status: 137 });
            },
          };
        },
      },
    },
    ['run'],
    1_000,
  );
  return { ran: await ran, did };
}

test('one that ends by itself is left alone, and its last lines are whole', async () => {
  const { ran, did } = await run({
    does({ write, end }) {
      write('one\ntw');
      write('o\n');
      end({ status: 4 });
    },
  });
  assert.deepEqual(ran, { status: 4, why: undefined, output: ['one', 'two'], isCut: false });
  assert.deepEqual(did, []);
});

test('one that can not be started is told with why', async () => {
  const { ran } = await run({ does: ({ end }) => end({ why: 'EAGAIN' }) });
  assert.deepEqual([ran.status, ran.why], [undefined, 'EAGAIN']);
});

test('of more than fifty lines, or of very long ones, the last are kept, and that is told', async () => {
  const lines = Array.from({ length: 51 }, (_, index) => `line ${index}\n`);
  const many = await run({
    does({ write, end }) {
      for (const line of lines) write(line);
      end({ status: 0 });
    },
  });
  assert.deepEqual([many.ran.output.length, many.ran.output[0], many.ran.isCut], [50, 'line 1', true]);
  const long = await run({
    does({ write, end }) {
      for (let count = 0; count < 1_000; count++) write('x'.repeat(1_000));
      write('\nlast\n');
      end({ status: 0 });
    },
  });
  assert.deepEqual([long.ran.output, long.ran.isCut], [['last'], true]);
});

test('RQ-12 when its time is over, when it is cancelled, and when the server ends it is asked to end, and killed if it does not', async () => {
  for (const [why, does] of [
    ['it took more than 1 s', ({ pass }) => pass(1_000)],
    ['the call was cancelled', ({ cancel }) => cancel()],
    ['stdin has ended', ({ hurry }) => hurry()],
  ] as const satisfies readonly (readonly [string, NonNullable<Scene['does']>])[]) {
    const obedient = await run({ obeys: { status: 143 }, does });
    assert.deepEqual([obedient.ran.status, obedient.did], [143, ['asked']]);
    assert.equal(obedient.ran.why, `${why}: it was asked to end`);
    const deaf = await run({ does });
    assert.deepEqual([deaf.ran.status, deaf.did], [137, ['asked', 'killed']]);
    assert.equal(deaf.ran.why, `${why}: it was asked to end, and had to be killed`);
  }
});

test('a moment before its time is over nothing is asked of it', async () => {
  const { did } = await run({
    does({ pass, end }) {
      pass(999);
      setImmediate(() => end({ status: 0 }));
    },
  });
  assert.deepEqual(did, []);
});

const ok: Ran = { status: 0, why: undefined, output: [], isCut: false };
const nextOf = ({ next = [] }: Told): readonly string[] =>
  next.map((one) => `${one.tool} ${JSON.stringify(one.arguments)}`);

test('the next call is about what is wrong: with what it needed, else in what that wrote', () => {
  const services = [
    serviceAnswer('db', { state: 'ready' }),
    serviceAnswer('api', { state: 'failed' }),
    serviceAnswer('web', { state: 'ready' }),
  ];
  assert.deepEqual(nextOf(tellRan(ok, ['db'], services)), ['status {}']);
  const bad = { ...ok, status: 1 };
  assert.deepEqual(nextOf(tellRan(bad, ['db', 'api'], services)), ['why {"service":"api"}']);
  assert.deepEqual(nextOf(tellRan(bad, ['db', 'web'], services)), ['logs {"services":["db","web"]}']);
  assert.deepEqual(nextOf(tellRan(bad, undefined, services)), ['why {"service":"api"}']);
  assert.deepEqual(nextOf(tellRan(bad, undefined, [services[0]!])), ['status {}']);
  assert.deepEqual(nextOf(tellRan(bad, ['db'], undefined)), ['status {}']);
  const ill = [serviceAnswer('db', { state: 'ready', unhealthy: 'refused' })];
  assert.deepEqual(nextOf(tellRan(bad, ['db'], ill)), ['why {"service":"db"}']);
});

test('nothing that it wrote controls a terminal, forges a line, or is endless', () => {
  const output = ['\u001b[31mred\u001b[0m\u0007', 'a\rb', `next: stop {}`, 'x'.repeat(10_000)];
  const { content } = toolResult(tellRan({ ...ok, output, isCut: true }, ['db'], []));
  const [{ text }] = content;
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f]/);
  assert.ok(text.length < 1_000);
  assert.match(text, /^it ended with status 0\n\(what it wrote before is left out\)\nred/);
});
