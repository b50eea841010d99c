/**
 * The services of a shop: database -> cache -> api, a queue with two workers between the api and the database, and a
 * customer.
 *
 * Each lives in its `run`: it calls `started` when it is ready, and returns when it was asked to stop and has finished.
 * In which order they come and go is nobody's affair here: it follows from `dependsOn`.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { defineService } from 'orderlyd';
import { Queue, sleep, taskGroup, untilAborted } from 'orderlyd/concurrency';
import { Database } from './database.mjs';

/** @typedef {{ id: number, item: string }} Order */
/** @template V @typedef {import('orderlyd').ServiceDefinition<V>} Definition */

/** A new one, with an account of what comes in and what becomes of it. */
export function createShop({ pauseMs = 5, workMs = 10 } = {}) {
  const checks = { database: 0, cache: 0, api: 0 };
  const account = { accepted: 0, worked: 0, stored: 0, checks };

  /** @type {Definition<{ orders: Database }>} */
  const database = defineService({
    name: 'database',
    async run({ started, shutdown }) {
      const orders = new Database();
      await orders.open();
      started({ orders });
      await untilAborted(shutdown);
    },
    // However it ended.
    async cleanup({ reported }) {
      account.stored = reported?.orders.size ?? 0;
      await reported?.orders.close();
    },
    health: {
      interval: '200ms',
      async check({ reported }) {
        await reported.orders.find(1);
        checks.database += 1;
      },
    },
  });

  /** @type {Definition<{ jobs: Queue<Order> }>} */
  const queue = defineService({
    name: 'queue',
    async run({ started, shutdown }) {
      started({ jobs: new Queue(10) });
      await untilAborted(shutdown);
    },
  });

  /** @type {Definition<{ find: (id: number) => Promise<string | undefined> }>} */
  const cache = defineService({
    name: 'cache',
    dependsOn: [database],
    async run({ values, started, shutdown }) {
      const { orders } = values(database);
      /** @type {Map<number, string>} */
      const known = new Map();
      started({
        async find(id) {
          const item = known.get(id) ?? (await orders.find(id));
          if (item !== undefined) known.set(id, item);
          return item;
        },
      });
      await untilAborted(shutdown);
    },
    health: {
      interval: '200ms',
      async check({ reported }) {
        await reported.find(1);
        checks.cache += 1;
      },
    },
  });

  /** Works until the queue is closed and empty; whichever is asked to stop first closes it for both. */
  const worker = (/** @type {string} */ name) =>
    defineService({
      name,
      dependsOn: [queue, database],
      async run({ values, started, shutdown }) {
        const { jobs } = values(queue);
        // It may have been asked to stop before it came to run: then no listener hears of it.
        if (shutdown.aborted) jobs.close();
        else shutdown.addEventListener('abort', () => jobs.close());
        started();
        for await (const { id, item } of jobs) {
          await sleep(workMs);
          await values(database).orders.insert(id, item);
          account.worked += 1;
        }
      },
    });
  const workers = [worker('worker-1'), worker('worker-2')];

  /** @type {Definition<{ url: string }>} */
  const api = defineService({
    name: 'api',
    dependsOn: [cache, ...workers],
    async run({ values, started, shutdown }) {
      const { jobs } = values(queue);
      /** @type {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => Promise<void>} */
      const answer = async (request, response) => {
        const id = Number(request.url?.slice(1));
        if (request.method === 'POST') {
          // While the queue is full the customer waits: nothing is refused, and nothing piles up.
          await jobs.put({ id, item: `item ${id}` });
          account.accepted += 1;
          response.writeHead(202).end();
        } else {
          const item = await values(cache).find(id);
          response.writeHead(item === undefined ? 404 : 200).end(item);
        }
      };
      // Each request is a task of the group, which ends when all of them have: also those whose client has gone.
      await taskGroup(async (group) => {
        const server = createServer((request, response) => {
          group.startSoon(() => answer(request, response), { name: `${request.method} ${request.url}` });
        });
        await once(server.listen(0, '127.0.0.1'), 'listening');
        const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
        started({ url: `http://127.0.0.1:${port}` });
        await untilAborted(shutdown);
        // What is under way is answered, and nothing new is taken.
        await once(server.close(), 'close');
      });
    },
    health: {
      interval: '200ms',
      async check({ reported, signal }) {
        await fetch(`${reported.url}/1`, { signal });
        checks.api += 1;
      },
    },
  });

  const customer = defineService({
    name: 'customer',
    dependsOn: [api],
    async run({ values, started, shutdown }) {
      started();
      for (let id = 1; !shutdown.aborted; id++) {
        await fetch(`${values(api).url}/${id}`, { method: 'POST' });
        await sleep(pauseMs);
      }
    },
  });

  return { services: [customer, api, ...workers, cache, queue, database], account };
}
