import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortened } from '../../../src/events/describe.ts';

const ROOT = '"s0" failed: exited with code 1: "s1" was skipped: or so it said';

/** The reason of the service at the end of a chain of so many. */
function reasonAt(depth: number, how = 'was skipped'): string {
  let reason = ROOT;
  for (let at = 1; at < depth; at++) reason = `"s${at}" ${how}: ${shortened(reason)}`;
  return reason;
}

test('a chain of a few is named whole', () => {
  assert.equal(reasonAt(1), ROOT);
  assert.equal(reasonAt(4), `"s3" was skipped: "s2" was skipped: "s1" was skipped: ${ROOT}`);
  assert.doesNotMatch(reasonAt(9), /…/);
});

for (const how of ['was skipped', 'was stopped', 'was lost']) {
  test(`of a long one the beginning is: ${how}`, () => {
    for (const depth of [10, 11, 12, 100, 5000]) {
      const reason = reasonAt(depth, how);
      assert.ok(reason.startsWith(`"s${depth - 1}" ${how}: `));
      assert.ok(reason.includes('… '));
      assert.ok(reason.endsWith(`"s2" ${how}: "s1" ${how}: ${ROOT}`));
      assert.ok(reason.length < 300);
    }
  });
}
