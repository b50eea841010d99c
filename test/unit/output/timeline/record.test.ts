/**
 * Reading a record: what is drawn of it is checked, what isn't known is let pass, and what is wrong has its line.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseLine, type ReadRecord, RecordReader } from '../../../../src/output/timeline/record/reader.ts';
import { assertProperty } from '../../../support/assert-property.ts';
import { finished, goodRun, of, recordOf, started } from './runs.ts';

function read(...chunks: readonly (string | Uint8Array)[]): ReadRecord {
  const reader = new RecordReader();
  for (const chunk of chunks) if (!reader.push(Buffer.from(chunk))) break;
  return reader.end();
}

const line = (fact: object) => JSON.stringify({ seq: 1, time: '', ms: 1, ...fact });

for (const [name, text] of [
  ['a type that is not known', line({ type: 'service.teleported', service: 1 })],
  ['a line of output', line({ type: 'log', service: 'a', attempt: 1, stream: 'stdout', text: 'x' })],
  ['an empty line', ''],
] as const) {
  test(`${name} is let pass`, () => assert.deepEqual(parseLine(text), { kind: 'passed' }));
}

test('a line of output is let pass without being parsed', () => {
  const head = '{"seq":7,"time":"2000-01-01T00:00:00.000Z","ms":1.5,"type":"log","service":"a",';
  assert.deepEqual(parseLine(`${head}no JSON at all`), { kind: 'passed' });
});

for (const [text, why] of [
  ['hello', 'it is not JSON'],
  ['[]', 'it is no event'],
  ['null', 'it is no event'],
  ['{"seq":1,"ms":1}', 'it has no "type"'],
  ['{"type":"service.ready","ms":1}', 'it has no "seq"'],
  ['{"type":"service.ready","seq":1,"ms":"1"}', 'it has no "ms"'],
  [line({ type: 'service.healthy', ms: -1 }), 'it has no "ms"'],
  [line({ type: 'service.healthy', attempt: 1 }), '"service.healthy" has no proper "service"'],
  [line({ type: 'service.healthy', service: 'a' }), '"service.healthy" has no proper "attempt"'],
  [line({ type: 'run.started', name: 'a', services: [1] }), '"run.started" has no proper "services"'],
  [line({ type: 'shutdown.requested', cause: [] }), '"shutdown.requested" has no proper "cause"'],
] as const) {
  test(`${text} is refused: ${why}`, () => {
    const parsed = parseLine(text);
    assert.ok(parsed.kind === 'bad');
    assert.equal(parsed.why, why);
  });
}

test('a record is the same timeline however its bytes come', () => {
  const bytes = Buffer.from(recordOf(...goodRun, [1300, { type: 'run.note', text: 'née ✔ 🎉' }]));
  const whole = read(bytes);
  assert.equal(whole.kind, 'read');
  assertProperty(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const chunks = places.slice(1).map((to, index) => bytes.subarray(places[index], to));
      assert.deepEqual(read(...chunks), whole);
    }),
    { numRuns: 100 },
  );
});

test('a last line that was cut is left out, and told', () => {
  const text = recordOf(...goodRun);
  const cut = read(text.slice(0, -20));
  assert.ok(cut.kind === 'read');
  assert.equal(cut.cutAt, goodRun.length);
  assert.equal(cut.timeline.endMs, 1190);
  assert.equal(cut.timeline.finished, undefined);
});

test('a last line that is whole but for its line end counts', () => {
  const whole = read(recordOf(...goodRun).trimEnd());
  assert.ok(whole.kind === 'read');
  assert.equal(whole.cutAt, undefined);
  assert.equal(whole.timeline.finished?.status, 143);
});

for (const [name, text, lineNumber, why] of [
  ['nothing', '', 1, 'there is no event'],
  ['another file', 'services:\n  db: {}\n', 1, 'it is not JSON'],
  ['one torn line', '{"seq":1,"ti', 1, 'it is not JSON'],
  [
    'a torn line in the middle',
    `${recordOf(started(1, { a: [] }))}{"seq":2\n${recordOf(finished(3))}`,
    2,
    'it is not JSON',
  ],
  [
    'a record without its beginning',
    recordOf(of(1, 'a', 'starting')),
    1,
    'the record of a run begins with "run.started"',
  ],
  [
    'two records in one file',
    recordOf(started(1, {}), finished(2), started(1, {})),
    3,
    'another run begins here',
  ],
  [
    'time that goes back',
    recordOf(started(5, {}), finished(2)),
    2,
    'its time, 2 ms, is before that of the event before it',
  ],
] as const) {
  test(`${name} is refused with its line`, () => {
    const record = read(text);
    assert.ok(record.kind === 'bad');
    assert.equal(record.line, lineNumber);
    assert.equal(record.why, why);
  });
}

test('a service that comes to rest and is wanted again goes on in its lane, as does one that joins later', () => {
  const record = read(
    recordOf(
      started(0, { db: [] }),
      of(0, 'db', 'starting'),
      of(10, 'db', 'ready'),
      of(100, 'db', 'stopping'),
      of(110, 'db', 'stopped'),
      of(500, 'db', 'pending'),
      of(510, 'db', 'starting', { attempt: 2 }),
      of(520, 'db', 'ready', { attempt: 2 }),
      [
        600,
        {
          ...{ type: 'graph.changed', generation: 2, base: 1, request: 'r1' },
          ...{ added: ['web'], removed: [], changed: [] },
          dependencies: { web: [{ service: 'db', condition: 'ready' }] },
        },
      ],
      of(610, 'web', 'starting'),
      of(620, 'web', 'ready'),
      of(900, 'web', 'stopped'),
      of(910, 'db', 'stopped', { attempt: 2 }),
      finished(920),
    ),
  );
  assert.ok(record.kind === 'read');
  const [db, web] = record.timeline.lanes;
  const bars = db?.segments.map(({ state, fromMs, toMs }) => `${state} ${fromMs}-${toMs}`);
  assert.deepEqual(bars, [
    ...['starting 0-10', 'ready 10-100', 'stopping 100-110'],
    ...['waiting 500-510', 'starting 510-520', 'ready 520-910'],
  ]);
  assert.equal(db?.end?.ms, 910);
  assert.deepEqual(web?.dependencies, [{ service: 'db', condition: 'ready' }]);
  assert.equal(web?.segments[0]?.fromMs, 600);
});
