// PUT /name keeps what is sent, as a file; GET / lists what is there.
import { createWriteStream, mkdirSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const folder = process.env.UPLOADS;
mkdirSync(folder, { recursive: true });

const server = createServer(async (request, response) => {
  const name = basename(request.url);
  if (request.method === 'PUT' && name) {
    await pipeline(request, createWriteStream(join(folder, name)));
    response.writeHead(201).end();
  } else {
    response.end(
      readdirSync(folder)
        .map((file) => `${file}\n`)
        .join(''),
    );
  }
});
// In a container the world comes from outside of it: all addresses, not only 127.0.0.1.
server.listen(Number(process.env.PORT), '0.0.0.0', () =>
  console.log(`listening on port ${process.env.PORT}`),
);
process.once('SIGTERM', () => server.close(() => console.log('the last upload is in')));
