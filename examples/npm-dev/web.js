import { createServer } from 'node:http';

const server = createServer(async (_request, response) => {
  const { visits } = await (await fetch(`${process.env.API_URL}/visits`)).json();
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end(`<p>Hello, visitor number ${visits}.</p>\n`);
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => {
  console.log(`open http://127.0.0.1:${process.env.PORT}`);
});
process.once('SIGTERM', () => server.close());
