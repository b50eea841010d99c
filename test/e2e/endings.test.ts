/**
 * `on_end: shutdown` with real processes: the end of one service is the end of all, and its status is what the record says.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { runOrderly } from '../support/run-orderly.ts';

suite('an end that is to end everything', { concurrency: 4, timeout: 20_000 }, () => {
  for (const [code, status, cause] of [
    [0, 0, '"test" has ended'],
    [7, 1, '"test" failed: exited with code 7'],
  ] as const)
    test(`G2 G8: one that ends with ${code} takes everything down in order, with status ${status}`, async (t) => {
      const config = `
services:
  db: { command: exec sleep 1000, cleanup: [echo db is cleaned up] }
  test: { command: exit ${code}, depends_on: [db], on_end: shutdown, restart: "no" }
`;
      const end = await runOrderly(t, { config }).ended;
      assert.equal(end.status, status);
      const finished = end.events.at(-1);
      assert.ok(finished?.type === 'run.finished' && finished.cause.startsWith(cause), finished?.type);
      const order = end.events.flatMap((event) =>
        ['service.exited', 'service.stopping', 'service.stopped'].includes(event.type) && 'service' in event
          ? [`${event.service} ${event.type}`]
          : [],
      );
      assert.deepEqual(order, [
        'test service.exited',
        'db service.stopping',
        'db service.exited',
        'db service.stopped',
      ]);
    });

  test('G8: on a terminal or in a pipe it is said why', async (t) => {
    const config = `
services:
  db: { command: exec sleep 1000 }
  test: { type: task, command: 'true', depends_on: [db], on_end: shutdown }
`;
    const { status, stdout, stderr } = await runOrderly(t, { config, args: ['up', '--output', 'text'] })
      .ended;
    assert.equal(status, 0);
    const said = [...stdout, ...stderr].join('\n');
    assert.match(said, /stopping: "test" has ended; 1 service, at most /);
  });

  test('a reload that gives the wish counts for the instance that runs', async (t) => {
    const config = (end: string) => `
services:
  db: { command: exec sleep 1000 }
  web: { command: 'until test -e done; do sleep 0.02; done'${end} }
`;
    const run = runOrderly(t, { config: config('') });
    await run.event('service.ready', { service: 'web' });
    writeFileSync(join(run.folder, 'supervisor.yaml'), config(', on_end: shutdown'));
    assert.equal((await runOrderly(t, { args: ['reload'], cwd: run.folder }).ended).status, 0);
    writeFileSync(join(run.folder, 'done'), '');
    const end = await run.ended;
    assert.equal(end.status, 0);
    assert.equal(end.events.filter(({ type }) => type === 'service.starting').length, 2);
  });
});
