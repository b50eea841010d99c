/** AB-7, call by call: what the platform does with the signal of a scope, and what becomes of it there. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { EventEmitter, getEventListeners, on, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { setTimeout as delay, setInterval as ticks } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  CancelScope,
  CleanupStack,
  checkpoint,
  Event,
  isCancelled,
  taskGroup,
} from '../../../src/concurrency/index.ts';
import { law } from '../../support/concurrency-lab.ts';

const never = (): Readable => new Readable({ read: () => undefined });
const foreverInNode = ['-e', 'setInterval(() => 0, 1000)'];

async function read(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

const calls: Readonly<Record<string, (signal: AbortSignal) => Promise<unknown>>> = {
  'events.once': (signal) => once(new EventEmitter(), 'never', { signal }),
  'events.on': (signal) => read(on(new EventEmitter(), 'never', { signal })),
  'timers/promises setTimeout': (signal) => delay(60_000, undefined, { signal }),
  'timers/promises setInterval': (signal) => read(ticks(60_000, undefined, { signal })),
  'stream.pipeline': (signal) => pipeline(never(), new PassThrough(), new Writable(), { signal }),
  'stream.finished': (signal) => finished(never(), { signal }),
  'a Readable made with the signal': (signal) => read(new Readable({ read: () => undefined, signal })),
  'child_process.execFile': (signal) => promisify(execFile)(process.execPath, foreverInNode, { signal }),
  'child_process.spawn': (signal) =>
    once(spawn(process.execPath, foreverInNode, { signal, stdio: 'ignore' }), 'exit'),
};

for (const [name, call] of Object.entries(calls)) {
  law(`AB-7 ${name} with the signal of a scope: the scope absorbs, and no listener is left`, async (lab) => {
    const scope = new CancelScope();
    const { signal } = scope;
    const run = scope.run(async () => {
      try {
        await call(signal);
      } catch (error) {
        lab.note((error as Error).name);
        assert.ok(isCancelled(error));
        throw error;
      }
    });
    scope.cancel();
    await run;
    assert.equal(scope.cancelledCaught, true);
    lab.saw('AbortError');
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  law(`AB-7 ${name} in a task that is cancelled already: a cancellation, not a failure`, async () => {
    await taskGroup((group) => {
      group.startSoon(({ signal }) => call(signal));
      group.cancel();
    });
  });
}

law(
  'AB-7 fetch with the signal of a task: the answer, or its body, is cancelled with the group',
  async (lab) => {
    await CleanupStack.run(async (stack) => {
      const asked = new Event();
      const server = createServer((request, response) => {
        if (request.url === '/body') response.write('the beginning');
        asked.set();
      });
      stack.push(async () => {
        server.close();
        server.closeAllConnections();
        await once(server, 'close');
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await taskGroup(async (group) => {
        const got = new Event();
        group.startSoon(async ({ signal }) => {
          try {
            await fetch(`${url}/answer`, { signal });
          } finally {
            lab.note('answer');
          }
        });
        group.startSoon(async ({ signal }) => {
          const response = await fetch(`${url}/body`, { signal });
          got.set();
          try {
            await response.text();
          } finally {
            lab.note('body');
          }
        });
        await Promise.all([asked.wait(), got.wait()]);
        group.cancel();
      });
    });
    lab.saw('{answer body}');
  },
);

law('CS-13 with both scopes cancelled, the outermost that asked absorbs an AbortError, too', async () => {
  const [outer, inner] = [new CancelScope(), new CancelScope()];
  const run = outer.run(() => inner.run(({ signal }) => once(new EventEmitter(), 'never', { signal })));
  inner.cancel();
  outer.cancel();
  await run;
  assert.deepEqual([inner.cancelledCaught, outer.cancelledCaught], [false, true]);
});

law('AB-6 a platform call aborted by a foreign signal fails its task', async () => {
  const controller = new AbortController();
  const group = taskGroup(async (tasks) => {
    tasks.startSoon(() => once(new EventEmitter(), 'never', { signal: controller.signal }));
    await checkpoint();
    controller.abort();
  });
  await assert.rejects(group, (error: AggregateError) => error.errors[0].name === 'AbortError');
});

law('events.on gives what came before the end, and its listener is gone when the reader breaks', async () => {
  const emitter = new EventEmitter();
  await taskGroup((group) => {
    group.startSoon(async ({ signal }) => {
      const heard: number[] = [];
      const events = on(emitter, 'item', { signal });
      for (const item of [1, 2]) emitter.emit('item', item);
      for await (const [item] of events) if (heard.push(item as number) === 2) break;
      assert.deepEqual(heard, [1, 2]);
      assert.equal(emitter.listenerCount('item'), 0);
      assert.equal(getEventListeners(signal, 'abort').length, 0);
    });
  });
});
