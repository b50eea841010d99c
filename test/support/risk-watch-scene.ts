/**
 * One scripted session of the example `risk-watch` in virtual time: two feeds, a strategy that keeps placing orders, an
 * order that fills while it is being cancelled, and two scopes around it all that a test cancels when it likes.
 */
import assert from 'node:assert/strict';
import { CancelScope, now, sleep, sleepForever, type VirtualClock } from 'orderlyd/concurrency';
import { exampleModule, inVirtualTime } from './example-lab.ts';

const { Drawdown } = await exampleModule('risk-watch/drawdown.mjs');
export const { Exchange } = await exampleModule('risk-watch/exchange.mjs');
const { withLog } = await exampleModule('risk-watch/log.mjs');
const { tradeUnderWatch } = await exampleModule('risk-watch/watch.mjs');

type Tick = readonly [atMs: number, price: bigint];

export interface Scene {
  readonly clock: VirtualClock;
  /** Around the session. */
  readonly program: CancelScope;
  /** Around the watch. */
  readonly session: CancelScope;
}

export interface SceneOptions {
  /** The ticks of the feeds by name; after its last one a feed is silent. */
  readonly feeds?: Readonly<Record<string, readonly Tick[]>>;
  /** In place of the ticks of a feed: any source. */
  readonly sources?: Readonly<Record<string, AsyncIterable<unknown>>>;
  readonly limit?: bigint;
  /** One way to the exchange. */
  readonly travel?: (scene: Scene) => Promise<void>;
  readonly exchange?: new (options: object) => InstanceType<typeof Exchange>;
  /** Called before the session begins. */
  readonly script?: (scene: Scene) => void;
  readonly clock?: VirtualClock;
  readonly strategy?: string;
}

export interface Line {
  readonly strategy: string;
  readonly session: string;
  readonly event: string;
  readonly detail: string;
}

export interface SceneEnd {
  readonly scene: Scene;
  /** What left the outer scope: undefined if that absorbed everything. */
  readonly error: unknown;
  /** What risk-off was told to be its cause, each time it ran. */
  readonly causes: readonly string[];
  readonly lines: readonly Line[];
  /** What took effect at the exchange. */
  readonly journal: readonly string[];
  readonly book: unknown;
  readonly endMs: number;
}

/** Ticks every 50 ms at one price, for longer than any session here. */
export const lively: readonly Tick[] = Array.from({ length: 200 }, (_, n) => [50 * (n + 1), 500n]);
/** Its last tick comes at 100 ms: with a limit of 200 ms it is stale at 300 ms. */
export const falling: readonly Tick[] = lively.slice(0, 2);
export const positions = { ES: 12n, NQ: -7n, PUT: 10n };
export const hedged = [{ symbol: 'PUT', quantity: 10n }];

export async function* ticks(symbol: string, script: readonly Tick[]) {
  const startMs = now();
  for (const [atMs, price] of script) {
    await sleep(startMs + atMs - now());
    yield { symbol, price };
  }
  await sleepForever();
}

/** Runs a session to its end. */
export function play(options: SceneOptions = {}): Promise<SceneEnd> {
  return inVirtualTime((clock) => playOn(clock, options), options.clock);
}

/** Runs a session on a clock that others share. */
export async function playOn(clock: VirtualClock, options: SceneOptions): Promise<SceneEnd> {
  const scene = { clock, program: new CancelScope(), session: new CancelScope() };
  const { feeds = { ES: falling, NQ: lively }, sources = {}, limit = 1_000_000n, travel } = options;
  const exchange = new (options.exchange ?? Exchange)({
    positions,
    orders: [{ id: 'resting', symbol: 'ES', quantity: 5n, fillsLate: 3n }],
    ...(travel && { travel: () => travel(scene) }),
  });
  const trade = async () => {
    for (;;) {
      await exchange.place({ symbol: 'NQ', quantity: 1n });
      await sleep(60);
    }
  };
  const lines: Line[] = [];
  const context = {
    strategy: options.strategy ?? 'pair',
    session: 's1',
    write: (line: Line) => lines.push(line),
  };
  const watch = () =>
    tradeUnderWatch({
      trade,
      feeds: [
        ...Object.entries(feeds).map(([name, script]) => ({ name, ticks: ticks(name, script) })),
        ...Object.entries(sources).map(([name, source]) => ({ name, ticks: source })),
      ],
      staleMs: 200,
      drawdown: new Drawdown(positions),
      limit,
      exchange,
      hedges: new Set(['PUT']),
    });
  options.script?.(scene);
  let error: unknown;
  await scene.program
    .run(() => scene.session.run(() => withLog(context, watch)))
    .catch((thrown: unknown) => {
      error = thrown;
    });
  const causes = lines.filter(({ event }) => event === 'risk-off').map(({ detail }) => detail);
  const { journal, book } = exchange;
  return { scene, error, causes, lines, journal, book, endMs: clock.now() };
}

const STEPS = ['risk-off', 'orders cancelled', 'cancellations confirmed', 'flattened', 'reported'];

/** Whenever and however often it was cancelled: out of the market, in order, each step and each trade once. */
export function assertWayOut({ lines, journal, book }: SceneEnd): void {
  assert.deepEqual(book, hedged);
  const steps = lines.map(({ event }) => event).filter((event) => STEPS.includes(event));
  assert.deepEqual(steps, STEPS);
  assert.equal(
    lines.some(({ event }) => event.startsWith('not ')),
    false,
  );
  const ids = journal.filter((entry) => entry.startsWith('place ')).map((entry) => entry.slice(6));
  const wayOut = journal.slice(journal.findIndex((entry) => entry.startsWith('cancel ')));
  const wanted = ['resting', ...ids];
  assert.deepEqual(wayOut, [
    ...wanted.map((id) => `cancel ${id}`),
    ...wanted.map((id) => `gone ${id}`),
    'trade ES -15',
    'trade NQ 7',
  ]);
  for (const { strategy, session } of lines) assert.deepEqual([strategy, session], ['pair', 's1']);
}
