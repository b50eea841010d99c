/**
 * Commands that supervise nothing die of a signal like any program: while they wait for a pipe, and while they compute.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { exampleFolder } from '../support/example-folder.ts';
import { orderlyBin } from '../support/orderly-bin.ts';

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  for (const args of [
    ['check', '-f', 'pipe'],
    ['graph', '-f', 'pipe'],
    ['timeline', 'pipe'],
  ]) {
    test(`orderly ${args[0]} that waits for a pipe dies of ${signal}`, { timeout: 60_000 }, async (t) => {
      const folder = exampleFolder(t);
      assert.equal(spawnSync('mkfifo', [join(folder, 'pipe')]).status, 0);
      const child = spawn(process.execPath, [orderlyBin, ...args], { cwd: folder, stdio: 'ignore' });
      const exited = once(child, 'exit');
      // Opened for writing once somebody reads; nothing is written.
      const writer = await open(join(folder, 'pipe'), 'w');
      child.kill(signal);
      assert.deepEqual(await exited, [null, signal]);
      await writer.close();
    });
  }
}
