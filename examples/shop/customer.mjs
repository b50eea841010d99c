// People who like coffee: one of them orders something every now and then.
import { setTimeout as sleep } from 'node:timers/promises';

const names = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Dennis', 'Frances'];
const items = ['a moka pot', 'a bag of beans', 'an espresso cup', 'a coffee grinder'];

for (let turn = 0; ; turn++) {
  const order = { customer: names[turn % names.length], item: items[turn % items.length] };
  const options = { method: 'POST', body: JSON.stringify(order) };
  const response = await fetch(`${process.env.API_URL}/orders`, options).catch(() => {
    console.error('the shop is closed');
    process.exit(1); // Started again, this program gets the new address of a new api.
  });
  console.log(`${order.customer} ${response.ok ? 'orders' : 'waits for'} ${order.item}`);
  await sleep(Number(process.env.SHOP_PAUSE_MS));
}
