/**
 * The frames between the supervisor and its helper.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  closeFrame,
  createFrameReader,
  helloFrame,
  signalFrame,
  spawnFrame,
  type Told,
  vacateFrame,
  WireError,
} from '../../../../src/process/helper/wire.ts';
import { assertProperty } from '../../../support/assert-property.ts';

const word = fc.nat({ max: 2 ** 32 - 1 });

/** As the helper writes them: a kind and words. */
function told(kind: string, ...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(5 + numbers.length * 4);
  bytes.writeUInt32LE(bytes.length - 4, 0);
  bytes.write(kind, 4, 'latin1');
  for (const [index, number] of numbers.entries()) bytes.writeUInt32LE(number, 5 + index * 4);
  return bytes;
}

const frames = fc.oneof(
  fc
    .tuple(word, word)
    .map(([version, pid]): [Buffer, Told] => [
      told('H', version, pid, 1),
      { kind: 'hello', version, isSubreaper: true },
    ]),
  fc
    .tuple(word, word, word, word, fc.array(word, { maxLength: 4 }))
    .map(([slot, pid, low, high, outlets]): [Buffer, Told] => [
      told('F', slot, pid, low, high, ...outlets),
      { kind: 'forked', slot, pid, startTicks: low + high * 2 ** 32, outlets },
    ]),
  word.map((slot): [Buffer, Told] => [told('M', slot), { kind: 'not-alone', slot }]),
  fc
    .tuple(word, fc.boolean())
    .map(([slot, isOutside]): [Buffer, Told] => [
      told('X', slot, Number(isOutside)),
      { kind: 'executed', slot, isOutside },
    ]),
  fc
    .tuple(word, word, word)
    .map(([slot, step, errno]): [Buffer, Told] => [
      told('E', slot, step, errno),
      { kind: 'refused', slot, step, errno },
    ]),
  fc
    .tuple(word, word, word, word, word)
    .map(([slot, status, low, high, kib]): [Buffer, Told] => [
      told('D', slot, status, low, high, kib),
      { kind: 'ended', slot, status, cpuMs: (low + high * 2 ** 32) / 1000, peakBytes: kib * 1024 },
    ]),
  fc
    .tuple(word, word)
    .map(([pid, status]): [Buffer, Told] => [told('A', pid, status), { kind: 'adopted-ended', pid, status }]),
);

test('what the helper tells is read whole, wherever it is cut', () => {
  assertProperty(
    fc.property(
      fc.array(frames, { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 40 })),
      (all, cuts) => {
        const bytes = Buffer.concat(all.map(([frame]) => frame));
        const read = createFrameReader();
        const heard: Told[] = [];
        let at = 0;
        for (const length of [...cuts, bytes.length]) {
          heard.push(...read(Buffer.from(bytes.subarray(at, at + length))));
          at += length;
        }
        assert.deepEqual(
          heard,
          all.map(([, one]) => one),
        );
      },
    ),
  );
});

test('what is no frame is an error, and not waited for', () => {
  for (const bytes of [
    Buffer.from([0, 0, 0, 0, 72]),
    Buffer.from([255, 255, 255, 255, 72]),
    told('Z', 1),
    Buffer.from([3, 0, 0, 0, 88, 1, 1]),
  ])
    assert.throws(() => createFrameReader()(bytes), WireError);
});

const plain = {
  argv: ['a'],
  cwd: '/',
  env: {},
  streams: [],
  ownSession: true,
  cgroup: undefined,
} as const;

test('a spawn says everything, and nothing that no system would accept', () => {
  const frame = spawnFrame(7, {
    ...{ argv: ['sh', 'ö'], cwd: '/x', env: { A: 'b=c' }, ownSession: true, cgroup: '/c' },
    ...{ streams: ['null', 'outlet', 'inlet', 'closed', 'file'], file: { path: '/f', isTerminal: true } },
    rights: {
      ...{ ids: { uid: 1, gid: 2, groups: [3, 4] }, umask: 0o22, nice: -5 },
      limits: [{ resource: 7, soft: 2 ** 33 + 1, hard: Number.POSITIVE_INFINITY }],
    },
  });
  const text = '/x\0/c\0/f\0' + '\x02\0\0\0sh\0\xc3\xb6\0' + '\x01\0\0\0A=b=c\0';
  const none = 0xffff_ffff;
  const numbers = [
    ...[7, 31, 1, 2, 18, none - 4],
    ...[2, 3, 4],
    ...[1, 7, 1, 2, none, none],
    ...[5, 1, 2, 3, 0, 4],
  ];
  assert.equal(frame?.subarray(5 + numbers.length * 4).toString('latin1'), text);
  assert.deepEqual(
    numbers.map((_, index) => frame?.readUInt32LE(5 + index * 4)),
    numbers,
  );
  assert.equal(frame?.readUInt32LE(0), (frame?.length ?? 0) - 4);
  for (const argv of [[], ['a\0'], ['a', 'x'.repeat(4 << 20)], Array<string>(70_000).fill('a')])
    assert.equal(spawnFrame(0, { ...plain, argv }), undefined);
  assert.equal(spawnFrame(0, { ...plain, env: { A: '\0' } }), undefined);
  const groups = Array.from({ length: 1025 }, (_, group) => group);
  assert.equal(spawnFrame(0, { ...plain, rights: { ids: { uid: 1, gid: 1, groups } } }), undefined);
});

test('hello and lists of slots are words', () => {
  assert.deepEqual([...helloFrame(true)], [9, 0, 0, 0, 72, 2, 0, 0, 0, 1, 0, 0, 0]);
  assert.deepEqual([...closeFrame([1, 258])], [9, 0, 0, 0, 67, 1, 0, 0, 0, 2, 1, 0, 0]);
});

test('signals and folders are words and texts', () => {
  const ask = { slot: 3, signal: 15, toGroup: true, thenContinue: true, cgroup: '/c' };
  const frame = signalFrame([ask, { ...ask, slot: 4, toGroup: false, thenContinue: false, cgroup: '' }]);
  const bytes = [3, 0, 0, 0, 15, 0, 0, 0, 3, 0, 0, 0, 47, 99, 0, 4, 0, 0, 0, 15, 0, 0, 0, 0, 0, 0, 0, 0];
  assert.deepEqual([...frame], [bytes.length + 1, 0, 0, 0, 75, ...bytes]);
  assert.deepEqual([...vacateFrame(['/a', '/b'])], [7, 0, 0, 0, 86, 47, 97, 0, 47, 98, 0]);
});
