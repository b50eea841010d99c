import assert from 'node:assert/strict';
import { test } from 'node:test';
import { now } from '../../../../src/concurrency/index.ts';
import { createReadinessProbe } from '../../../../src/conditions/create-readiness-probe.ts';
import { createFakePorts } from '../../../support/fake-ports.ts';
import { condition, contextOf, failed, held, inVirtualTime, probe } from '../probing.ts';

test('file holds once the path exists', async () => {
  const { reading } = await probe(condition({ kind: 'file', path: '/run/db.pid' }), ({ files }) =>
    files.appear('/run/db.pid', 100),
  );
  assert.deepEqual(reading, held('file /run/db.pid exists after 163 ms'));
});

test('a relative path begins at the folder of the service, and is filled in', async () => {
  const path = ['run/', { service: 'db', value: 'id' }, '.sock'];
  const { reading } = await probe(condition({ kind: 'file', path }), ({ files }) =>
    files.appear('/srv/db/run/<db.id>.sock', 0),
  );
  assert.deepEqual(reading, held('file /srv/db/run/<db.id>.sock exists after 0 ms'));
});

test('a file that vanished again does not hold', async () => {
  const { reading } = await probe(
    condition({ kind: 'file', path: '/a' }, { successes: 2, intervalMs: 100, withinMs: 1_000 }),
    ({ files }) => {
      files.appear('/a', 0);
      files.vanish('/a', 50);
    },
  );
  assert.deepEqual(reading, failed('not ready within 1 s: file /a: does not exist'));
});

test('a file system that never answers is left at the limit of the attempt and at the deadline', async () => {
  await inVirtualTime(async () => {
    const ports = createFakePorts();
    const hanging = {
      ...ports,
      files: { ...ports.files, find: () => new Promise<never>(() => undefined) },
    };
    const probe = createReadinessProbe(
      condition({ kind: 'file', path: '/nfs/a' }, { withinMs: 2_500 }),
      contextOf(hanging),
    );
    const why = 'not ready within 2.5 s: file /nfs/a: no answer of the file system within 1 s';
    assert.deepEqual(await probe.wait(), failed(why));
    assert.equal(now(), 2_500);
  });
});

test('a socket that nobody listens at any more does not hold, until somebody does', async () => {
  const { reading } = await probe(condition({ kind: 'file', path: '/run/db.sock' }), ({ files, network }) => {
    files.appear('/run/db.sock', 0);
    files.beSocket('/run/db.sock');
    network.answer('/run/db.sock', { kind: 'accept', heldBy: 'somebody' }, 100);
  });
  assert.deepEqual(reading, held('file /run/db.sock exists after 163 ms'));
});

test('the sentence of the deadline says that nobody listens', async () => {
  const { reading } = await probe(
    condition({ kind: 'file', path: '/run/db.sock' }, { withinMs: 1_000 }),
    ({ files, network }) => {
      files.appear('/run/db.sock', 0);
      files.beSocket('/run/db.sock');
      network.answer('/run/db.sock', { kind: 'refuse', detail: 'nobody listens at this socket' }, 0);
    },
  );
  assert.deepEqual(reading, failed('not ready within 1 s: file /run/db.sock: nobody listens at this socket'));
});
