/**
 * An answer of HTTP/1.1, however its bytes are cut; and what is none.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { AnswerReader, NotHttpError } from '../../../src/control/client/answer-reader.ts';
import { assertProperty } from '../../support/assert-property.ts';

interface Heard {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly body: string;
  readonly isComplete: boolean;
}

/** All of it, in pieces of these sizes; the last piece is what is left. */
function hear(answer: string, sizes: readonly number[] = [], ends = true): Heard {
  const reader = new AnswerReader();
  const bytes = Buffer.from(answer, 'latin1');
  const parts: Buffer[] = [];
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    parts.push(...reader.push(bytes.subarray(at, at + size)));
    at += size;
    if (at >= bytes.length) break;
  }
  if (ends) reader.end();
  const { head, isComplete } = reader;
  return {
    ...{ status: head?.status, type: head?.type },
    ...{ body: Buffer.concat(parts).toString('latin1'), isComplete },
  };
}

const OK = 'HTTP/1.1 200 OK\r\n';
const json = { status: 200, type: 'application/json', isComplete: true };

const WHOLE: readonly (readonly [string, string, Heard])[] = [
  [
    'with a length',
    `${OK}Content-Type: application/json\r\nContent-Length: 5\r\n\r\nhello`,
    { ...json, body: 'hello' },
  ],
  ['of no length', `${OK}content-type:application/json\r\ncontent-length: 0\r\n\r\n`, { ...json, body: '' }],
  [
    'in chunks, with extensions and a trailer',
    `${OK}Content-Type: application/JSON \r\nTransfer-Encoding: Chunked\r\n\r\n5;a=b\r\nhello\r\nD \r\n, dear\r\nworld\r\n0\r\nDate: today\r\n\r\n`,
    { ...json, body: 'hello, dear\r\nworld' },
  ],
  [
    'to the end of the connection',
    'HTTP/1.0 404 \r\n\r\nnothing\r\n\r\nhere',
    { status: 404, type: '', body: 'nothing\r\n\r\nhere', isComplete: true },
  ],
  [
    'after one that only says that more is to come',
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${OK}content-length: 2\r\n\r\nso`,
    { status: 200, type: '', body: 'so', isComplete: true },
  ],
  [
    'that has no body by its status',
    'HTTP/1.1 204 No Content\r\n\r\n',
    { status: 204, type: '', body: '', isComplete: true },
  ],
  [
    'with more behind it than was asked for',
    `${OK}content-length: 2\r\n\r\nsomething`,
    { status: 200, type: '', body: 'so', isComplete: true },
  ],
];

suite('an answer', () => {
  for (const [name, answer, heard] of WHOLE) {
    test(`${name} is read whole, wherever it is cut`, () => {
      assert.deepEqual(hear(answer), heard);
      assert.deepEqual(hear(answer, Array<number>(answer.length).fill(1)), heard);
      assertProperty(
        fc.property(fc.array(fc.integer({ min: 1, max: 30 })), (sizes) => {
          assert.deepEqual(hear(answer, sizes), heard);
        }),
      );
    });
  }

  test('one that ends too early is never taken for whole', () => {
    const chunked = `${OK}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`;
    const sized = `${OK}content-length: 5\r\n\r\nhello`;
    for (const answer of [chunked, sized])
      for (let end = 0; end < answer.length; end++)
        assert.equal(hear(answer.slice(0, end)).isComplete, false, JSON.stringify(answer.slice(0, end)));
    // What has no length is over when the connection is.
    assert.equal(hear('HTTP/1.1 200 OK\r\n\r\nhello', [], false).isComplete, false);
  });

  test('what is no HTTP is refused as soon as that can be told', () => {
    const long = 'x'.repeat(70_000);
    for (const [answer, why] of [
      ['2', 'no status line'],
      ['SSH-2.0-OpenSSH\r\n', 'no status line'],
      ['HTTP/2', 'no status line'],
      ['HTTP/1.1 20 OK\r\n\r\n', 'no status'],
      ['HTTP/1.1 600 OK\r\n\r\n', 'no status'],
      ['HTTP/1.1 101 Switching Protocols\r\n\r\n', 'no status'],
      [`HTTP/1.1 200 OK\r\nx: ${long}`, 'a head without an end'],
      [`${OK}content-length: -1\r\n\r\n`, 'no length'],
      [`${OK}content-length: 5, 5\r\n\r\n`, 'no length'],
      [`${OK}transfer-encoding: gzip\r\n\r\n`, 'a coding that was not asked for'],
      [`${OK}transfer-encoding: chunked\r\n\r\nhello\r\n`, 'no size of a chunk'],
      [`${OK}transfer-encoding: chunked\r\n\r\n-5\r\n`, 'no size of a chunk'],
      [`${OK}transfer-encoding: chunked\r\n\r\nfffffffff\r\n`, 'no size of a chunk'],
      [`${OK}transfer-encoding: chunked\r\n\r\n5\r\nhello!!`, 'a chunk without an end'],
      [`${OK}transfer-encoding: chunked\r\n\r\n5;${long}`, 'a line without an end'],
      [`${OK}transfer-encoding: chunked\r\n\r\n0\r\nx: ${long}\r\n\r\n`, 'a line without an end'],
    ] as const)
      assert.throws(
        () => hear(answer),
        (error) => error instanceof NotHttpError && error.message === why,
        answer.slice(0, 60),
      );
  });

  test('nothing but an answer, or no HTTP, comes of anything', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(
          fc.constantFrom(
            OK,
            '\r\n',
            'transfer-encoding: chunked\r\n',
            'content-length: 3\r\n',
            '3',
            'abc',
            '0',
            ';',
          ),
        )
        .map((parts) => parts.join('')),
    );
    assertProperty(
      fc.property(anything, fc.array(fc.integer({ min: 1, max: 9 })), (answer, sizes) => {
        try {
          hear(answer, sizes);
        } catch (error) {
          assert.ok(error instanceof NotHttpError);
        }
      }),
    );
  });
});
