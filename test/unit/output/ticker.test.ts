import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemTicker } from '../../../src/output/ticker.ts';

test('a signal that came before a tick was due is heard before it: what is painted knows the size of its window', async () => {
  const heard: string[] = [];
  const listen = (): void => void heard.push('signal');
  process.on('SIGWINCH', listen);
  // The ticker's own timer keeps nothing alive.
  const alive = setInterval(() => undefined, 1000);
  await new Promise<void>((resolve) => {
    const stop = systemTicker.every(1, () => {
      heard.push('tick');
      stop();
      resolve();
    });
    process.kill(process.pid, 'SIGWINCH');
    for (const until = performance.now() + 5; performance.now() < until; );
  });
  clearInterval(alive);
  process.off('SIGWINCH', listen);
  assert.deepEqual(heard, ['signal', 'tick']);
});

test('nothing is called once it is cancelled, a tick that was due included', async () => {
  let ticks = 0;
  const stop = systemTicker.every(1, () => ticks++);
  // In the same round of timers as its own, which immediates come after.
  const isDue = new Promise<void>((resolve) => setTimeout(() => resolve(), 1));
  for (const until = performance.now() + 5; performance.now() < until; );
  await isDue;
  stop();
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  assert.equal(ticks, 0);
});
