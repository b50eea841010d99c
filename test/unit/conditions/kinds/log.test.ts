import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sleep } from '../../../../src/concurrency/index.ts';
import { createReadinessProbe } from '../../../../src/conditions/create-readiness-probe.ts';
import type { Reading } from '../../../../src/conditions/probe/probe.ts';
import type { StreamName } from '../../../../src/events/event.ts';
import { assertAsyncProperty } from '../../../support/assert-property.ts';
import { createFakePorts } from '../../../support/fake-ports.ts';
import { condition, contextOf, failed, held, inVirtualTime, probe } from '../probing.ts';

type Piece = readonly [stream: StreamName, bytes: Buffer | undefined];

/** What a pattern reads from pieces of output that were all there at once. */
function read(pattern: string, pieces: readonly Piece[]): Promise<Reading> {
  return inVirtualTime(async () => {
    const log = condition({ kind: 'log', pattern }, { withinMs: 1_000 });
    const probe = createReadinessProbe(log, contextOf(createFakePorts()));
    for (const [stream, bytes] of pieces) {
      if (!probe.wantsOutput) break;
      const chunk = bytes && Buffer.from(bytes);
      probe.output(stream, chunk);
      chunk?.fill(0x58);
    }
    return probe.wait();
  });
}

const out = (text: string): Piece => ['stdout', Buffer.from(text)];
const err = (text: string): Piece => ['stderr', Buffer.from(text)];

const table: readonly [name: string, pattern: string, pieces: readonly Piece[], reading: Reading][] = [
  [
    'a line of stdout',
    'listening on .*:(?<port>\\d+)',
    [out('starting\nlistening on 0.0.0.0:8080\n')],
    held("log 'listening on 0.0.0.0:8080' after 0 ms", { port: '8080' }),
  ],
  ['a line of stderr', 'ready', [err('now ready!\n')], held("log 'ready' after 0 ms")],
  ['a line in pieces', '^ready$', [out('re'), out('ad'), out('y\n')], held("log 'ready' after 0 ms")],
  ['a coloured line', '^ready$', [out('\x1b[1;32mre\x1b[0mady\x1b[K\n')], held("log 'ready' after 0 ms")],
  ['an end in CRLF', 'ready$', [out('ready\r\n')], held("log 'ready' after 0 ms")],
  [
    'a last line without an end',
    'ready$',
    [out('ready'), ['stdout', undefined]],
    held("log 'ready' after 0 ms"),
  ],
  [
    'the first of two',
    'port (?<port>\\d)',
    [out('port 1\nport 2\n')],
    held("log 'port 1' after 0 ms", { port: '1' }),
  ],
  [
    'an optional group that is missing',
    'up(?: on (?<port>\\d+))?(?<rest>.*)',
    [out('up!\n')],
    held("log 'up!' after 0 ms", { rest: '!' }),
  ],
  ['an empty match', '^', [out('hello\n')], held("log 'hello' after 0 ms")],
  ['a long match', '.+', [out(`${'x'.repeat(500)}\n`)], held(`log '${'x'.repeat(99)}…' after 0 ms`)],
  ['text across chars', 'größer', [out('grö'), out('ßer\n')], held("log 'größer' after 0 ms")],
  ['a half line', 'ready', [out('ready')], held("log 'ready' after 300 ms")],
  [
    'the streams are not mixed',
    'ready',
    [out('rea'), err('dy\n'), out('\n')],
    failed('not ready within 1 s: log: no line matched /ready/'),
  ],
  ['one stream at its end', 'ready', [['stdout', undefined], err('ready\n')], held("log 'ready' after 0 ms")],
  [
    'a last line without an end, at the end of both streams',
    'ready$',
    [out('ready'), ['stderr', undefined], ['stdout', undefined]],
    held("log 'ready' after 0 ms"),
  ],
  [
    'both streams at their end',
    'ready',
    [out('bye\n'), ['stdout', undefined], ['stderr', undefined]],
    failed('its output ended before a line matched /ready/'),
  ],
  [
    'a line longer than 64 KiB, in its first part',
    '^xready',
    [out(`xready${'x'.repeat(200_000)}`), out('\n')],
    held("log 'xready' after 0 ms"),
  ],
  [
    'a line longer than 64 KiB, past its first part',
    'ready',
    [out(`${'x'.repeat(65_536)}ready\n`)],
    failed('not ready within 1 s: log: no line matched /ready/'),
  ],
  [
    'a line that takes too long to look at, and the one after it',
    '(?<all>(a|a)*)\\2*z',
    [out(`${'a'.repeat(60)}bz\naaz\n`)],
    held("log 'aaz' after 0 ms", { all: 'aa' }),
  ],
  [
    'only a line that takes too long to look at',
    '(a|a)*\\1z',
    [out(`${'a'.repeat(60)}bz\n`)],
    failed(
      'not ready within 1 s: log: no line matched /(a|a)*\\1z/ (1 line was passed over, since it would take too long to look at it; write a simpler pattern)',
    ),
  ],
];

for (const [name, pattern, pieces, reading] of table) {
  test(`log, ${name}`, async () => {
    assert.deepEqual(await read(pattern, pieces), reading);
  });
}

test('after the match it wants no more output', async () => {
  const { reading, atMs } = await probe(
    condition({ kind: 'log', pattern: 'up' }),
    undefined,
    async (probe) => {
      assert.equal(probe.wantsOutput, true);
      await sleep(1_500);
      probe.output('stdout', Buffer.from('up\n'));
      assert.equal(probe.wantsOutput, false);
      probe.output('stdout', Buffer.from('up again\n'));
    },
  );
  assert.deepEqual(reading, held("log 'up' after 1.5 s"));
  assert.equal(atMs, 1_500);
});

test('the same bytes give the same reading, however they are chunked', async () => {
  const word = fc.oneof(
    fc.constantFrom('ready', 'port=81', '\x1b[32m', '\x1b[0m', '\x1b]0;t\x07', 'ß', '🚀', '\r', ' '),
    fc.string({ maxLength: 5 }),
  );
  const line = fc.array(word, { maxLength: 6 }).map((words) => words.join(''));
  const text = fc
    .array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 8 })
    .map((lines) => Buffer.from(lines.flat().join('')));
  const pattern = fc.constantFrom('ready$', '^(?<all>.*)ready', 'port=(?<port>\\d+)', '🚀(?<after>.)', 'ß');
  await assertAsyncProperty(
    fc.asyncProperty(
      text,
      pattern,
      fc.array(fc.nat(120), { maxLength: 12 }),
      async (bytes, pattern, cuts) => {
        const ends = [...cuts, bytes.length].map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b);
        const chunks = ends.map((end, index): Piece => ['stdout', bytes.subarray(ends[index - 1] ?? 0, end)]);
        const end: Piece = ['stdout', undefined];
        assert.deepEqual(
          await read(pattern, [...chunks, end]),
          await read(pattern, [['stdout', bytes], end]),
        );
      },
    ),
    { numRuns: 200 },
  );
});

/** The reading of a pattern, of output that comes at these times (in ms). */
function readOverTime(pattern: string, output: readonly (readonly [atMs: number, piece: Piece])[]) {
  return inVirtualTime(async () => {
    const log = condition({ kind: 'log', pattern }, { withinMs: 10_000 });
    const part = createReadinessProbe(log, contextOf(createFakePorts()));
    const reading = part.wait();
    let lastMs = 0;
    for (const [atMs, [stream, bytes]] of output) {
      await sleep(atMs - lastMs);
      lastMs = atMs;
      if (part.wantsOutput) part.output(stream, bytes);
    }
    return reading;
  });
}

test('a line that is not finished is looked at when nothing follows for 300 ms', async () => {
  assert.deepEqual(await readOverTime('^name: $', [[100, out('name: ')]]), held("log 'name: ' after 400 ms"));
  assert.deepEqual(
    // It is looked at each 300 ms whether anything followed.
    await readOverTime('on (?<port>\\d+)', [
      [0, out('a\nready on 51')],
      [299, out('51')],
    ]),
    held("log 'on 5151' after 600 ms", { port: '5151' }),
  );
  // What is said on the other stream meanwhile is not waited for alone.
  assert.deepEqual(
    await readOverTime('^name: $', [
      [0, err('name: ')],
      [200, out('x\n')],
    ]),
    held("log 'name: ' after 600 ms"),
  );
});

test('an unfinished line that does not match is looked at again when it goes on, and whole', async () => {
  assert.deepEqual(
    await readOverTime('^starting ready$', [
      [0, out('starting')],
      [1000, out(' ready')],
    ]),
    held("log 'starting ready' after 1.3 s"),
  );
  assert.deepEqual(
    await readOverTime('^starting ready$', [
      [0, out('starting')],
      [1000, out(' ready\n')],
    ]),
    held("log 'starting ready' after 1 s"),
  );
  assert.match(
    JSON.stringify(
      await readOverTime('^x$', [
        [0, out('y')],
        [500, ['stdout', undefined]],
        [600, ['stderr', undefined]],
      ]),
    ),
    /its output ended before a line matched/,
  );
});
