// GET /orders from PostgreSQL, POST /orders into it; Redis counts how often they were asked for.
// Without a package: queries go through psql, commands for Redis over a socket, as one would type them.
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { json, text } from 'node:stream/consumers';

/** One statement with :'names' in it; resolves with the JSON that it selects. */
function sql(statement, values = {}) {
  const variables = Object.entries(values).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const psql = ['psql', '--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set', 'ON_ERROR_STOP=1'];
  return new Promise((resolve, reject) => {
    const child = execFile('./as', ['postgres', ...psql, ...variables], (error, stdout, stderr) =>
      error ? reject(new Error(stderr.trim() || error.message)) : resolve(JSON.parse(stdout)),
    );
    child.stdin.end(statement);
  });
}

/** A command as one line, and the line of its answer (https://redis.io/docs/latest/develop/reference/protocol-spec). */
async function redis(command) {
  const socket = connect(Number(process.env.CACHE_PORT), '127.0.0.1');
  socket.write(`${command}\r\nQUIT\r\n`);
  const [reply] = (await text(socket)).split('\r\n');
  if (reply.startsWith('-')) throw new Error(reply.slice(1));
  return reply.slice(1);
}

const routes = {
  'GET /health': async () => ({ db: await sql('SELECT 1'), cache: await redis('PING') }),
  'GET /orders': async () => ({
    hits: Number(await redis('INCR hits')),
    orders: await sql(`SELECT coalesce(json_agg(o ORDER BY id), '[]') FROM orders o`),
  }),
  'POST /orders': async (request) => {
    const { item } = await json(request);
    return sql(`INSERT INTO orders (item) VALUES (:'item') RETURNING to_json(orders)`, { item });
  },
};

const server = createServer(async (request, response) => {
  const route = routes[`${request.method} ${request.url}`];
  const [status, body] = await (route?.(request) ?? Promise.reject(new Error('no such page'))).then(
    (found) => [200, found],
    (error) => [route ? 500 : 404, { error: error.message }],
  );
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
});

server.listen(Number(process.env.API_PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${process.env.API_PORT}`);
});
process.once('SIGTERM', () => server.close(() => console.log('the last answer is out')));
