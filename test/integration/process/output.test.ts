import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProcessLab } from '../../support/process-lab.ts';
import { programPath } from '../../support/programs.ts';

const shell = (script: string) => ({ kind: 'shell', script }) as const;

test('a script may open its output by name', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, output } = await lab.launch(
    shell('echo out > /dev/stdout; echo err > /dev/stderr; echo end'),
  );
  assert.deepEqual(await instance.exited, { kind: 'code', code: 0 });
  assert.deepEqual(output, { stdout: 'out\nend\n', stderr: 'err\n' });
});

test('so it may as another user', { skip: process.getuid?.() !== 0 && 'needs root' }, async (t) => {
  const lab = await createProcessLab(t);
  const program = 'process.setgroups([]); process.setgid(65534); process.setuid(65534);';
  const say = `require('node:child_process').spawnSync('sh', ['-c', 'id -u > /dev/stderr'], { stdio: 'inherit' })`;
  const { instance, output } = await lab.launch([process.execPath, '-e', program + say]);
  await instance.exited;
  assert.equal(output.stderr, '65534\n');
});

/** What a process that has given up its rights may do with descriptors that it inherited, a word each. */
const TRIES = `
const fs = require('node:fs');
process.setgroups([]); process.setgid(65534); process.setuid(65534);
const attempt = (fd, flags) => {
  try { fs.closeSync(fs.openSync('/proc/self/fd/' + fd, flags)); return 'opened'; } catch (error) { return error.code; }
};
const fds = process.argv.slice(1).map(Number);
const tries = fds.map((fd) => [fd, ...['r', 'r+', 'w'].map((flags) => attempt(fd, flags))].join(' '));
fs.writeFileSync('/dev/stdout', tries.join('\\n') + '\\n');
`;

for (const umask of [0o000, 0o077, 0o777])
  test(`who has given up its rights can write its output anew but not read it, umask ${umask.toString(8)}`, {
    skip: process.getuid?.() !== 0 && 'needs root',
  }, async (t) => {
    const before = process.umask(umask);
    t.after(() => process.umask(before));
    const lab = await createProcessLab(t);
    process.umask(umask);
    const { instance, output } = await lab.launch([process.execPath, '-e', TRIES, '1', '2', '3'], {
      channel: 'fd',
    });
    await instance.exited;
    assert.equal(output.stdout, ['1', '2', '3'].map((fd) => `${fd} EACCES EACCES opened\n`).join(''));
    assert.equal(output.stderr, '');
  });

for (const fifos of [true, false]) {
  test(`standard input can stay open ${fifos ? '' : 'without FIFOs'}`, async (t) => {
    const lab = await createProcessLab(t, { fifos });
    const reads = 'echo up; if read -r line; then echo more; else echo end; fi';
    const { instance, output, line } = await lab.launch(['sh', '-c', reads], { stdin: 'open' });
    await line(/^up$/m);
    // Who reads the end is through by then.
    const empty = await lab.launch(['sh', '-c', reads]);
    await empty.line(/^end$/m);
    assert.equal(output.stdout, 'up\n');
    instance.ask('SIGTERM', 'group');
    assert.deepEqual(await instance.exited, { kind: 'signal', signal: 'SIGTERM' });
  });
}

test('standard input is empty', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, output } = await lab.launch(['cat']);
  assert.deepEqual(await instance.exited, { kind: 'code', code: 0 });
  assert.equal(output.stdout, '');
});

for (const fifos of [true, false]) {
  const by = fifos ? 'a FIFO' : 'a socket';

  test(`by ${by}, the last line comes out without a newline`, async (t) => {
    const lab = await createProcessLab(t, { fifos });
    const { instance, output } = await lab.launch(shell('echo first; printf last; printf error >&2'));
    await instance.exited;
    assert.deepEqual(output, { stdout: 'first\nlast', stderr: 'error' });
  });

  test(`by ${by}, what was written just before SIGKILL is passed on before the exit is`, async (t) => {
    const lab = await createProcessLab(t, { fifos });
    const { instance, output, puppet } = await lab.puppet();
    const text = `${'x'.repeat(50_000)}\nlast words`;
    puppet.orderLast('print', text);
    puppet.orderLast('die', 'SIGKILL');
    assert.deepEqual(await instance.exited, { kind: 'signal', signal: 'SIGKILL' });
    assert.equal(output.stdout, text);
  });

  test(`by ${by}, a grandchild that holds the output delays its end, not the exit`, async (t) => {
    const lab = await createProcessLab(t, { fifos });
    const { instance, output, ends } = await lab.launch([programPath('leave-grandchild.sh')]);
    assert.deepEqual(await instance.exited, { kind: 'code', code: 0 });
    assert.match(output.stdout, /^\d+\n$/);
    assert.deepEqual(ends, []);
    instance.kill();
    await instance.outputEnded;
    assert.deepEqual([...ends].sort(), ['stderr', 'stdout']);
  });

  test(`by ${by}, five megabytes arrive whole and in order`, async (t) => {
    const lab = await createProcessLab(t, { fifos });
    const { instance, output } = await lab.launch(shell('seq 1 700000; seq 1 1000 >&2'));
    await instance.exited;
    await instance.outputEnded;
    const numbers = (last: number): string =>
      Array.from({ length: last }, (_, index) => `${index + 1}\n`).join('');
    assert.ok(output.stdout === numbers(700_000), 'stdout is whole');
    assert.ok(output.stderr === numbers(1000), 'stderr is whole');
  });
}

test('disposing ends both streams once, whoever still holds them', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, ends } = await lab.launch([programPath('leave-grandchild.sh')]);
  await instance.exited;
  instance.dispose();
  await instance.outputEnded;
  instance.dispose();
  assert.deepEqual([...ends].sort(), ['stderr', 'stdout']);
});
