// Takes orders in one state to the next: node worker.mjs FROM TO "what to say". An order once begun is finished.
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [from, to, saying] = process.argv.slice(2);
const orders = `${process.env.API_URL}/orders`;
const closing = new AbortController();
process.once('SIGTERM', () => closing.abort());

async function call(url, options) {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

async function work(order) {
  await sleep(400);
  await call(`${orders}/${order.id}`, { method: 'PATCH', body: JSON.stringify({ state: to }) });
  console.log(`order ${order.id}: ${saying.replace(/\{(\w+)\}/g, (_, key) => order[key])}`);
}

if (process.env.ORDERLY_NOTIFY_FD) writeSync(Number(process.env.ORDERLY_NOTIFY_FD), 'ready\n');
while (!closing.signal.aborted) {
  try {
    const [next] = await call(`${orders}?state=${from}`);
    if (next) await work(next);
    else await sleep(150, undefined, { signal: closing.signal });
  } catch (error) {
    if (closing.signal.aborted) break;
    console.error(`trying again: ${error.message.trim()}`);
    await sleep(500);
  }
}
