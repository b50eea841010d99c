// Brings the store to what the shop needs; run twice, it changes nothing.
const products = ['a moka pot', 'an espresso cup', 'a coffee grinder', 'a bag of beans'];

async function store(method, path, body) {
  const response = await fetch(process.env.STORE_URL + path, { method, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  return response.json();
}

await store('PUT', '/products');
await store('PUT', '/orders');
const known = new Set((await store('GET', '/products')).map(({ item }) => item));
const missing = products.filter((item) => !known.has(item));
for (const item of missing) await store('POST', '/products', { item });
console.log(missing.length > 0 ? `added ${missing.length} products` : 'nothing to do');
