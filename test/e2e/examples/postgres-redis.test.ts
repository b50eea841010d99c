import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { exampleFolder } from '../../support/example-folder.ts';
import { examplePath } from '../../support/example-path.ts';
import { freePorts } from '../../support/free-port.ts';
import { needs } from '../../support/needs.ts';
import { type OrderlyEnd, type OrderlyRun, runOrderly } from '../../support/run-orderly.ts';
import { assertOrder, story } from '../../support/story.ts';

interface Answer {
  readonly hits: number;
  readonly orders: readonly { readonly id: number; readonly item: string }[];
}

async function start(t: TestContext, folder: string): Promise<OrderlyRun & { readonly url: string }> {
  const ports = await freePorts('DB_PORT', 'CACHE_PORT', 'API_PORT');
  const run = runOrderly(t, {
    args: ['up', '-f', examplePath('postgres-redis/supervisor.yaml'), '--output', 'json'],
    env: { ...ports, DATA_DIR: join(folder, 'data') },
  });
  await run.event('service.ready', { service: 'api' });
  return Object.assign(run, { url: `http://127.0.0.1:${ports.API_PORT}/orders` });
}

async function ask(url: string, options?: RequestInit): Promise<unknown> {
  const response = await fetch(url, options);
  assert.equal(response.status, 200, await response.clone().text());
  return response.json();
}

const said = ({ events }: OrderlyEnd, service: string, what: string): boolean =>
  events.some((event) => event.type === 'log' && event.service === service && event.text.includes(what));

const skip = needs('postgres', 'redis-server');

test('PostgreSQL and Redis are up before the API and down after it, cleanly, and keep what they were told', {
  skip,
}, async (t) => {
  const folder = exampleFolder(t);
  const item = "a moka pot, 'the big one'";

  const first = await start(t, folder);
  await ask(first.url, { method: 'POST', body: JSON.stringify({ item }) });
  const answer = (await ask(first.url)) as Answer;
  assert.equal(answer.hits, 1);
  assert.equal(answer.orders.at(-1)?.item, item);
  first.signal('SIGTERM');
  const end = await first.ended;
  assertCleanRun(end);
  assert.ok(said(end, 'init', 'made a database'));

  const second = await start(t, folder);
  assert.deepEqual(await ask(second.url), { hits: 2, orders: answer.orders });
  second.signal('SIGTERM');
  const secondEnd = await second.ended;
  assertCleanRun(secondEnd);
  assert.ok(said(secondEnd, 'init', 'found the database'));
});

function assertCleanRun(end: OrderlyEnd): void {
  assert.equal(end.status, 143);
  assert.deepEqual(end.stderr, []);
  const told = story(end.events);
  assertOrder(told, 'init completed', 'db starting', 'db ready', 'migrate starting', 'migrate completed');
  assertOrder(told, 'migrate completed', 'api starting');
  assertOrder(told, 'cache ready', 'api starting');
  assertOrder(told, 'shutdown requested', 'api stopping', 'api stopped', 'db stopping', 'db stopped');
  assertOrder(told, 'api stopped', 'cache stopping', 'cache stopped');
  assert.ok(!told.some((word) => word.endsWith('killed')));
  assert.ok(said(end, 'db', 'database system is shut down'));
  assert.ok(said(end, 'cache', 'bye bye'));
}

/** Real servers are the point of this example: without them nothing is tested, and that is a failure. */
