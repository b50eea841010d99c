/**
 * Edges that react, with real processes: what relies on something that dies is gone, cleaned up, before that is there
 * again, and gets its new values.
 *
 * ORDERLY_DIAMOND_KILLS says how often the bottom of the diamond is killed, ORDERLY_SEED when.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { programPath } from '../support/programs.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';
import { assertOrder, story } from '../support/story.ts';

const newPort = programPath('e2e/new-port-each-time.sh');
const KILLS = Number(process.env.ORDERLY_DIAMOND_KILLS ?? 10);

/** The services that are ready now. */
function readyIn(events: readonly OrderlyEvent[]): ReadonlySet<string> {
  const ready = new Set<string>();
  for (const event of events) {
    if (event.type === 'service.ready') ready.add(event.service);
    else if (event.type === 'service.exited' || event.type === 'service.stopping')
      ready.delete(event.service);
  }
  return ready;
}

/** Kills the main process of the instance that runs now; resolves with its number. */
async function kill(run: OrderlyRun, service: string): Promise<number> {
  const latest = run.events.findLast(
    (event) => event.type === 'service.starting' && event.service === service,
  );
  assert.ok(latest?.type === 'service.starting' && latest.pid !== undefined);
  process.kill(latest.pid, 'SIGKILL');
  await run.event('service.exited', { service, attempt: latest.attempt });
  return latest.attempt;
}

suite('losses', { concurrency: 3, timeout: 120_000 }, () => {
  test('G1 G2: a port that has changed reaches who is started again; who keeps running is told', async (t) => {
    const config = `
services:
  db:
    command: [${newPort}]
    ready: { log: 'listening on (?<port>\\d+)' }
    restart: { delay: 10ms }
  api:
    command: 'echo "uses $PORT"; exec sleep 1000'
    env: { PORT: "\${db.port}" }
    depends_on: { db: { on_loss: restart } }
    ready: { log: uses }
    cleanup: echo cleaned
  web:
    command: 'echo "uses $PORT"; exec sleep 1000'
    env: { PORT: "\${db.port}" }
    depends_on: [db]
`;
    const run = runOrderly(t, { config });
    await run.event('log', { service: 'api', text: 'uses 1' });
    await run.event('service.ready', { service: 'web' });
    await run.event('service.ready', { service: 'api' });
    await kill(run, 'db');
    await run.event('log', { service: 'api', text: 'uses 2' });
    await run.event('service.ready', { service: 'api', attempt: 2 });
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assert.equal(story(end.events, 'service.starting').filter((word) => word === 'web starting').length, 1);
    const stopping = end.events.find((event) => event.type === 'service.stopping');
    assert.match(
      stopping?.type === 'service.stopping' ? stopping.reason : '',
      /^"db" was lost: was killed by SIGKILL after /,
    );
    const note = end.events.find((event) => event.type === 'service.note');
    assert.match(
      note?.type === 'service.note' ? `${note.service}: ${note.text}` : '',
      /^web: still uses "1" for \$\{db\.port\}, which "db" has changed to "2": .* on_loss: restart$/,
    );
    assertOrder(
      story(end.events).slice(story(end.events).indexOf('db exited')),
      'api stopping',
      'api exited',
      'api cleanup',
      'api pending',
      'db starting',
      'db ready',
      'api starting',
    );
  });

  test('a person is told why it stops and what it waits for', async (t) => {
    const config = `
services:
  db: { command: exec sleep 1000, restart: { delay: 400ms, jitter: 0 } }
  api: { command: exec sleep 1000, depends_on: { db: { on_loss: restart } } }
  web: { command: exec sleep 1000, depends_on: { api: { on_loss: stop } } }
`;
    const run = runOrderly(t, { config, args: ['up', '--record', 'run.jsonl'] });
    await run.line(/web: ready/);
    const record = readFileSync(`${run.folder}/run.jsonl`, 'utf8').trim().split('\n');
    const db = record
      .map((line) => JSON.parse(line) as OrderlyEvent)
      .find((event) => event.type === 'service.starting' && event.service === 'db');
    assert.ok(db?.type === 'service.starting' && db.pid);
    process.kill(db.pid, 'SIGKILL');
    await run.line(/web: stopping: "api" was lost: "db" was lost: was killed by SIGKILL after/);
    await run.line(/web: stopped/);
    await run.line(/api: waiting for "db" to be ready, to start again/);
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });

  test(`G1 G2 G3: a diamond whose bottom is killed ${KILLS} times at random moments`, async (t) => {
    const seed = Number(process.env.ORDERLY_SEED ?? Date.now() % 1_000_000);
    t.diagnostic(`ORDERLY_SEED=${seed}`);
    let state = seed;
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state / 2_147_483_648;
    };
    const config = `
defaults: { restart: { delay: 20ms, max_delay: 60ms, max: 0 }, cleanup: "true" }
services:
  db: { command: 'echo up; exec sleep 1000', ready: { log: up } }
  a: { command: 'echo up; exec sleep 1000', ready: { log: up }, depends_on: { db: { on_loss: restart } } }
  b: { command: 'echo up; exec sleep 1000', ready: { log: up }, depends_on: { db: { on_loss: restart, after: 100ms } } }
  top: { command: exec sleep 1000, depends_on: { a: { on_loss: restart }, b: { on_loss: restart, condition: started } } }
  aside: { command: exec sleep 1000, depends_on: [db] }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'top' });
    for (let killed = 0; killed < KILLS; killed++) {
      // Not a wait for anything: the moment of the kill is what is random.
      await pause(random() * 300);
      const attempt = await kill(run, 'db');
      await run.event('service.ready', { service: 'db', attempt: attempt + 1 });
    }
    await run.event((event) => readyIn([...run.events.slice(0, event.seq)]).size === 5);
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    const starts = story(end.events, 'service.starting');
    assert.equal(starts.filter((word) => word === 'db starting').length, KILLS + 1);
    assert.equal(starts.filter((word) => word === 'aside starting').length, 1);
    assert.ok(end.events.every((event) => event.type !== 'service.backoff' || event.service === 'db'));
  });
});
