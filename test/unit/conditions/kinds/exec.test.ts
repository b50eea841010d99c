import assert from 'node:assert/strict';
import { test } from 'node:test';
import { now } from '../../../../src/concurrency/index.ts';
import { createReadinessProbe } from '../../../../src/conditions/create-readiness-probe.ts';
import { createFakePorts } from '../../../support/fake-ports.ts';
import { condition, contextOf, failed, held, inVirtualTime, probe } from '../probing.ts';

const exec = condition({ kind: 'exec', command: { kind: 'exec', argv: ['pg_isready', '-q'] } });

test('exec holds once the command exits with 0', async () => {
  const { reading, ports } = await probe(exec, ({ commands }) =>
    commands.script('pg_isready -q', { end: { kind: 'code', code: 2 } }, { afterMs: 30 }),
  );
  assert.deepEqual(reading, held('exec pg_isready -q exited with 0 after 50 ms'));
  assert.equal(ports.commands.records.length, 2);
});

const endings: readonly [name: string, run: object, detail: string][] = [
  ['a code', { end: { kind: 'code', code: 2 } }, 'exited with 2'],
  ['a signal', { end: { kind: 'signal', signal: 'SIGSEGV' } }, 'was ended by SIGSEGV'],
  [
    'a code with output',
    { end: { kind: 'code', code: 1 }, stderr: '\x1b[1mno response\x1b[0m\n' },
    'exited with 1: no response',
  ],
  ['hanging', { afterMs: Infinity, stdout: 'connecting…\n' }, 'had not ended within 1 s: connecting…'],
  [
    'no such command',
    { end: { kind: 'failed', message: '"x" is not on the PATH' } },
    '"x" is not on the PATH',
  ],
];

for (const [name, run, detail] of endings) {
  test(`exec that ends as ${name} tells it at the deadline`, async () => {
    const { reading, atMs } = await probe({ ...exec, withinMs: 3_000 }, ({ commands }) =>
      commands.script('pg_isready -q', run),
    );
    assert.deepEqual(reading, failed(`not ready within 3 s: exec pg_isready -q: ${detail}`));
    assert.equal(atMs, 3_000);
  });
}

test('the output of an earlier attempt does not stick to a later one', async () => {
  const { reading } = await probe({ ...exec, withinMs: 3_000 }, ({ commands }) =>
    commands.script(
      'pg_isready -q',
      { end: { kind: 'code', code: 1 }, stderr: 'first\n' },
      { end: { kind: 'code', code: 1 } },
    ),
  );
  assert.deepEqual(reading, failed('not ready within 3 s: exec pg_isready -q: exited with 1'));
});

test('a command is killed at its limit, and the next is run only when the first is dead', async () => {
  const { reading, ports } = await probe({ ...exec, intervalMs: 100 }, ({ commands }) =>
    commands.script('pg_isready -q', { afterMs: Infinity, killMs: 40 }, {}),
  );
  assert.deepEqual(reading, held('exec pg_isready -q exited with 0 after 1.1 s'));
  assert.deepEqual(
    ports.commands.records.map(({ startedMs, endedMs, killed }) => [startedMs, endedMs, killed]),
    [
      [0, 1_040, true],
      [1_140, 1_140, false],
    ],
  );
});

test('the deadline kills the command, and the reading waits until it is dead', async () => {
  const { atMs, ports } = await probe({ ...exec, withinMs: 500 }, ({ commands }) =>
    commands.script('pg_isready -q', { afterMs: Infinity, killMs: 40 }),
  );
  assert.equal(atMs, 540);
  assert.deepEqual([ports.commands.records[0]?.endedMs, ports.commands.records[0]?.killed], [540, true]);
});

test('the command runs in the folder and the environment of the service, filled in', async () => {
  await inVirtualTime(async () => {
    const ports = createFakePorts();
    ports.commands.script('test -e <db.path>', { stdout: 'hello' });
    const seen: string[] = [];
    const probe = createReadinessProbe(
      condition({
        kind: 'exec',
        command: { kind: 'shell', script: ['test -e ', { service: 'db', value: 'path' }] },
      }),
      contextOf(ports, { onProbeOutput: (stream, chunk) => seen.push(`${stream} ${chunk}`) }),
    );
    assert.deepEqual(await probe.wait(), held('exec test -e <db.path> exited with 0 after 0 ms'));
    assert.equal(now(), 0);
    assert.equal(ports.commands.records[0]?.command.cwd, '/srv/db');
    assert.deepEqual(ports.commands.records[0]?.command.env, { PATH: '/bin' });
    assert.deepEqual(seen, ['stdout hello']);
  });
});
