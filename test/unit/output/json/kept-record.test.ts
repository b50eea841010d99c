import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { KeptFile } from '../../../../src/output/json/kept-file.ts';
import { createKeptRecord } from '../../../../src/output/json/kept-record.ts';
import { RecordReader } from '../../../../src/output/timeline/record/reader.ts';
import { until } from '../../../support/until.ts';
import { eventAt, finished, ready, runStarted, starting } from '../support/events.ts';
import { createManualTicker } from '../support/manual-ticker.ts';

/** `<home>/state/orderly/shop`, of which only the home is there. */
function setUp(t: TestContext, owner?: number) {
  const below = mkdtempSync(join(tmpdir(), 'orderly-kept-'));
  t.after(() => rmSync(below, { recursive: true, force: true }));
  const folder = join(below, 'state', 'orderly', 'shop');
  const place = { folder, below, owner };
  const typesIn = (name: string) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line).type);
  return { below, folder, place, typesIn, ticker: createManualTicker() };
}

const endless = Number.MAX_SAFE_INTEGER;

test('nothing is made before something runs; then all is there a moment later, for this user alone', async (t) => {
  const { below, folder, place, typesIn, ticker } = setUp(t);
  const record = createKeptRecord(place, ticker);
  record.onEvent(eventAt(0, runStarted('a')));
  ticker.advance(10_000);
  assert.equal(ticker.active, 0);
  record.onEvent(eventAt(1, starting('a')));
  record.onEvent(eventAt(2, { type: 'log', service: 'a', attempt: 1, stream: 'stdout', text: 'x' }));
  ticker.advance(999);
  await pause(20);
  assert.deepEqual(readdirSync(below), []);
  ticker.advance(1);
  await until(() => existsSync(join(folder, 'last.jsonl')) && typesIn('last.jsonl').length === 2);
  assert.deepEqual(typesIn('last.jsonl'), ['run.started', 'service.starting']);
  assert.equal(ticker.active, 0, 'where nothing happens nothing ticks');
  record.onEvent(eventAt(3, finished(0, '')));
  await record.finish(endless);
  assert.deepEqual(typesIn('last.jsonl'), ['run.started', 'service.starting', 'run.finished']);
  const modeOf = (path: string) => statSync(path).mode & 0o777;
  assert.deepEqual([modeOf(folder), modeOf(join(folder, 'last.jsonl'))], [0o700, 0o600]);
});

test('the one before is kept, and no other; what else is in the folder stays', async (t) => {
  const { folder, place, typesIn, ticker } = setUp(t);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'output.log'), '');
  for (const services of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
    const record = createKeptRecord(place, ticker);
    record.onEvent(eventAt(0, runStarted()));
    for (const service of services) record.onEvent(eventAt(1, ready(service, 1)));
    await record.finish(endless);
  }
  assert.deepEqual(readdirSync(folder).toSorted(), ['last.jsonl', 'output.log', 'previous.jsonl']);
  assert.deepEqual([typesIn('previous.jsonl').length, typesIn('last.jsonl').length], [3, 4]);
});

test('a full one ends with a note, and is drawn up to there', async (t) => {
  const { folder, place, typesIn, ticker } = setUp(t);
  const record = createKeptRecord(place, ticker, { maxBytes: 2000 });
  record.onEvent(eventAt(0, runStarted('a')));
  for (let ms = 1; ms < 100; ms++) record.onEvent(eventAt(ms, starting('a', ms)));
  await record.finish(endless);
  record.onEvent(eventAt(100, finished(0, '')));
  const types = typesIn('last.jsonl');
  assert.deepEqual([types[0], types.at(-2), types.at(-1)], ['run.started', 'service.starting', 'run.note']);
  const { size } = statSync(join(folder, 'last.jsonl'));
  assert.ok(size > 1800 && size < 2300, `${size}`);
  const reader = new RecordReader();
  reader.push(readFileSync(join(folder, 'last.jsonl')));
  const read = reader.end();
  assert.ok(read.kind === 'read' && read.timeline.finished === undefined && read.timeline.endMs > 1);
});

async function keepsNothing(place: Parameters<typeof createKeptRecord>[0]): Promise<void> {
  const ticker = createManualTicker();
  const record = createKeptRecord(place, ticker);
  record.onEvent(eventAt(0, runStarted('a')));
  record.onEvent(eventAt(1, starting('a')));
  ticker.advance(1000);
  record.onEvent(eventAt(2, finished(0, '')));
  await record.finish(endless);
}

test('a home that is not there is not made', async (t) => {
  const { below, place } = setUp(t);
  await keepsNothing({ ...place, below: join(below, 'gone'), folder: join(below, 'gone', 'state') });
  assert.deepEqual(readdirSync(below), []);
});

test('nothing is made in the home of somebody else', async (t) => {
  const { below, place } = setUp(t);
  await keepsNothing({ ...place, owner: 12_345 });
  assert.deepEqual(readdirSync(below), []);
  await keepsNothing({ ...place, owner: process.getuid!() });
  assert.deepEqual(readdirSync(below), ['state']);
});

test('where nothing can be made nothing is kept, and nothing is said', async (t) => {
  const { below, place } = setUp(t);
  await keepsNothing({ ...place, folder: '/dev/null/orderly/shop' });
  await keepsNothing({ ...place, folder: '/proc/orderly/shop' });
  if (process.getuid?.() === 0) return;
  chmodSync(below, 0o500);
  await keepsNothing(place);
  chmodSync(below, 0o700);
  assert.deepEqual(readdirSync(below), []);
});

const never = new Promise<never>(() => undefined);

test('a disk that stands still holds the end up no longer than it may, and costs no more memory', async (t) => {
  const { place, ticker } = setUp(t);
  let opened = 0;
  const open = (): Promise<KeptFile> => {
    opened += 1;
    return never;
  };
  const record = createKeptRecord(place, ticker, { open });
  for (let ms = 0; ms < 30_000; ms++) record.onEvent(eventAt(ms, starting('a', ms)));
  for (let turn = 0; turn < 4; turn++) ticker.advance(1000);
  const ended = record.finish(150);
  ticker.advance(150);
  await ended;
  assert.deepEqual([opened, ticker.active], [0, 0], 'more than may wait is given up');

  const stuck = createKeptRecord(place, ticker, { open });
  stuck.onEvent(eventAt(0, starting('a')));
  ticker.advance(1000);
  stuck.onEvent(eventAt(1, starting('a')));
  const late = stuck.finish(150);
  ticker.advance(150);
  await late;
  assert.equal(opened, 1);
});

test('a disk that is full ends it, once', async (t) => {
  const { place, ticker } = setUp(t);
  let appended = 0;
  let closed = 0;
  const open = async (): Promise<KeptFile> => ({
    async append() {
      appended += 1;
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    },
    async close() {
      closed += 1;
    },
  });
  const record = createKeptRecord(place, ticker, { open });
  for (const ms of [1, 2, 3]) {
    record.onEvent(eventAt(ms, starting('a')));
    ticker.advance(1000);
    await pause(1);
  }
  await record.finish(endless);
  assert.deepEqual([appended, closed], [1, 1]);
});
