// People who like coffee: one of them orders something every now and then.
import { setTimeout as sleep } from 'node:timers/promises';

const names = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Dennis', 'Frances'];
const orders = `${process.env.API_URL}/orders`;
const products = await (await fetch(`${process.env.API_URL}/products`)).json();

for (let turn = 0; ; turn++) {
  const order = { customer: names[turn % names.length], item: products[(turn * 3) % products.length].item };
  try {
    const response = await fetch(orders, { method: 'POST', body: JSON.stringify(order) });
    if (response.ok) console.log(`${order.customer} orders ${order.item}`);
    else console.error(`${order.customer} leaves: ${(await response.text()).trim()}`);
  } catch {
    console.error(`${order.customer} leaves: the shop is closed`);
  }
  await sleep(Number(process.env.SHOP_PAUSE_MS));
}
