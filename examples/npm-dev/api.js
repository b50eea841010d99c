import { createServer } from 'node:http';

let visits = 0;
const pages = {
  '/health': () => ({ ok: true }),
  '/visits': () => ({ visits: ++visits }),
};

const server = createServer((request, response) => {
  const page = pages[request.url];
  response.writeHead(page ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(page?.() ?? { error: 'no such page' }));
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', () => server.close());
