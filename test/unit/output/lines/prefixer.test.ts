import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { StreamName } from '../../../../src/events/event.ts';
import { createPrefixer } from '../../../../src/output/lines/prefixer.ts';
import { assertProperty } from '../../../support/assert-property.ts';

interface Source {
  readonly service: string;
  readonly attempt: number;
  readonly stream: StreamName;
  readonly bytes: Uint8Array;
}

function collect(prefixOf: (service: string) => string, maxLineBytes?: number) {
  const writes: Buffer[] = [];
  const write = (lines: Buffer) => void writes.push(Buffer.from(lines));
  const prefixer = createPrefixer({ prefixOf, write, ...(maxLineBytes ? { maxLineBytes } : {}) });
  return { prefixer, writes, all: () => Buffer.concat(writes) };
}

/** What a stream must look like in the output: each of its lines, the last one ended. */
function linesOf(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString('latin1');
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Bytes with many line ends, carriage returns and invalid UTF-8 among them. */
const bytes = fc
  .array(fc.oneof(fc.constant(10), fc.constant(13), fc.constant(0xff), fc.integer({ min: 0, max: 255 })), {
    maxLength: 60,
  })
  .map((list) => Uint8Array.from(list));

const streamName = fc.constantFrom<StreamName>('stdout', 'stderr');
const sources = fc.uniqueArray(
  fc.record({
    service: fc.constantFrom('a', 'b'),
    attempt: fc.integer({ min: 1, max: 2 }),
    stream: streamName,
    bytes,
  }),
  { selector: ({ service, attempt, stream }) => `${service}${attempt}${stream}`, maxLength: 5 },
);

/** The order in which sources get to write, and how many bytes each time. */
const turns = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 9 })), { maxLength: 80 });

function feed(
  add: (source: Source, chunk: Buffer | undefined) => void,
  all: readonly Source[],
  order: readonly (readonly [number, number])[],
): void {
  const at = new Map(all.map((source) => [source, 0]));
  const next = (source: Source, size: number): void => {
    const from = at.get(source)!;
    at.set(source, from + size);
    if (from < source.bytes.length) add(source, Buffer.from(source.bytes.subarray(from, from + size)));
  };
  for (const [pick, size] of order) if (all.length > 0) next(all[pick % all.length]!, size);
  for (const source of all) {
    next(source, source.bytes.length);
    add(source, undefined);
  }
}

test('G7: every line of every stream comes out whole, in order, byte for byte, however it was cut', () => {
  assertProperty(
    fc.property(sources, turns, (all, order) => {
      const tag = (source: Source) => `${source.service}${source.attempt}${source.stream}`;
      const { prefixer, writes } = collect((service) => `${service} | `);
      feed(
        ({ service, attempt, stream }, chunk) => prefixer.add(service, attempt, stream, chunk),
        all,
        order,
      );
      for (const write of writes) assert.equal(write.at(-1), 10, 'a write ends with a line end');
      const out = Buffer.concat(writes).toString('latin1').split('\n').slice(0, -1);
      for (const name of ['a', 'b']) {
        const seen = out.filter((line) => line.startsWith(`${name} | `)).map((line) => line.slice(4));
        const wanted = all.filter(({ service }) => service === name).map((source) => linesOf(source.bytes));
        assert.equal(seen.length, wanted.flat().length, `no line of ${name} is lost or torn`);
        assert.deepEqual([...seen].sort(), wanted.flat().sort());
        for (const lines of wanted) assert.ok(isSubsequence(lines, seen), `order within a stream of ${name}`);
      }
      assert.equal(out.length, all.flatMap((source) => linesOf(source.bytes)).length, all.map(tag).join());
    }),
  );
});

test('without a prefix the bytes of a single stream are what they were, and the last line is ended', () => {
  assertProperty(
    fc.property(bytes, turns, (content, order) => {
      const { prefixer, all } = collect(() => '');
      feed(
        (_, chunk) => prefixer.add('a', 1, 'stdout', chunk),
        [{ service: 'a', attempt: 1, stream: 'stdout', bytes: content }],
        order,
      );
      const missing = content.length === 0 || content.at(-1) === 10 ? '' : '\n';
      assert.deepEqual(all(), Buffer.concat([content, Buffer.from(missing)]));
    }),
  );
});

test('a stream that ends without a line end is not mixed with another that is unfinished', () => {
  const { prefixer, all } = collect((service) => `${service} | `);
  prefixer.add('a', 1, 'stdout', Buffer.from('half of'));
  prefixer.add('a', 1, 'stderr', Buffer.from('oops'));
  prefixer.add('a', 1, 'stderr', undefined);
  prefixer.add('a', 1, 'stdout', Buffer.from(' a line'));
  prefixer.end();
  assert.equal(all().toString(), 'a | oops\na | half of a line\n');
});

test('an instance that is still writing keeps its line apart from the next instance', () => {
  const { prefixer, all } = collect((service) => `${service} | `);
  prefixer.add('a', 1, 'stdout', Buffer.from('old'));
  prefixer.add('a', 2, 'stdout', Buffer.from('new\n'));
  prefixer.add('a', 1, 'stdout', undefined);
  assert.equal(all().toString(), 'a | new\na | old\n');
});

test('a line has the time at which the last of it came, and what was begun is shown with the time that it has', () => {
  const writes: string[] = [];
  let time = '1 ';
  const prefixer = createPrefixer({
    prefixOf: (service) => (service === 'bare' ? '' : `${service} │ `),
    write: (lines) => void writes.push(lines.toString()),
    stamp: () => time,
  });
  const add = (service: string, text: string | undefined) =>
    prefixer.add(service, 1, 'stdout', text === undefined ? text : Buffer.from(text));
  const begun = () => prefixer.unfinished().map(({ prefix, carry }) => prefix + carry);
  add('a', 'one\ntwo\nth');
  add('bare', 'x\n');
  assert.deepEqual(writes, ['1 a │ one\n1 a │ two\n', '1 x\n']);
  time = '2 ';
  assert.deepEqual(begun(), ['1 a │ th']);
  add('a', 're');
  assert.deepEqual(begun(), ['2 a │ thre']);
  prefixer.renew();
  assert.deepEqual(begun(), ['2 a │ thre'], 'another width of names leaves it its time');
  time = '3 ';
  add('a', 'e\nfour');
  time = '4 ';
  add('a', undefined);
  assert.deepEqual(writes.slice(2), ['3 a │ three\n', '3 a │ four\n']);
});

test('both parts of a line that is broken have their time', () => {
  const writes: string[] = [];
  const write = (lines: Buffer) => void writes.push(lines.toString());
  const prefixer = createPrefixer({ prefixOf: () => '> ', write, stamp: () => '1 ', maxLineBytes: 6 });
  prefixer.add('a', 1, 'stdout', Buffer.from('abcdefgh'));
  prefixer.end();
  assert.deepEqual(writes, ['1 > abcdef…\n', '1 > …gh\n']);
});

test('a prefix in UTF-8 comes out in UTF-8', () => {
  const { prefixer, all } = collect((service) => `${service} │ `);
  prefixer.add('bücher', 1, 'stdout', Buffer.from('größer\n'));
  assert.equal(all().toString(), 'bücher │ größer\n');
});

test('a line over the limit is broken with a mark on both sides, between characters, and loses nothing', () => {
  assertProperty(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 20 }),
      (raw, size) => {
        const text = raw.replaceAll('\n', 'n').replaceAll('…', '.');
        const { prefixer, all } = collect(() => '> ', 16);
        const whole = Buffer.from(text);
        for (let at = 0; at < whole.length; at += size)
          prefixer.add('a', 1, 'stdout', whole.subarray(at, at + size));
        prefixer.end();
        const lines = all().toString().split('\n').slice(0, -1);
        assert.equal(
          lines
            .map((line) => line.slice(2))
            .join('\n')
            .replaceAll('…\n…', ''),
          text,
        );
        for (const line of lines) assert.ok(Buffer.byteLength(line) <= 2 + 16 + 3, line);
      },
    ),
  );
});

test('a chunk of nothing but line ends, larger than any buffer, comes out whole', () => {
  const { prefixer, all } = collect(() => 'a-service | ');
  prefixer.add('a', 1, 'stdout', Buffer.alloc(65_536, 10));
  assert.equal(all().toString(), 'a-service | \n'.repeat(65_536));
});

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const item of whole) if (at < part.length && part[at] === item) at++;
  return at === part.length;
}
