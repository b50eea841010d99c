/**
 * A main process whose end can't be known, since it was no child of the supervisor: nothing is made up about it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleEdge, sampleService } from '../support/sample-config.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { simulate } from '../support/simulation.ts';

const unknown = { kind: 'unknown' } as const;
const db = sampleService('db', { cleanup: [{ run: { kind: 'shell', script: 'clean' }, timeoutMs: 1000 }] });
const sigterm = { atMs: 5000, request: { kind: 'signal', signal: 'SIGTERM' } } as const;

test('G8 an end that nobody asked for and that can not be known is a failure, and says so', async () => {
  const services = [{ ...db, restart: { ...db.restart, policy: 'no' as const } }];
  const seen = await simulate({ services, behave: () => ({ endsAfterMs: 100, exit: unknown }) });
  const failed = seen.events.find((event) => event.type === 'service.failed');
  assert.match(failed?.cause ?? '', /^ended, and how can't be known .* after 100 ms$/);
  const exited = seen.events.find((event) => event.type === 'service.exited');
  assert.deepEqual([exited && 'code' in exited, exited && 'signal' in exited], [false, false]);
  const { env } = seen.commands[0]!.command;
  assert.deepEqual([env.ORDERLY_EXIT_CODE, env.ORDERLY_EXIT_SIGNAL], [undefined, undefined]);
  assert.equal(seen.outcome.status, 1);
});

test('it is restarted as after any failure', async () => {
  const behave = (_: string, attempt: number): Behaviour =>
    attempt === 1 ? { endsAfterMs: 100, exit: unknown } : {};
  const seen = await simulate({ services: [db], behave, requests: [sigterm] });
  assert.equal(seen.log.filter(({ what }) => what === 'spawn').length, 2);
});

test('G8 during a shutdown it has been stopped, like what ends by a stop signal', async () => {
  const api = sampleService('api', { dependsOn: [sampleEdge('db')] });
  const behave = (service: string): Behaviour =>
    service === 'db' ? { endsAfterMs: 5100, exit: unknown } : { obeysAfterMs: 500 };
  const seen = await simulate({
    services: [sampleService('db'), api],
    behave,
    requests: [sigterm],
  });
  assert.equal(seen.outcome.status, 143);
});
