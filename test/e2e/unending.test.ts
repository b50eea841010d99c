/**
 * What never comes to an end on the real system: dead file systems, stopped helpers. The supervisor goes on, answers
 * signals, and ends.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { descendantsOf } from '../../src/process/tree/proc/children.ts';
import { deadFolder, noDeadFolder } from '../support/dead-folder.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

suite('what never ends', { concurrency: 3, timeout: 60_000 }, () => {
  const skip = noDeadFolder;

  test('a service in a dead folder has failed by its deadline, and others run on meanwhile', {
    skip,
  }, async (t) => {
    const folder = await deadFolder(t);
    const config = `
services:
  a: { command: [sleep, "1000"], cwd: ${folder}, ready: { delay: 0s, within: 1s }, restart: no, on_failure: ignore }
  b: { command: [sleep, "1000"] }`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'b' });
    const { cause } = await run.event('service.failed', { service: 'a' });
    assert.match(cause, /waited 1 s for its folder ".*" to answer/);
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });

  test('a program on a dead file system is waited for no longer than a stop allows', { skip }, async (t) => {
    const folder = await deadFolder(t);
    const config = `
services:
  a: { command: [${folder}/program] }
  b: { command: [sleep, "1000"] }`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'b' });
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });

  test('clean-ups, probes and stop commands on a dead file system have their limits', { skip }, async (t) => {
    const folder = await deadFolder(t);
    const config = `
services:
  a:
    command: [sleep, "1000"]
    cleanup: [{ run: [${folder}/clean], timeout: 500ms }, { run: "echo cleaned", timeout: 5s }]
    stop: { command: [${folder}/stop], grace: 500ms }
  b: { command: [sleep, "1000"], ready: { file: ${folder}/ready, within: 2s, timeout: 100ms }, restart: no, on_failure: ignore }`;
    const run = runOrderly(t, { config });
    const { cause } = await run.event('service.failed', { service: 'b' });
    assert.match(cause, /not ready within 2 s/);
    run.signal('SIGTERM');
    const { status, events } = await run.ended;
    assert.equal(status, 3);
    const cleaned = events.filter((event) => event.type === 'log' && event.text === 'cleaned');
    assert.equal(cleaned.length, 1);
    const [first] = events.filter((event) => event.type === 'service.cleanup');
    assert.match(first?.error ?? '', /timeout of 500 ms/);
  });

  test('however many hang in one dead file system, others are started', { skip }, async (t) => {
    const folder = await deadFolder(t);
    const dead = Array.from({ length: 8 }, (_, index) => {
      const within = 'within: 3s, timeout: 100ms';
      return [
        `  cwd${index}: { command: [sleep, "1"], cwd: ${folder}/${index}, ready: { delay: 0s, ${within} }, restart: no, on_failure: ignore }`,
        `  file${index}: { command: [sleep, "1000"], ready: { file: ${folder}/f${index}, ${within} }, restart: no, on_failure: ignore }`,
      ].join('\n');
    });
    const config = [
      'services:',
      ...dead,
      '  late: { command: [sleep, "1000"], depends_on: { file0: { condition: exited } } }',
    ];
    const run = runOrderly(t, { config: config.join('\n') });
    await run.event('service.ready', { service: 'late' });
    for (const index of dead.keys()) {
      await run.event('service.failed', { service: `cwd${index}` });
      await run.event('service.failed', { service: `file${index}` });
    }
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });

  test('a log file on a dead file system is waited for no longer than a signal allows', {
    skip,
  }, async (t) => {
    const folder = await deadFolder(t);
    const config = `services: { a: { command: [sleep, "1000"], log: { file: ${folder}/log } } }`;
    const run = runOrderly(t, { config });
    await until(() => waitsInThreadPool(run.pid));
    run.signal('SIGTERM');
    const { status, events } = await run.ended;
    assert.deepEqual([status, events], [143, []]);
  });

  test('a mkfifo that never ends keeps nobody from being started', async (t) => {
    const run = runOrderly(t, {
      config: 'services: { a: { command: "echo hello; exec sleep 1000" } }',
      files: { mkfifo: '#!/bin/sh\nexec sleep 1000\n' },
      instead: [
        'sh',
        '-c',
        `chmod +x mkfifo && PATH=$PWD:$PATH exec "${process.execPath}" "${orderlyBin}" up --output json`,
      ],
    });
    await run.event('log', { text: 'hello' });
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });

  /** The loader of the shell that sets the umask waits for somebody to write into this pipe. The helper needs no shell for it. */
  const hanging = (more: string) => ({
    config: `
services:
  a: { command: [sleep, "1000"], umask: "022", env: { LD_PRELOAD: ./pipe }, restart: no, ${more} }
  b: { command: [sleep, "1000"] }`,
    env: { ORDERLY_HELPER: 'off' },
    instead: ['sh', '-c', `mkfifo pipe && exec "${process.execPath}" "${orderlyBin}" up --output json`],
  });

  test('a shell that never executes its service is stopped by the readiness deadline', async (t) => {
    const run = runOrderly(t, hanging('ready: { delay: 0s, within: 1s }'));
    const { cause } = await run.event('service.failed', { service: 'a' });
    assert.match(cause, /^not started within 1 s: /);
    assert.equal((await run.ended).status, 1);
  });

  test('a shell that never executes its service is stopped with it', async (t) => {
    const run = runOrderly(t, hanging('stop: { grace: 300ms }'));
    await run.event('service.ready', { service: 'b' });
    await until(() => waitsInLoader(run.pid));
    run.signal('SIGTERM');
    const { status, events } = await run.ended;
    assert.equal(status, 143);
    const exited = events.find((event) => event.type === 'service.exited' && event.service === 'a');
    assert.deepEqual(exited && 'signal' in exited && exited.signal, 'SIGTERM');
  });
});

/** A child of ours, or of our helper, has come to be a shell that opens the pipe. */
function waitsInLoader(supervisor: number): boolean {
  return descendantsOf(supervisor).some((pid) => readText(`/proc/${pid}/cmdline`).includes('umask 022'));
}

/** One of its threads hangs in a file system that is asked by way of FUSE. */
function waitsInThreadPool(pid: number): boolean {
  const threads = `/proc/${pid}/task`;
  return readdirSync(threads).some((thread) => readText(`${threads}/${thread}/wchan`).includes('fuse'));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // It has ended meanwhile.
  }
}
