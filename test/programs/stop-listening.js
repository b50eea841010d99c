#!/usr/bin/env node
// Answers by HTTP at the host and port of its arguments until SIGUSR2; from then on it runs, and listens no more.
import { createServer } from 'node:http';

const [host, port] = process.argv.slice(2);
const server = createServer((_, response) => response.end()).listen(Number(port), host);
process.on('SIGUSR2', () => server.close());
setInterval(() => {}, 1e9);
