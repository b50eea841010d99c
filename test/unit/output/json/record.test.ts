import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRecord, openRecord } from '../../../../src/output/json/json-output.ts';
import type { WriterHooks } from '../../../../src/output/writers/bounded-writer.ts';
import { eventAt, finished, runStarted, starting } from '../support/events.ts';
import { createFakeWriter } from '../support/fake-writer.ts';

test('every event is in the file before the next one happens, output of services is not', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'orderly-record-'));
  const path = join(dir, 'run.jsonl');
  writeFileSync(path, 'an older run\n');
  const record = openRecord(path, (sentence) => assert.fail(sentence));
  const read = () =>
    readFileSync(path, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line).type);
  record.onEvent(eventAt(0, runStarted('a')));
  assert.deepEqual(read(), ['run.started']);
  record.onEvent(eventAt(1, { type: 'log', service: 'a', attempt: 1, stream: 'stdout', text: 'x' }));
  record.onLog('a', 1, 'stdout', Buffer.from('x\n'));
  record.onEvent(eventAt(2, finished(0, '')));
  await record.finish();
  assert.deepEqual(read(), ['run.started', 'run.finished']);
  rmSync(dir, { recursive: true });
});

test('the first trouble ends the record with one sentence, and the run goes on', () => {
  const told: string[] = [];
  const writer = createFakeWriter();
  let hooks: WriterHooks | undefined;
  const open = (given: WriterHooks) => {
    hooks = given;
    return writer;
  };
  const record = createRecord(open, 'run.jsonl', (sentence) => void told.push(sentence));
  record.onEvent(eventAt(0, runStarted('a')));
  hooks?.onTrouble('ENOSPC: no space left on device');
  hooks?.onDropped(1);
  record.onEvent(eventAt(1, starting('a')));
  assert.deepEqual(told, [
    'Cannot record to "run.jsonl": ENOSPC: no space left on device; the record ends here',
  ]);
  assert.equal(writer.writes.length, 1);
});

test('a record on a full disk', async () => {
  const told: string[] = [];
  const record = openRecord('/dev/full', (sentence) => void told.push(sentence));
  record.onEvent(eventAt(0, runStarted('a')));
  record.onEvent(eventAt(1, starting('a')));
  await record.finish();
  assert.equal(told.length, 1);
  assert.match(told[0]!, /^Cannot record to "\/dev\/full": ENOSPC: no space left on device/);
});

test('a file that can’t be opened is the caller’s to tell', () => {
  assert.throws(() => openRecord('/nowhere/run.jsonl', assert.fail), { code: 'ENOENT' });
});
