/** The polling of the example on a virtual clock: whatever the exchange does and whenever it is stopped. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import {
  CancelScope,
  type MonitorReport,
  now,
  openTasks,
  sleep,
  sleepForever,
  VirtualClock,
  withClock,
} from 'orderlyd/concurrency';
import { assertAsyncProperty } from '../../support/assert-property.ts';
import { examplePath } from '../../support/example-path.ts';

interface Collection {
  readonly symbols: readonly string[];
  readonly everyMs: number;
  readonly atOnce: number;
  readonly timeoutMs: number;
  readonly finishMs: number;
  readonly stop: CancelScope;
  readonly ask: (symbol: string) => Promise<number>;
  readonly keep: (quote: number) => Promise<void>;
}
type Report = MonitorReport & { readonly droppedPolls: number; readonly missedTicks: number };

const { collect }: { collect(collection: Collection): Promise<Report> } = await import(
  pathToFileURL(examplePath('market-data', 'collect.mjs')).href
);

function onVirtualClock(proof: () => Promise<void>): Promise<void> {
  return withClock(new VirtualClock(), async () => {
    await proof();
    assert.deepEqual(openTasks(), []);
  });
}

/** The exchange of a test: the n-th request has the n-th fate, over and over. */
type Fate =
  | { readonly kind: 'answer' | 'fail'; readonly afterMs: number }
  | { readonly kind: 'hang'; readonly afterMs: 0 };

class ScriptedExchange {
  readonly received: number[] = [];
  readonly askedMs: number[] = [];
  readonly #asked = new Set<string>();
  readonly #fates: readonly Fate[];
  most = 0;

  constructor(fates: readonly Fate[]) {
    this.#fates = fates;
  }

  readonly ask = async (symbol: string): Promise<number> => {
    assert.ok(!this.#asked.has(symbol), `two requests at once for ${symbol}`);
    this.#asked.add(symbol);
    this.most = Math.max(this.most, this.#asked.size);
    const sequence = this.askedMs.push(now());
    const { kind, afterMs } = this.#fates[sequence % this.#fates.length]!;
    try {
      await (kind === 'hang' ? sleepForever() : sleep(afterMs));
      if (kind === 'fail') throw new Error('busy');
      this.received.push(sequence);
      return sequence;
    } finally {
      this.#asked.delete(symbol);
    }
  };
}

const fate: fc.Arbitrary<Fate> = fc.oneof(
  fc.record({ kind: fc.constantFrom('answer' as const, 'fail' as const), afterMs: fc.nat(60) }),
  fc.constant<Fate>({ kind: 'hang', afterMs: 0 }),
);

test('whenever it is stopped: every quote received is kept once, the counts add up, the limit holds', async () => {
  const scenario = fc.record({
    fates: fc.array(fate, { minLength: 1, maxLength: 20 }),
    symbols: fc.integer({ min: 1, max: 10 }),
    atOnce: fc.integer({ min: 1, max: 4 }),
    everyMs: fc.integer({ min: 1, max: 50 }),
    timeoutMs: fc.integer({ min: 1, max: 100 }),
    stopAtMs: fc.nat(300),
    finishMs: fc.nat(80),
    keepMs: fc.nat(10),
  });
  await assertAsyncProperty(
    fc.asyncProperty(scenario, ({ fates, symbols, stopAtMs, keepMs, ...rest }) =>
      onVirtualClock(async () => {
        const exchange = new ScriptedExchange(fates);
        const kept: number[] = [];
        const { counts, droppedPolls } = await collect({
          ...rest,
          symbols: Array.from({ length: symbols }, (_, n) => `S${n}`),
          stop: new CancelScope({ timeoutMs: stopAtMs }),
          ask: exchange.ask,
          keep: async (quote) => {
            await sleep(keepMs);
            kept.push(quote);
          },
        });
        assert.deepEqual(kept.toSorted(), exchange.received.toSorted());
        assert.equal(counts.completed, kept.length);
        const { total, completed, failed, timedOut, cancelled } = counts;
        assert.equal(total, completed + failed + timedOut + cancelled);
        assert.ok(cancelled >= droppedPolls);
        assert.equal(total - droppedPolls, exchange.askedMs.length);
        assert.ok(exchange.most <= rest.atOnce);
        assert.ok(exchange.askedMs.every((ms) => ms <= stopAtMs));
        assert.ok(now() <= stopAtMs + rest.finishMs + keepMs, `it ended at ${now()}`);
      }),
    ),
    { numRuns: 300 },
  );
});

test('what is under way may finish inside the limit; only what hangs is cancelled, at the limit', async () => {
  await onVirtualClock(async () => {
    const fates: readonly Fate[] = [
      { kind: 'answer', afterMs: 90 },
      { kind: 'hang', afterMs: 0 },
    ];
    const { received, ask } = new ScriptedExchange(fates);
    const stop = new CancelScope({ timeoutMs: 10 });
    const limits = { everyMs: 50, atOnce: 4, timeoutMs: 30_000, finishMs: 2000 };
    const symbols = ['A', 'B', 'C', 'D', 'E', 'F'];
    const { counts, droppedPolls } = await collect({ ...limits, symbols, stop, ask, keep: async () => {} });
    assert.deepEqual(received, [2, 4]);
    assert.deepEqual([counts.completed, counts.cancelled, droppedPolls], [2, 4, 2]);
    assert.equal(now(), 2010);
  });
});

test('a symbol that is late is polled at its next tick; those missed are not made up for', async () => {
  await onVirtualClock(async () => {
    const exchange = new ScriptedExchange([{ kind: 'answer', afterMs: 120 }]);
    const stop = new CancelScope({ timeoutMs: 500 });
    const limits = { everyMs: 50, atOnce: 1, timeoutMs: 30_000, finishMs: 2000 };
    const { missedTicks } = await collect({
      ...limits,
      symbols: ['A'],
      stop,
      ask: exchange.ask,
      keep: async () => {},
    });
    assert.deepEqual(exchange.askedMs, [0, 150, 300, 450]);
    assert.equal(missedTicks, 6);
  });
});

test('of many symbols that are late, each gets its turn', async () => {
  await onVirtualClock(async () => {
    const exchange = new ScriptedExchange([{ kind: 'answer', afterMs: 10 }]);
    const turns = new Map<string, number>();
    const symbols = Array.from({ length: 100 }, (_, n) => `S${n}`);
    const limits = { everyMs: 50, atOnce: 2, timeoutMs: 30_000, finishMs: 0 };
    await collect({
      ...limits,
      symbols,
      stop: new CancelScope({ timeoutMs: 5000 }),
      ask: (symbol) => {
        turns.set(symbol, (turns.get(symbol) ?? 0) + 1);
        return exchange.ask(symbol);
      },
      keep: async () => {},
    });
    const counts = symbols.map((symbol) => turns.get(symbol) ?? 0);
    assert.equal(Math.max(...counts) - Math.min(...counts) <= 1, true, `${counts}`);
  });
});
