// Takes orders from one state to the next: node worker.mjs FROM TO "what to say". An order once begun is finished.
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [from, to, saying] = process.argv.slice(2);
const orders = `${process.env.API_URL}/orders`;
const closing = new AbortController();
process.once('SIGTERM', () => closing.abort());

async function call(url, options) {
  const response = await fetch(url, options).catch(leave);
  return response.ok ? response.json() : undefined; // The store may be away for a moment: try again later.
}

/** Without the api there is nothing to do here. Started again, this program gets the new address of a new api. */
function leave() {
  console.error('the api is gone');
  process.exit(1);
}

async function work(order) {
  await sleep(400);
  const body = JSON.stringify({ state: to });
  if (!(await call(`${orders}/${order.id}`, { method: 'PATCH', body }))) return;
  console.log(`order ${order.id}: ${saying.replace(/\{(\w+)\}/g, (_, key) => order[key])}`);
}

if (process.env.ORDERLY_NOTIFY_FD) writeSync(Number(process.env.ORDERLY_NOTIFY_FD), 'ready\n');
while (!closing.signal.aborted) {
  const [next] = (await call(`${orders}?state=${from}`)) ?? [];
  if (next) await work(next);
  else await sleep(200, undefined, { signal: closing.signal }).catch(() => {});
}
