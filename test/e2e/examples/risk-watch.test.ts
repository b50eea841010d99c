/** The example risk-watch: what trips it, what leaves it, and the real program. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { BreakerError, StalenessError, sleepForever, TimeoutError } from 'orderlyd/concurrency';
import { inVirtualTime } from '../../support/example-lab.ts';
import { startExample } from '../../support/example-process.ts';
import {
  assertWayOut,
  Exchange,
  falling,
  hedged,
  lively,
  play,
  playOn,
  type SceneEnd,
} from '../../support/risk-watch-scene.ts';

const stale = (name: string) => `Nothing from "${name}" for 200 ms`;

function errorsOf({ error }: SceneEnd): readonly unknown[] {
  assert.ok(error instanceof AggregateError);
  return error.errors;
}

test('a feed that falls silent trips the watch, with its name', async () => {
  const end = await play();
  const [error, ...others] = errorsOf(end);
  assert.ok(error instanceof StalenessError);
  assert.deepEqual([error.source, others], ['ES', []]);
  assert.deepEqual(end.causes, [stale('ES')]);
  assertWayOut(end);
});

test('a feed that ends trips it too', async () => {
  async function* short() {
    yield { symbol: 'ES', price: 500n };
  }
  const end = await play({ feeds: { NQ: lively }, sources: { ended: short() } });
  assert.deepEqual(end.causes, ['The feed "ended" has ended']);
  assertWayOut(end);
});

test('the breaker trips at exactly its limit, and one tick less does not', async () => {
  const start = lively[0] ?? assert.fail();
  // 12 are held: a fall of 10 from the best price loses 120 ticks.
  const prices = [
    start,
    [100, 520n],
    [150, 510n],
    ...falling.map(([atMs]) => [atMs + 100, 510n] as const),
  ] as const;
  const at = await play({ feeds: { ES: prices, NQ: lively }, limit: 120n });
  const [error] = errorsOf(at);
  assert.ok(error instanceof BreakerError);
  assert.deepEqual([error.value, error.limit], [120n, 120n]);
  assertWayOut(at);
  const below = await play({ feeds: { ES: prices, NQ: lively }, limit: 121n });
  assert.deepEqual(below.causes, [stale('ES')]);
});

test('two feeds that fall silent at one instant: both errors, one way out, for the first', async () => {
  const end = await play({ feeds: { NQ: falling, ES: falling, PUT: lively } });
  assert.deepEqual(
    errorsOf(end).map((error) => (error as StalenessError).source),
    ['NQ', 'ES'],
  );
  assert.deepEqual(end.causes, [stale('NQ')]);
  assertWayOut(end);
});

test('a breaker and a silent feed at one instant: one way out, for the first', async () => {
  // The breaker measures every 10 ms, and at 300 ms, when ES is stale, it sees what NQ has lost.
  const loss = [
    [50, 500n],
    ...lively.slice(1).map(([atMs]) => [atMs - 1, atMs < 300 ? 500n : 600n] as const),
  ] as const;
  const feeds = { ES: falling, NQ: loss };
  const end = await play({ feeds, limit: 700n });
  const [first] = errorsOf(end);
  assert.ok(first instanceof BreakerError);
  assert.deepEqual(end.causes, [first.message]);
  assertWayOut(end);
  const alone = await play({ feeds, limit: 701n });
  assert.deepEqual(alone.causes, [stale('ES')]);
  assert.equal(alone.endMs, end.endMs, 'both would have tripped at the same time');
});

test('a plain cancellation from outside takes the same way out, and no feed has tripped', async () => {
  for (const atMs of [-1, 0, 1, 299, 300]) {
    const end = await play({
      script: ({ clock, session }) => {
        if (atMs < 0) session.cancel('Ctrl-C');
        else clock.at(atMs, () => session.cancel('Ctrl-C'));
      },
    });
    assert.equal(end.error, undefined);
    assert.equal(end.scene.session.cancelledCaught, true);
    assert.deepEqual(end.causes, ['Cancelled "scope": Ctrl-C']);
    assertWayOut(end);
  }
});

test('a source that hangs when it is told to end keeps nobody in the market', async () => {
  const hanging = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<never>(() => undefined),
      return: () => new Promise<never>(() => undefined),
    }),
  };
  const end = await play({ feeds: { NQ: lively }, sources: { hanging } });
  assert.deepEqual(end.causes, [stale('hanging')]);
  assertWayOut(end);
});

test('a step that hangs is ended by its own limit, the next are taken, and all of it is told', async () => {
  class Deaf extends Exchange {
    orders = (): Promise<never> => sleepForever();
  }
  const end = await play({ exchange: Deaf });
  const [watch, ...steps] = errorsOf(end);
  assert.equal((watch as AggregateError).errors[0].message, stale('ES'));
  assert.deepEqual(
    steps.map((error) => [error instanceof TimeoutError, (error as Error).message]),
    [
      [true, 'Timed out after 500 ms'],
      [true, 'Timed out after 1000 ms'],
    ],
  );
  assert.deepEqual(end.book, hedged);
});

test('a trade whose answer is lost is not done twice, one that never arrived is done again', async () => {
  let lost = 0;
  class Flaky extends Exchange {
    async trade(trade: { symbol: string }): Promise<void> {
      if (lost++ === 0) throw new Error('refused');
      await super.trade(trade);
      if (lost === 2) throw new Error('the answer was lost');
    }
  }
  const end = await play({ exchange: Flaky });
  assert.equal(lost, 3);
  assert.deepEqual(end.book, hedged);
  assert.deepEqual(end.journal.slice(-2).sort(), ['trade ES -15', 'trade NQ 7']);
});

test('of two strategies at once every line says whose it is', async () => {
  const [one, two] = await inVirtualTime((clock) =>
    Promise.all(['one', 'two'].map((strategy) => playOn(clock, { strategy }))),
  );
  assert.ok(one !== undefined && two !== undefined);
  for (const [name, { lines }] of Object.entries({ one, two })) {
    assert.ok(lines.length > 10);
    assert.deepEqual([...new Set(lines.map(({ strategy }) => strategy))], [name]);
  }
});

suite('the program', { concurrency: 4 }, () => {
  const flat = /^\d+ requests; the book is flat but for the hedges$/;

  test('a feed falls silent: it ends with status 0 and a flat book', async (t) => {
    const { status, lines, stderr } = await startExample(t, 'risk-watch/main.mjs').ended;
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(lines.at(-2) ?? '', /^The session ended: .*Nothing from "NQ" for 400 ms$/);
    assert.match(lines.at(-1) ?? '', flat);
  });

  for (const moment of [
    /exchange: place/,
    /risk-off/,
    /exchange: cancel/,
    /orders cancelled/,
    /exchange: trade/,
  ]) {
    test(`Ctrl-C at ${moment}, and again and again: one way out`, async (t) => {
      const run = startExample(t, 'risk-watch/main.mjs');
      await run.line(moment);
      run.signal('SIGINT');
      await run.line(/exchange: orders/);
      run.signal('SIGINT');
      await run.line(/confirmed/);
      run.signal('SIGTERM');
      const { status, lines, stderr } = await run.ended;
      assert.deepEqual([status, stderr], [0, '']);
      const events = lines.map((line) => line.replace(/^.*\/\w+ {2}/, ''));
      for (const step of [
        'risk-off',
        'orders cancelled',
        'cancellations confirmed',
        'flattened',
        'reported',
      ]) {
        assert.equal(events.filter((event) => event.startsWith(step)).length, 1, step);
      }
      assert.match(lines.at(-1) ?? '', flat);
    });
  }

  test('a reader who leaves does not end it halfway', async (t) => {
    const run = startExample(t, 'risk-watch/main.mjs');
    await run.line(/risk-off/);
    run.closeOutput();
    const { status, stderr } = await run.ended;
    assert.deepEqual([status, stderr], [0, '']);
  });
});
