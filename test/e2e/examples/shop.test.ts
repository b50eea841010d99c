import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { exampleFolder } from '../../support/example-folder.ts';
import { examplePath } from '../../support/example-path.ts';
import { freePorts } from '../../support/free-port.ts';
import { type OrderlyRun, runOrderly } from '../../support/run-orderly.ts';
import { assertOrder, story } from '../../support/story.ts';

const services = ['store', 'migrate', 'api', 'shipping', 'mailer', 'customer'];

/** Open, and its only customer has ordered and left: what comes then comes from the test. */
async function openShop(t: TestContext, folder: string): Promise<OrderlyRun & { readonly url: string }> {
  const run = runOrderly(t, {
    args: ['up', '-f', examplePath('shop/supervisor.yaml'), '--output', 'json'],
    cwd: '/',
    env: { ...(await freePorts('SHOP_STORE_PORT')), SHOP_DATA: folder, SHOP_PAUSE_MS: '1000000' },
  });
  await run.event('service.ready', { service: 'customer' });
  await run.event((event) => event.type === 'log' && event.service === 'customer');
  return Object.assign(run, { url: await apiUrl(run, 1) });
}

async function apiUrl(run: OrderlyRun, attempt: number): Promise<string> {
  const { values } = await run.event('service.ready', { service: 'api', attempt });
  assert.ok(values.url);
  return values.url;
}

async function order(url: string, customer: string): Promise<{ readonly id: number }> {
  const body = JSON.stringify({ customer, item: 'a moka pot' });
  const response = await fetch(`${url}/orders`, { method: 'POST', body });
  assert.equal(response.status, 200);
  return (await response.json()) as { id: number };
}

const mailed = (run: OrderlyRun, customer: string) =>
  run.event((event) => event.type === 'log' && event.text.endsWith(`${customer} got a mail`));

test('an order is shipped and mailed; stopped, the shop closes from the customer to the store', async (t) => {
  const folder = exampleFolder(t);
  const run = await openShop(t, folder);
  const begun = story(run.events);
  for (const service of services) assert.ok(begun.includes(`${service} starting`), service);

  const { id } = await order(run.url, 'Lin');
  await mailed(run, 'Lin');
  assert.equal(readFileSync(join(folder, 'api.url'), 'utf8'), run.url);
  run.signal('SIGTERM');
  const end = await run.ended;
  assert.equal(end.status, 143);
  assert.deepEqual(end.stderr, []);

  const told = story(end.events);
  assertOrder(told, 'store ready', 'migrate completed', 'api ready', 'mailer ready', 'customer starting');
  assertOrder(told, 'customer stopped', 'shipping stopping', 'shipping stopped', 'api stopping');
  assertOrder(told, 'customer stopped', 'mailer stopping', 'mailer stopped', 'api stopping');
  assertOrder(told, 'api stopping', 'api cleanup', 'api stopped', 'store stopping', 'store stopped');
  assert.ok(!told.some((word) => word.endsWith('killed')));
  assert.ok(!existsSync(join(folder, 'api.url')), 'the clean-up removed the address');
  assert.equal(lastState(folder, id), 'mailed');
});

test('the shop opens again with the orders it had', async (t) => {
  const folder = exampleFolder(t);
  const first = await openShop(t, folder);
  const { id } = await order(first.url, 'Lin');
  first.signal('SIGTERM');
  await first.ended;
  const second = await openShop(t, folder);
  await mailed(second, 'Lin');
  second.signal('SIGTERM');
  assert.equal((await second.ended).status, 143);
  assert.equal(lastState(folder, id), 'mailed');
});

test('an api that was killed is started again, and who worked for it finds the new one', async (t) => {
  const run = await openShop(t, exampleFolder(t));
  const { pid } = await run.event('service.starting', { service: 'api' });
  process.kill(pid ?? 0, 'SIGKILL');
  const url = await apiUrl(run, 2);
  assert.notEqual(url, run.url);
  await order(url, 'Lin');
  await mailed(run, 'Lin');
  run.signal('SIGTERM');
  const end = await run.ended;
  assert.equal(end.status, 143);
  assertOrder(story(end.events), 'api exited', 'api cleanup', 'api backoff');
});

/** What the store's journal says; every line of it must be whole. */
function lastState(folder: string, id: number): unknown {
  const lines = readFileSync(join(folder, 'journal.jsonl'), 'utf8').trimEnd().split('\n');
  const changes = lines.map((line) => JSON.parse(line));
  return changes.findLast(({ table, row }) => table === 'orders' && row?.id === id)?.row.state;
}
