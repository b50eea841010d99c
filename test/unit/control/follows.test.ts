/**
 * Who follows events and doesn't read: it has all of them when it reads again, costs nothing meanwhile, and is cut off if it is too
 * far behind.
 */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { test } from 'node:test';
import type { Controlled } from '../../../src/control/server/controlled.ts';
import { EventHistory } from '../../../src/control/server/event-history.ts';
import { eventStream } from '../../../src/control/server/follows.ts';
import { JsonStream } from '../../../src/control/server/stream.ts';
import type { OrderlyEvent } from '../../../src/events/event.ts';

/** An answer whose client reads only when it is told to. */
class SlowResponse extends Writable {
  readonly read: string[] = [];
  #held: (() => void) | undefined;

  writeHead(): void {}
  flushHeaders(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.read.push(chunk.toString());
    this.#held = done;
  }

  /** All that is there, and what comes while it reads. */
  async readAll(): Promise<void> {
    while (this.#held !== undefined) {
      const held = this.#held;
      this.#held = undefined;
      held();
      await settled();
    }
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

function opened() {
  const events = new EventHistory();
  const response = new SlowResponse();
  const stream = new JsonStream(response as unknown as ServerResponse);
  const reply = eventStream({ events } as Controlled, {
    query: new URLSearchParams('follow'),
    path: {},
    body: undefined,
    client: undefined,
    signal: new AbortController().signal,
  });
  assert.ok(reply.kind === 'stream');
  void stream.feed(reply.feed);
  let seq = 0;
  const tell = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) {
      events.add({ seq: ++seq, type: 'run.note', text: 'x'.repeat(1000) } as OrderlyEvent);
      await settled();
    }
  };
  const seqs = () =>
    response.read
      .join('')
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as OrderlyEvent).seq);
  return { response, stream, tell, seqs };
}

test('JN-15 G9: what a client does not read costs no memory, and it gets all of it when it reads again', async () => {
  const { response, stream, tell, seqs } = opened();
  await tell(900);
  assert.ok(response.writableLength < 100_000, `${response.writableLength} bytes are kept for it`);
  await response.readAll();
  await tell(1);
  await response.readAll();
  assert.deepEqual(
    seqs(),
    Array.from({ length: 901 }, (_, index) => index + 1),
  );
  await tell(3);
  stream.finish();
  await response.readAll();
  await finished(response);
  assert.equal(seqs().at(-1), 904);
});

test('JN-15 G9: one that is more than a megabyte behind is cut off, and nothing of it is left', async () => {
  const { response, tell } = opened();
  await tell(1_000);
  assert.ok(!response.destroyed);
  await tell(200);
  assert.ok(response.destroyed);
});

test('who reads is told each event in its moment, and the end', async () => {
  const { response, stream, tell, seqs } = opened();
  for (let count = 1; count <= 3; count++) {
    await tell(1);
    await response.readAll();
    assert.equal(seqs().length, count);
  }
  stream.finish();
  await response.readAll();
  await finished(response);
});
