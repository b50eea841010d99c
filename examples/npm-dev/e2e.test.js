import assert from 'node:assert/strict';
import { test } from 'node:test';

test('the page counts its visitors', async () => {
  const visit = async () => (await fetch(`http://127.0.0.1:${process.env.WEB_PORT}/`)).text();
  const [first, second] = [await visit(), await visit()].map((page) => Number(/number (\d+)/.exec(page)[1]));
  assert.equal(second, first + 1);
});
