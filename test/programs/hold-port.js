#!/usr/bin/env node
// Listens at the host and port of its arguments (or any port) for TCP, or HTTP if the third one says so; says which.
// As long as the port is taken it says so, and tries again.
import { createServer as createWeb } from 'node:http';
import { createServer } from 'node:net';

const [host = '127.0.0.1', port = '0', kind = 'tcp'] = process.argv.slice(2);
const server = kind === 'http' ? createWeb((_, response) => response.end()) : createServer();
const listen = () => server.listen({ host, port: Number(port), ipv6Only: kind === 'ipv6-only' });
server.on('listening', () => console.log(`port ${server.address().port}`));
server.on('error', (error) => setTimeout(listen, 20, console.log(error.code)));
listen();
