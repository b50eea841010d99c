import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReadinessProbe } from '../../../src/conditions/create-readiness-probe.ts';
import { createFakePorts } from '../../support/fake-ports.ts';
import { contextOf, held, inVirtualTime } from './probing.ts';

test('without a condition a probe holds at once and wants nothing', async () => {
  await inVirtualTime(async () => {
    const probe = createReadinessProbe(undefined, contextOf(createFakePorts()));
    assert.equal(probe.channel, 'none');
    assert.equal(probe.wantsOutput, false);
    assert.deepEqual(await probe.wait(), held('spawned'));
  });
});
