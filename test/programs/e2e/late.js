#!/usr/bin/env node
// Becomes ready 300 ms after its start, in the way its first argument names; just before, it leaves the file "b.stamp".
import { writeFileSync, writeSync } from 'node:fs';
import { createServer as createWeb } from 'node:http';
import { createServer } from 'node:net';

const [way, host, port] = process.argv.slice(2);
const ways = {
  tcp: () => createServer().listen(Number(port), host),
  http: () => createWeb((_, response) => response.end()).listen(Number(port), host),
  log: () => console.log('listening on 127.0.0.1:4711'),
  file: () => writeFileSync('b.ready', ''),
  fd: () => writeSync(3, '{"port":4711}\n'),
  node: () => process.send({ type: 'ready', values: { port: 4711 } }),
};
setTimeout(() => ways[way](writeFileSync('b.stamp', '')), 300);
setInterval(() => {}, 1e9);
