// Ready when the port is open; to services that depend on this one, called web, it is `${web.port}`.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { started } from 'orderlyd/service';

const server = createServer((_, response) => response.end('hello'));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  started({ port });
  console.log(port > 0); // prints: true
  server.close();
});
