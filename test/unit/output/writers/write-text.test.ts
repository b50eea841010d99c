import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeText } from '../../../../src/output/writers/write-text.ts';
import { ERRNOS, errno, GONE } from '../support/errnos.ts';

/** A descriptor that takes so many bytes of each write, and fails with what stands in `failures` first. */
function setUp(failures: (string | undefined)[], mostBytes = 3) {
  let out = '';
  let pausedMs = 0;
  const why = (text: string) =>
    writeText(1, text, {
      patienceMs: 100,
      writeSync(_fd, bytes, from) {
        const code = failures.length > 1 ? failures.shift() : failures[0];
        if (code !== undefined) throw errno(code);
        const part = bytes.subarray(from, from + mostBytes);
        out += Buffer.from(part).toString();
        return part.length;
      },
      pause(ms) {
        pausedMs += ms;
      },
    });
  return { why, out: () => out, pausedMs: () => pausedMs };
}

test('a text is written whole, however little is taken at once', () => {
  const it = setUp([undefined]);
  assert.equal(it.why('one\ntwo\n'), undefined);
  assert.equal(it.out(), 'one\ntwo\n');
});

test('a descriptor that takes nothing now is waited for', () => {
  const it = setUp(['EAGAIN', 'EINTR', 'EAGAIN', undefined]);
  assert.equal(it.why('one\n'), undefined);
  assert.equal(it.out(), 'one\n');
});

test('a descriptor that takes nothing any more is given up', () => {
  const it = setUp(['EAGAIN']);
  assert.match(it.why('one\n') ?? '', /^EAGAIN/);
  assert.equal(it.pausedMs(), 100);
});

for (const code of ERRNOS)
  test(`trouble in telling, a text and ${code}: it is no exception`, () => {
    const it = setUp([undefined, code]);
    const why = it.why('one\n');
    if (GONE.has(code)) assert.equal(why, undefined);
    else assert.equal(why, `${code}: said the system`);
    assert.equal(it.out(), 'one');
  });
