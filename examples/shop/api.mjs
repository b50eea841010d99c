// What the shop shows to the world. It takes any free port, and says which one.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const store = (path, options) => fetch(process.env.STORE_URL + path, options);
const reply = (status, body) => ({ status, body: JSON.stringify(body) });

async function answer({ method, url }, body) {
  if (method !== 'POST') return pass(await store(url, { method, body: body || undefined }));
  const order = JSON.parse(body);
  const [product] = await (await store(`/products?item=${encodeURIComponent(order.item)}`)).json();
  if (url !== '/orders' || !product) return reply(422, { error: `we don't sell ${order.item}` });
  return pass(await store(url, { method, body: JSON.stringify({ ...order, state: 'placed' }) }));
}

async function pass(response) {
  return { status: response.status, body: await response.text() };
}

const server = createServer(async (request, response) => {
  const { status, body } = await answer(request, await text(request)).catch((error) =>
    error instanceof SyntaxError
      ? reply(400, { error: error.message })
      : reply(503, { error: 'the store is away' }),
  );
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${body}\n`);
});

server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  writeFileSync(join(process.env.SHOP_DATA, 'api.url'), url); // for people and scripts; the clean-up removes it
  console.log(`listening on ${url}`);
});
process.once('SIGTERM', () => server.close());
