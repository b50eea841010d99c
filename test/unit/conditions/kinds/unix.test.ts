import assert from 'node:assert/strict';
import { test } from 'node:test';
import { condition, failed, held, probe } from '../probing.ts';

const unix = (path: string, owner: 'service' | 'any' = 'service') => ({ kind: 'unix', path, owner }) as const;

test('unix holds once a connection is accepted', async () => {
  const { reading } = await probe(condition(unix('/run/db.sock')), ({ network }) =>
    network.answer('/run/db.sock', { kind: 'accept' }, 100),
  );
  assert.deepEqual(reading, held('unix /run/db.sock after 163 ms'));
});

test('unix, a relative path begins at the folder of the service', async () => {
  const { reading } = await probe(condition(unix('run/db.sock')), ({ network }) =>
    network.answer('/srv/db/run/db.sock', { kind: 'accept' }, 0),
  );
  assert.deepEqual(reading, held('unix /srv/db/run/db.sock after 0 ms'));
});

const byAnother = { kind: 'accept', heldBy: 'process 7 (old)' } as const;

test('unix does not hold if another accepts, unless any may', async () => {
  const strict = await probe(condition(unix('/s'), { withinMs: 1_000 }), ({ network }) =>
    network.answer('/s', byAnother, 0),
  );
  assert.deepEqual(strict.reading, failed('not ready within 1 s: unix /s: held by process 7 (old)'));
  const any = await probe(condition(unix('/s', 'any')), ({ network }) => network.answer('/s', byAnother, 0));
  assert.deepEqual(any.reading, held('unix /s after 0 ms'));
});
