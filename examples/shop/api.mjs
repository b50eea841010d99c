// What the shop shows to the world. It takes any free port, and says which one.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

async function answer({ method, url }, body) {
  if (method === 'POST' && url === '/orders') {
    const order = JSON.parse(body);
    const found = await (await fetch(`${process.env.STORE_URL}/products?item=${encodeURIComponent(order.item)}`)).json();
    if (found.length === 0) return { status: 422, body: JSON.stringify({ error: `we don't sell ${order.item}` }) };
    body = JSON.stringify({ ...order, state: 'placed' });
  }
  const response = await fetch(process.env.STORE_URL + url, { method, body: body || undefined });
  return { status: response.status, body: await response.text() };
}

const server = createServer(async (request, response) => {
  try {
    const { status, body } = await answer(request, await text(request));
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${body}\n`);
  } catch (error) {
    response.writeHead(503).end(`${JSON.stringify({ error: `the store doesn't answer: ${error.message}` })}\n`);
  }
});

server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  writeFileSync(join(process.env.SHOP_DATA, 'api.url'), url); // for people and scripts; the clean-up removes it
  console.log(`listening on ${url}`);
});
process.once('SIGTERM', () => server.close());
