/** Foreign sources read inside scopes. */
import assert from 'node:assert/strict';
import { EventEmitter, getEventListeners, on } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import {
  CancelScope,
  checkpoint,
  Event,
  isCancelled,
  iterate,
  moveOnAfter,
  Queue,
  sleep,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { cancels, type Lab, law, shape, thrownBy, whole } from '../../../support/concurrency-lab.ts';

/** Yields 1, 2, … at a promise each that no scope reaches; says when it is left. */
async function* foreign(lab: Lab, count: number, pauseMs = 10): AsyncGenerator<number> {
  try {
    for (let item = 1; item <= count; item++) {
      await new Promise<void>((resolve) => lab.clock.at(lab.clock.now() + pauseMs, resolve));
      yield item;
    }
  } finally {
    await new Promise<void>((resolve) => lab.clock.at(lab.clock.now() + 100, resolve));
    lab.note('left');
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** A stream that takes a while to close. */
function slowToClose(lab: Lab, chunks: readonly string[]): Readable {
  let next = 0;
  return new Readable({
    objectMode: true,
    read() {
      if (next < chunks.length) this.push(chunks[next++]);
    },
    destroy(error, done) {
      lab.clock.at(lab.clock.now() + 500, () => {
        lab.note('closed');
        done(error);
      });
    },
  });
}

law('iterate gives the items of any async iterable in order, to the end', async (lab) => {
  assert.deepEqual(await collect(iterate(foreign(lab, 3))), [1, 2, 3]);
  lab.saw('left');
  assert.deepEqual(await collect(iterate(Readable.from(['a', 'b']))), ['a', 'b']);
  const web = ReadableStream.from(['a', 'b']);
  assert.deepEqual(await collect(iterate(web)), ['a', 'b']);
  assert.equal(web.locked, false);
});

law('JS-1 a plain for await over a stream is not interrupted; with iterate it is', async (lab) => {
  const plain = new PassThrough({ objectMode: true });
  lab.clock.at(5000, () => plain.end());
  await moveOnAfter(1000, () => collect(plain));
  assert.equal(lab.clock.now(), 5000);
  const silent = new PassThrough();
  const scope = new CancelScope({ timeoutMs: 1000 });
  await scope.run(() => collect(iterate(silent)));
  assert.equal(scope.cancelledCaught, true);
  assert.equal(lab.clock.now(), 6000);
  assert.equal(silent.destroyed, true);
});

law('a cancelled reader of a stream waits, shielded, until it is closed', async (lab) => {
  const stream = slowToClose(lab, ['a']);
  await moveOnAfter(1000, async () => {
    for await (const chunk of iterate(stream)) lab.note(String(chunk));
  });
  lab.noteTime('after');
  lab.saw('a closed after(1.5s)');
});

for (const [how, act] of [
  ['break', () => 'break'],
  [
    'an error',
    () => {
      throw new Error('body');
    },
  ],
] as const) {
  law(`leaving by ${how} destroys a stream and awaits its close`, async (lab) => {
    const stream = slowToClose(lab, ['a', 'b']);
    const reading = (async () => {
      for await (const chunk of iterate(stream)) {
        lab.note(String(chunk));
        if (act() === 'break') break;
      }
    })();
    const error = await reading.catch((thrown: unknown) => thrown);
    assert.equal(shape(error), how === 'break' ? 'undefined' : 'body');
    lab.noteTime('after');
    lab.saw('a closed after(0.5s)');
  });
}

law(
  'leaving between items asks an iterator to return, and awaits it, also in a cancelled scope',
  async (lab) => {
    for await (const item of iterate(foreign(lab, 3))) {
      assert.equal(item, 1);
      break;
    }
    lab.noteTime('broken');
    await whole(async (scope) => {
      const reading = (async () => {
        for await (const item of iterate(foreign(lab, 3))) {
          assert.equal(item, 1);
          scope.cancel();
        }
      })();
      await cancels(reading);
      lab.noteTime('cancelled');
    });
    lab.saw('left broken(0.11s) left cancelled(0.22s)');
  },
);

law('leaving is shielded: a source that waits by means of this library is left whole', async (lab) => {
  async function* ours(): AsyncGenerator<number> {
    try {
      yield 1;
    } finally {
      await sleep(100);
      lab.noteTime('left');
    }
  }
  await moveOnAfter(1000, async () => {
    for await (const _ of iterate(ours())) await sleep(5000);
  });
  lab.saw('left(1.1s)');
});

law('a pending read of an iterator is given up: it is told to end, and not waited for', async (lab) => {
  await moveOnAfter(1000, () => collect(iterate(foreign(lab, 3, 3000))));
  lab.noteTime('given.up');
  await sleep(5000);
  lab.saw('given.up(1s) left');
});

law('in a cancelled scope nothing is read, and the source is left', async (lab) => {
  const streams = [slowToClose(lab, ['a']), slowToClose(lab, ['b'])];
  for (const stream of streams) {
    await whole(async (scope) => {
      scope.cancel();
      await cancels(iterate(stream).next());
    });
    assert.equal(stream.destroyed, true);
    assert.equal(stream.readableDidRead, false);
  }
  lab.saw('closed closed');
});

law('CS-36 an item that came before the cancellation in the same turn is not lost', async () => {
  let give = (_: IteratorResult<number>): void => undefined;
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<IteratorResult<number>>((resolve) => (give = resolve)),
    }),
  };
  await whole(async (scope) => {
    const items = iterate(source);
    const first = items.next();
    give({ done: false, value: 7 });
    scope.cancel();
    assert.deepEqual(await first, { done: false, value: 7 });
    await cancels(items.next());
  });
});

law('errors of the source leave as they are, and it is not told to end again', async (lab) => {
  const failure = new Error('broken');
  const stream = new PassThrough();
  lab.clock.at(1000, () => stream.destroy(failure));
  assert.equal(await thrownBy(collect(iterate(stream))), failure);
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.reject(failure),
      return: () => assert.fail('told to end'),
    }),
  };
  assert.equal(await thrownBy(collect(iterate(source))), failure);
  const web = new ReadableStream({ start: (controller) => controller.error(failure) });
  assert.equal(await thrownBy(collect(iterate(web))), failure);
});

law('SH-12 an error of leaving replaces the cancellation', async () => {
  const stream = new Readable({ read: () => undefined, destroy: (_, done) => done(new Error('close')) });
  assert.equal(shape(await thrownBy(moveOnAfter(1000, () => collect(iterate(stream))))), 'close');
});

law('a web stream is cancelled, awaited and unlocked', async (lab) => {
  const cancel = async (): Promise<void> => {
    await new Promise<void>((resolve) => lab.clock.at(lab.clock.now() + 500, resolve));
    lab.note('closed');
  };
  const pending = new ReadableStream({ cancel });
  await moveOnAfter(1000, () => collect(iterate(pending)));
  lab.noteTime('cancelled');
  const broken = new ReadableStream({ start: (controller) => controller.enqueue('a'), cancel });
  for await (const chunk of iterate(broken)) {
    assert.equal(chunk, 'a');
    break;
  }
  lab.noteTime('broken');
  assert.deepEqual([pending.locked, broken.locked], [false, false]);
  lab.saw('closed cancelled(1.5s) closed broken(2s)');
});

law('AB-5 it obeys the signal of its options, also in a shield, and leaves no listener', async (lab) => {
  const controller = new AbortController();
  const { signal } = controller;
  lab.clock.at(1000, () => controller.abort('stop'));
  const stream = new PassThrough();
  assert.equal(await thrownBy(collect(iterate(stream, { signal }))), 'stop');
  assert.equal(stream.destroyed, true);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  assert.equal(await thrownBy(collect(iterate(Readable.from(['a']), { signal }))), 'stop');
});

law('a stream that emits no close event is left all the same', async () => {
  const stream = new Readable({ read: () => undefined, emitClose: false });
  await moveOnAfter(1000, () => collect(iterate(stream)));
  assert.equal(stream.destroyed, true);
});

law('the events of an emitter: the listener is gone when the reader is cancelled', async () => {
  const emitter = new EventEmitter();
  const heard: unknown[] = [];
  await taskGroup(async (group) => {
    const ready = new Event();
    group.startSoon(async () => {
      const events = on(emitter, 'item');
      ready.set();
      for await (const [item] of iterate(events as AsyncIterable<[number]>)) heard.push(item);
    });
    await ready.wait();
    for (const item of [1, 2, 3]) emitter.emit('item', item);
    await checkpoint();
    group.cancel();
  });
  assert.deepEqual(heard, [1, 2, 3]);
  assert.equal(emitter.listenerCount('item'), 0);
});

law('a queue read through it loses nothing to the cancellation of its scope', async () => {
  const queue = new Queue<number>(1);
  await whole(async (scope) => {
    const reading = collect(iterate(queue));
    scope.cancel();
    queue.tryPut(1);
    assert.ok(isCancelled(await thrownBy(reading)));
  });
  assert.equal(queue.tryGet(), 1);
});
