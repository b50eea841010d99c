/**
 * What is read of capabilities, and what is said where they lack.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capability, parseCapabilities } from '../../../../src/process/tree/proc/capabilities.ts';
import { whyNotSignalled } from '../../../../src/process/tree/signals/own-rights.ts';

/** What a container of Docker has. */
const status = 'Name:\tnode\nCapEff:\t00000000a80425fb\nCapBnd:\t00000000000000c0\n';

test('capabilities are read by set, and are not known where they are not told', () => {
  const effective = parseCapabilities(status, 'CapEff');
  const { kill, setuid, sysPtrace, sysNice } = Capability;
  assert.deepEqual(
    [kill, setuid, sysPtrace, sysNice].map((each) => effective?.has(each)),
    [true, true, false, false],
  );
  const bounding = parseCapabilities(status, 'CapBnd');
  assert.deepEqual([bounding?.has(setuid), bounding?.has(kill)], [true, false]);
  assert.equal(parseCapabilities('', 'CapEff'), undefined);
});

test('what may not be signalled is told with its user, ours, and the remedy', () => {
  assert.equal(
    whyNotSignalled(33, { uid: 0 }),
    'it is of user 33, and orderly is root without the capability CAP_KILL; give it that (docker run --cap-add KILL)',
  );
  assert.equal(
    whyNotSignalled(0, { uid: 1000 }),
    'it is of user 0, and orderly runs as user 1000; start orderly as root or as that user',
  );
  assert.match(whyNotSignalled(undefined, { uid: 1000 }), /^it is of another user, and /);
});
