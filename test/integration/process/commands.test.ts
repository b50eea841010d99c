import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createCommands } from '../../../src/process/commands.ts';
import { createFifoPool } from '../../../src/process/pipes/fifo-pool.ts';
import type { ShortCommand, ShortCommandEnd } from '../../../src/process/ports.ts';
import { livingStats } from '../../../src/process/tree/proc/process-stat.ts';
import { isAlive } from '../../support/process-lab.ts';
import { programPath } from '../../support/programs.ts';

const env = { PATH: process.env.PATH ?? '' };

function run(
  t: TestContext,
  command: Partial<ShortCommand>,
  signal = new AbortController().signal,
): Promise<ShortCommandEnd> {
  const fifos = createFifoPool();
  t.after(() => fifos.dispose());
  return createCommands(fifos).run(
    { command: { kind: 'exec', argv: ['true'] }, cwd: '/', env, ...command },
    signal,
  );
}

const shell = (script: string) => ({ command: { kind: 'shell', script } }) as const;

test('a command ends with its code', async (t) => {
  assert.deepEqual(await run(t, {}), { kind: 'code', code: 0 });
  assert.deepEqual(await run(t, shell('exit 7')), { kind: 'code', code: 7 });
});

test('a command that was ended by a signal says which', async (t) => {
  assert.deepEqual(await run(t, shell('kill -9 $$')), { kind: 'signal', signal: 'SIGKILL' });
});

test('all it wrote is passed on before it has ended, by name too', async (t) => {
  const said = { stdout: '', stderr: '' };
  const onOutput: ShortCommand['onOutput'] = (stream, chunk) => {
    said[stream] += chunk.toString();
  };
  const script = 'echo one; echo two > /dev/stderr; printf three';
  await run(t, { ...shell(script), onOutput });
  assert.deepEqual(said, { stdout: 'one\nthree', stderr: 'two\n' });
});

test('a command gets exactly the environment it is given', async (t) => {
  let said = '';
  const command = { kind: 'exec', argv: ['/usr/bin/env'] } as const;
  const onOutput: ShortCommand['onOutput'] = (_, chunk) => {
    said += chunk.toString();
  };
  await run(t, { command, env: { ONLY: 'this' }, onOutput });
  assert.equal(said, 'ONLY=this\n');
});

test('an abort kills its whole group, and it has ended then', async (t) => {
  const controller = new AbortController();
  let child = 0;
  const onOutput: ShortCommand['onOutput'] = (_, chunk) => {
    child = Number(chunk.toString());
    controller.abort();
  };
  const script = 'trap "" TERM; sleep 1000 & echo $!; wait';
  assert.deepEqual(await run(t, { ...shell(script), onOutput }, controller.signal), {
    kind: 'signal',
    signal: 'SIGKILL',
  });
  // It is reaped by whoever adopted it; until then it is there, and dead.
  assert.deepEqual(livingStats([child]), []);
});

test('G9: of a group that is killed nothing runs any more when it has ended, however many there are', async (t) => {
  const controller = new AbortController();
  let said = '';
  const onOutput: ShortCommand['onOutput'] = (_, chunk) => {
    said += chunk.toString();
    if (said.endsWith('all\n')) controller.abort();
  };
  const script = 'i=0; while [ $i -lt 150 ]; do sleep 1000 & echo $!; i=$((i+1)); done; echo all; wait';
  await run(t, { ...shell(script), onOutput }, controller.signal);
  const children = said.trim().split('\n').slice(0, -1).map(Number);
  assert.equal(children.length, 150);
  assert.deepEqual(livingStats(children), []);
});

test('who inherited its output is not waited for', async (t) => {
  let pid = 0;
  const onOutput: ShortCommand['onOutput'] = (_, chunk) => {
    pid = Number(chunk.toString());
  };
  const end = await run(t, {
    command: { kind: 'exec', argv: [programPath('leave-grandchild.sh')] },
    onOutput,
  });
  assert.deepEqual(end, { kind: 'code', code: 0 });
  assert.ok(isAlive(pid));
  process.kill(pid, 'SIGKILL');
});

test('given up before it began, it is not run', async (t) => {
  const end = await run(t, shell('echo no'), AbortSignal.abort());
  assert.deepEqual(end, { kind: 'failed', message: 'it was given up before it began' });
});

test('a command that cannot be started says why', async (t) => {
  const missing = await run(t, { command: { kind: 'exec', argv: ['no-such-program'] } });
  assert.deepEqual(missing, {
    kind: 'failed',
    message: '"no-such-program" is not on the PATH; install it, or give its whole path',
  });
  const nowhere = await run(t, { cwd: '/no/such/folder' });
  assert.deepEqual(nowhere, {
    kind: 'failed',
    message: 'its folder "/no/such/folder" does not exist; create it, or change "cwd"',
  });
  const nul = await run(t, { command: { kind: 'exec', argv: ['true', '\0'] } });
  assert.deepEqual(nul, {
    kind: 'failed',
    message: 'argument 1 of its command contains a NUL character; remove it',
  });
});
