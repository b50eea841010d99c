/**
 * Output that is held back: nothing of it is lost, and its service waits.
 */
import assert from 'node:assert/strict';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { createProcessLab } from '../../support/process-lab.ts';

const COUNT = 100_000;
const numbers = Array.from({ length: COUNT }, (_, index) => `${index + 1}\n`).join('');

for (const fifos of [true, false]) {
  const by = fifos ? 'a FIFO' : 'a socket';

  test(`G7: by ${by}, what is held back waits and comes later, whole and in order; what a service leaves at its end comes at once`, async (t) => {
    const lab = await createProcessLab(t, { fifos });
    lab.holdOutput(true);
    const noisy = await lab.launch(['seq', '1', String(COUNT)]);
    const short = await lab.launch(['printf', 'last words']);
    await short.instance.exited;
    assert.equal(short.output.stdout, 'last words', 'its end is not held back');
    assert.equal(noisy.output.stdout, '', 'the other one waits in write(2)');
    lab.holdOutput(false);
    await noisy.line(/^10$/m);
    lab.holdOutput(true);
    lab.holdOutput(false);
    await noisy.instance.exited;
    await noisy.instance.outputEnded;
    assert.ok(noisy.output.stdout === numbers);
  });
}

test('how long ago its output was held back is known of each instance', async (t) => {
  const lab = await createProcessLab(t);
  const { instance: first } = await lab.launch(['sleep', '1000']);
  assert.equal(first.outputHeldAgoMs(), Number.POSITIVE_INFINITY);
  lab.holdOutput(true);
  const { instance: second } = await lab.launch(['sleep', '1000']);
  assert.deepEqual([first.outputHeldAgoMs(), second.outputHeldAgoMs()], [0, 0]);
  const releasedMs = performance.now();
  lab.holdOutput(false);
  const { instance: third } = await lab.launch(['sleep', '1000']);
  const agoMs = second.outputHeldAgoMs();
  assert.ok(agoMs > 0 && agoMs <= performance.now() - releasedMs);
  assert.equal(third.outputHeldAgoMs(), Number.POSITIVE_INFINITY);
});

test('G7: what a grandchild wrote while its output was held comes out when the instance is let go of', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, output, line } = await lab.launch(['/bin/sh', '-c', 'echo one; exec sleep 1000']);
  await line(/one/);
  // Whoever still has the pipe is as good as a grandchild.
  const held = openSync(`/proc/${instance.pid}/fd/1`, constants.O_WRONLY);
  t.after(() => closeSync(held));
  lab.holdOutput(true);
  writeSync(held, 'two\n');
  instance.kill();
  await instance.exited;
  assert.equal(output.stdout, 'one\ntwo\n', 'the end of an instance is not held back');
  writeSync(held, 'three\n');
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(output.stdout, 'one\ntwo\n', 'what comes after it is');
  instance.dispose();
  assert.equal(output.stdout, 'one\ntwo\nthree\n');
});
