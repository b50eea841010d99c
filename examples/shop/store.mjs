// A tiny database: tables of JSON rows over HTTP, kept in a journal that is read again at the start.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const journal = join(process.env.SHOP_DATA, 'journal.jsonl');
const tables = new Map();

function apply({ table, row }) {
  if (!tables.has(table)) tables.set(table, new Map());
  if (row) tables.get(table).set(row.id, row);
}

function write(change) {
  appendFileSync(journal, `${JSON.stringify(change)}\n`);
  apply(change);
  return change.row ?? {};
}

const routes = {
  PUT: (table) => write({ table }),
  GET: (table, _id, query) => {
    const rows = [...tables.get(table).values()];
    return rows.filter((row) => [...query].every(([key, value]) => row[key] === value));
  },
  POST: (table, _id, _query, row) => write({ table, row: { id: tables.get(table).size + 1, ...row } }),
  PATCH: (table, id, _query, part) =>
    write({ table, row: { ...tables.get(table).get(Number(id)), ...part, id: Number(id) } }),
};

mkdirSync(process.env.SHOP_DATA, { recursive: true });
const lines = existsSync(journal) ? readFileSync(journal, 'utf8').trimEnd().split('\n') : [];
for (const line of lines.filter(Boolean)) apply(JSON.parse(line));

async function answer(request) {
  const { pathname, searchParams } = new URL(request.url, 'http://store');
  const [, table, id] = pathname.split('/');
  const route = routes[request.method];
  if (!route || (request.method !== 'PUT' && !tables.has(table))) throw new Error(`no ${pathname}`);
  const body = request.method === 'GET' ? '' : await text(request);
  return route(table, id, searchParams, JSON.parse(body || '{}'));
}

const server = createServer(async (request, response) => {
  const [status, body] = await answer(request).then(
    (found) => [200, found],
    (error) => [400, { error: error.message }],
  );
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});

server.on('error', (error) => {
  console.error(`cannot open: ${error.message}`);
  process.exitCode = 1;
});
server.listen(new URL(process.env.STORE_URL).port, '127.0.0.1', () => {
  console.log(`open, with ${tables.get('orders')?.size ?? 0} orders in ${process.env.SHOP_DATA}`);
});
// What is being answered is answered; then nothing holds the process any more.
process.once('SIGTERM', () => server.close(() => console.log('closed')));
