/**
 * The exchange, a program of its own: answers `GET /SYMBOL` with a price, slowly, and at times with an error, half of an
 * answer, or none at all. The n-th request always has the same fate, that of its seed. It ends with its parent, and
 * not by signals: Ctrl-C reaches it too.
 */
import { createServer } from 'node:http';
import { moods } from './settings.mjs';

const seen = { requests: 0, delivered: 0, open: 0 };
let state = moods.seed >>> 0;
let isAsked = false;

/** From 0 to 1; a linear congruential generator with the numbers of "Numerical Recipes". */
function chance() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

const server = createServer((request, response) => {
  const sequence = ++seen.requests;
  const fate = chance();
  const price = Math.round(chance() * 10_000) / 100;
  const answer = JSON.stringify({ symbol: request.url?.slice(1), sequence, price });
  const delayMs = chance() * moods.slowMs;
  if (fate < moods.hang) return;
  setTimeout(() => {
    if (response.destroyed) return;
    if (fate < moods.hang + moods.cut) {
      response
        .writeHead(200, { 'content-length': answer.length })
        .write(answer.slice(1), () => response.destroy());
    } else if (fate < moods.hang + moods.cut + moods.fail) {
      response.writeHead(503).end('busy');
    } else {
      response.on('finish', () => seen.delivered++).end(answer);
    }
  }, delayMs);
});

server.on('connection', (socket) => {
  seen.open++;
  socket.on('close', () => {
    seen.open--;
    reportOnceAlone();
  });
});

function reportOnceAlone() {
  if (isAsked && seen.open === 0) process.send?.(seen);
}

process.on('message', () => {
  isAsked = true;
  reportOnceAlone();
});
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.send?.({ port });
});
