import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createCommands } from '../../../src/process/commands.ts';
import { createLauncher } from '../../../src/process/instance/launcher.ts';
import { createFifoPool } from '../../../src/process/pipes/fifo-pool.ts';
import type { LaunchRequest } from '../../../src/process/ports.ts';
import { createRunMarks } from '../../../src/process/tree/members/run-marks.ts';

const descriptors = (): readonly string[] => readdirSync('/proc/self/fd').sort();

/** What is closed is closed at once, but reported to us in a later turn. */
const aTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const request = (
  argv: readonly string[],
  channel: LaunchRequest['channel'],
  attempt: number,
): LaunchRequest => ({
  service: 'leak',
  attempt,
  command: { kind: 'exec', argv },
  cwd: '/',
  env: {},
  channel,
  terminal: false,
  mayStart: () => attempt % 10 !== 2,
  onOutput() {},
  onNotification() {},
});

test('after two hundred launches, ends and failures the descriptors are as before', async () => {
  await new Promise<void>((resolve) => setImmediate(resolve));
  const before = descriptors();
  for (const withFifos of [true, false]) {
    const fifos = createFifoPool();
    if (!withFifos) fifos.dispose();
    const launcher = createLauncher({ marks: createRunMarks(`hygiene-${process.pid}`), fifos });
    for (let round = 0; round < 10; round++) {
      const channel = (['none', 'fd', 'node', 'systemd'] as const)[round % 4] ?? 'none';
      const batch = Array.from({ length: 10 }, async (_, index) => {
        const argv = index === 0 ? ['/no/such/program'] : index === 1 ? ['/bin/true', '\0'] : ['/bin/true'];
        const result = await launcher.launch(request(argv, channel, round * 10 + index));
        if (result.kind !== 'launched') return;
        await result.instance.exited;
        await result.instance.treeGone();
        await result.instance.outputEnded;
        result.instance.dispose();
      });
      await Promise.all(batch);
    }
    launcher.dispose();
    fifos.dispose();
  }
  await aTurn();
  assert.deepEqual(descriptors(), before);
});

test('short commands leave no descriptor behind, however they end', async () => {
  const fifos = createFifoPool();
  const commands = createCommands(fifos);
  const before = descriptors();
  const controller = new AbortController();
  const run = (argv: readonly string[], signal = new AbortController().signal) =>
    commands.run({ command: { kind: 'exec', argv }, cwd: '/', env: {}, onOutput() {} }, signal);
  const sleeping = run(['/bin/sleep', '1000'], controller.signal);
  await Promise.all([
    run(['/bin/true']),
    run(['/no/such/program']),
    run(['/bin/true', '\0']),
    run(['/bin/false']),
  ]);
  controller.abort();
  await sleeping;
  fifos.dispose();
  await aTurn();
  assert.deepEqual(descriptors(), before);
});

test('no FIFO has a name once it can be used, and no folder is left', async () => {
  const fifos = createFifoPool();
  fifos.warm(40);
  const taken = await fifos.take(2);
  assert.equal(taken?.length, 2);
  for (const { readFd } of taken ?? []) {
    // proc(5): the name that a file had, with this behind it once it is unlinked.
    const [, path] = /^(\/.*) \(deleted\)$/.exec(readlinkSync(`/proc/self/fd/${readFd}`)) ?? [];
    assert.ok(path !== undefined && !existsSync(dirname(path)), path);
  }
  fifos.dispose();
  assert.equal(await fifos.take(1), undefined);
});

for (const end of ['exit', 'SIGKILL']) {
  test(`however we end while FIFOs are being made, their folder goes: ${end}`, async () => {
    const program = fileURLToPath(new URL('../../support/die-with-fifos.js', import.meta.url));
    const { stdout } = spawnSync(process.execPath, [program, end], { encoding: 'utf8' });
    const folders: readonly string[] = JSON.parse(stdout);
    assert.ok(folders.length > 0);
    while (folders.some((folder) => existsSync(folder))) await aTurn();
  });
}
