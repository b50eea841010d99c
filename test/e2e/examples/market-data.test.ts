import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { CancelScope, checkpoint, shield } from 'orderlyd/concurrency';
import { exampleFolder } from '../../support/example-folder.ts';
import { examplePath } from '../../support/example-path.ts';
import { startExample } from '../../support/example-process.ts';

/** Time enough for a busy machine; what is under way has only a part of it. */
const BUDGET_MS = 20_000;
const FINISH_MS = 1500;

/** The numbers of the account that the program prints, by the words after or before them. */
interface Account {
  readonly started: number;
  readonly ok: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly cancelled: number;
  readonly inLine: number;
  readonly lines: number;
  readonly requests: number;
  readonly delivered: number;
  readonly open: readonly number[];
}

function readAccount(lines: readonly string[]): Account {
  const numbers = (beginning: string): number[] => {
    const line = lines.find((each) => each.startsWith(beginning));
    assert.ok(line, `no line "${beginning}" in:\n${lines.join('\n')}`);
    return line.match(/\b\d+\b/g)?.map(Number) ?? [];
  };
  const [started = -1, ok = -1, failed = -1, timedOut = -1, cancelled = -1] = numbers('polls:');
  const [inLine = -1] = numbers('dropped:');
  const [written = -1] = numbers('file:');
  const [requests = -1, delivered = -1] = numbers('exchange:');
  return {
    started,
    ok,
    failed,
    timedOut,
    cancelled,
    inLine,
    lines: written,
    requests,
    delivered,
    open: numbers('open:'),
  };
}

/** How many results a line of statistics tells of; undefined: it is none. */
function resultsIn(line: string): number | undefined {
  const ok = /^[\d.]+ s: (\d+) ok/.exec(line)?.[1];
  return ok === undefined ? undefined : Number(ok);
}

/** What is in the file: whole lines, each with a number that the exchange gave only once. */
function readQuotes(path: string): readonly { readonly sequence: number }[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  assert.equal(lines.pop(), '', 'the last line is not whole');
  const quotes = lines.map((line) => JSON.parse(line) as { readonly sequence: number });
  assert.equal(new Set(quotes.map(({ sequence }) => sequence)).size, quotes.length, 'a quote is there twice');
  return quotes;
}

/** Runs the program, asks it to stop once it has so many results (none: at its first line), and reads what it left. */
async function stopAfter(t: TestContext, results: number | undefined, env: Readonly<Record<string, string>>) {
  const path = join(exampleFolder(t), 'quotes.jsonl');
  const settings = {
    MARKET_OUTPUT: path,
    MARKET_BUDGET_MS: `${BUDGET_MS}`,
    MARKET_FINISH_MS: `${FINISH_MS}`,
    MARKET_STATS_MS: '10',
    ...env,
  };
  const run = startExample(t, 'market-data/main.mjs', { env: settings });
  if (results === undefined) await run.line(/^polling/);
  else await run.lineWhere(`${results} results`, (line) => (resultsIn(line) ?? -1) >= results);
  const askedMs = performance.now();
  run.signal('SIGTERM');
  const { status, lines, stderr } = await run.ended;
  const tookMs = performance.now() - askedMs;
  assert.equal(status, 0, `status ${status}:\n${lines.slice(-8).join('\n')}\n${stderr}`);
  assert.equal(stderr, '');
  // The limit is enforced by the program, which would have ended with status 1; here it is one of the real time too.
  assert.ok(tookMs < BUDGET_MS + 5000, `it took ${tookMs} ms`);
  return { account: readAccount(lines), quotes: readQuotes(path), lines };
}

type Stopped = Awaited<ReturnType<typeof stopAfter>>;

/** Every result is in the file, once; every poll is in the account, once; nothing is open. */
function assertAddsUp({ account, quotes }: Stopped): void {
  const { started, ok, failed, timedOut, cancelled } = account;
  assert.equal(started, ok + failed + timedOut + cancelled);
  assert.equal(quotes.length, ok);
  assert.equal(account.lines, ok);
  assert.deepEqual(account.open, [0, 0, 0]);
  // Its own view and that of the exchange: what was delivered and isn't in the file was cancelled on its way.
  assert.ok(
    account.delivered >= ok && account.delivered <= ok + cancelled + timedOut,
    JSON.stringify(account),
  );
  assert.ok(account.requests <= started - account.inLine, JSON.stringify(account));
}

const seed = Number(process.env.ORDERLY_SEED ?? Date.now() % 1_000_000);
const early = 1 + (seed % 500);
const middle = 1000 + (seed % 2000);

for (const [moment, results] of [
  ['before the first result', undefined],
  ['early', early],
  ['in the middle', middle],
] as const) {
  test(`stopped ${moment}: every result is in the file once, and the account adds up`, async (t) => {
    t.diagnostic(`ORDERLY_SEED=${seed}: ${results ?? 'no'} results`);
    const stopped = await stopAfter(t, results, { MARKET_SEED: `${seed}` });
    assertAddsUp(stopped);
    assert.ok(stopped.account.ok >= (results ?? 0));
    assert.match(stopped.lines.join('\n'), /SIGTERM: no new polls/);
  });
}

test('requests that would never be answered are cancelled by the limit of the program', async (t) => {
  const stopped = await stopAfter(t, middle, {
    MARKET_SEED: `${seed}`,
    MARKET_HANG: '0.02',
    MARKET_FINISH_MS: '500',
  });
  assertAddsUp(stopped);
  // Of the first 1,000 requests of any of these seeds some have this fate, and nothing else ends them so early.
  assert.ok(stopped.account.cancelled > stopped.account.inLine);
});

test('a request has its time limit: the polls of an exchange that answers none time out', async (t) => {
  const env = { MARKET_HANG: '1', MARKET_TIMEOUT_MS: '20', MARKET_SYMBOLS: '50', MARKET_STATS_MS: '1' };
  const path = join(exampleFolder(t), 'quotes.jsonl');
  const run = startExample(t, 'market-data/main.mjs', { env: { ...env, MARKET_OUTPUT: path } });
  await run.line(/100\.0 % errors/);
  run.signal('SIGINT');
  const { status, lines } = await run.ended;
  assert.equal(status, 0);
  const { ok, failed, timedOut, started, cancelled } = readAccount(lines);
  assert.ok(timedOut > 0);
  assert.deepEqual({ ok, failed, started }, { ok: 0, failed: 0, started: timedOut + cancelled });
});

test('without the time to end in order it says so, and what it received is in the file all the same', async (t) => {
  const path = join(exampleFolder(t), 'quotes.jsonl');
  const env = { MARKET_OUTPUT: path, MARKET_BUDGET_MS: '0', MARKET_STATS_MS: '10' };
  const run = startExample(t, 'market-data/main.mjs', { env });
  await run.lineWhere('some results', (line) => (resultsIn(line) ?? 0) >= early);
  run.signal('SIGTERM');
  const { status, stderr, lines } = await run.ended;
  assert.deepEqual([status, stderr], [1, 'not done within 0 ms\n']);
  const told = Math.max(...lines.map((line) => resultsIn(line) ?? 0));
  assert.ok(readQuotes(path).length >= told);
});

interface Results {
  put(result: unknown): Promise<void>;
}
const {
  ResultFile,
}: { ResultFile: { run(path: string, body: (file: Results) => unknown): Promise<unknown> } } = await import(
  pathToFileURL(examplePath('market-data', 'result-file.mjs')).href
);

test('what was put is written even if everything around is cancelled', async (t) => {
  const path = join(exampleFolder(t), 'quotes.jsonl');
  const scope = new CancelScope();
  await scope.run(() =>
    ResultFile.run(path, async (results) => {
      for (let sequence = 1; sequence <= 500; sequence++) await results.put({ sequence });
      scope.cancel();
      await checkpoint();
    }),
  );
  assert.equal(scope.cancelledCaught, true);
  assert.equal(readQuotes(path).length, 500);
});

test('a disk that is full ends who would wait for it', async () => {
  const writing = ResultFile.run('/dev/full', async (results) => {
    for (;;) await shield(() => results.put('a result'));
  });
  await assert.rejects(
    writing,
    (error) => error instanceof AggregateError && error.errors[0].code === 'ENOSPC',
  );
});
