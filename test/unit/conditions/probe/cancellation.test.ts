import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { moveOnAfter, now } from '../../../../src/concurrency/index.ts';
import { createReadinessProbe } from '../../../../src/conditions/create-readiness-probe.ts';
import type { Condition, ConditionKind, ConditionTiming } from '../../../../src/config/types.ts';
import { assertAsyncProperty } from '../../../support/assert-property.ts';
import { createFakePorts } from '../../../support/fake-ports.ts';
import { condition, contextOf, inVirtualTime } from '../probing.ts';

const KILL_MS = 40;
const header = { status: undefined, headers: {}, owner: 'any' } as const;
const kinds: readonly ConditionKind[] = [
  { kind: 'tcp', host: 'refused', port: '1', owner: 'any' },
  { kind: 'tcp', host: 'silent', port: '1', owner: 'any' },
  { kind: 'http', url: 'http://refused/', ...header },
  { kind: 'http', url: 'http://silent/', ...header },
  { kind: 'exec', command: { kind: 'exec', argv: ['fails'] } },
  { kind: 'exec', command: { kind: 'exec', argv: ['hangs'] } },
  { kind: 'exec', command: { kind: 'exec', argv: ['missing'] } },
  { kind: 'file', path: '/missing' },
  { kind: 'log', pattern: 'never' },
  { kind: 'notify', protocol: 'fd' },
  { kind: 'delay', delayMs: 100_000 },
];

/** Waits for a condition that does not hold, for `cancelMs` at most; returns when it was over. */
function cut(tested: Condition, cancelMs: number) {
  return inVirtualTime(async () => {
    const ports = createFakePorts();
    ports.network.answer('silent:1', { kind: 'silent' });
    ports.network.answer('http://silent/', { kind: 'silent' });
    ports.commands.script('fails', { end: { kind: 'code', code: 1 }, afterMs: 7 });
    ports.commands.script('hangs', { afterMs: Infinity, killMs: KILL_MS });
    const probe = createReadinessProbe(tested, contextOf(ports));
    const reading = await moveOnAfter(cancelMs, () => probe.wait());
    assert.equal(ports.network.underWay, 0);
    assert.equal(ports.commands.alive, 0);
    assert.equal(probe.wantsOutput, false);
    return { reading, overMs: now(), ports };
  });
}

for (const kind of kinds) {
  const name = JSON.stringify(kind);
  test(`cancelled, ${name} is over at once and leaves nothing`, async () => {
    for (const cancelMs of [0, 1, 20, 25, 500, 1_010]) {
      const { reading, overMs } = await cut(condition(kind, { withinMs: undefined }), cancelMs);
      assert.equal(reading, undefined, 'a cancellation is no reading');
      assert.ok(overMs >= cancelMs && overMs <= cancelMs + KILL_MS, `over at ${overMs}`);
    }
  });
}

test('in a scope that is cancelled already nothing is attempted', async () => {
  for (const kind of kinds) {
    const { ports } = await cut(condition(kind), 0);
    assert.deepEqual([ports.network.attempts.length, ports.commands.records.length], [0, 0]);
  }
});

test('whatever the condition, the deadline and the moment: nothing outlives, and no timeout holds', async () => {
  const timing: fc.Arbitrary<ConditionTiming> = fc.record({
    withinMs: fc.option(fc.nat(3_000), { nil: undefined }),
    timeoutMs: fc.integer({ min: 1, max: 2_000 }),
    intervalMs: fc.option(fc.integer({ min: 1, max: 900 }), { nil: undefined }),
    successes: fc.integer({ min: 1, max: 3 }),
  });
  const leaf = fc
    .tuple(fc.constantFrom(...kinds), timing)
    .map(([kind, times]): Condition => condition(kind, times));
  const { tree } = fc.letrec<{ tree: Condition; node: Condition }>((tie) => ({
    tree: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, tie('node')),
    node: fc
      .tuple(fc.constantFrom('all', 'any'), fc.array(tie('tree'), { minLength: 1, maxLength: 3 }), timing)
      .map(([kind, of, times]): Condition => condition({ kind, of }, times)),
  }));
  await assertAsyncProperty(
    fc.asyncProperty(tree, fc.nat(3_000), async (tested, cancelMs) => {
      const { reading, overMs, ports } = await cut(tested, cancelMs);
      assert.notEqual(reading?.kind, 'held');
      const limitMs = Math.min(cancelMs, tested.withinMs ?? Infinity);
      assert.ok(overMs <= limitMs + KILL_MS, `over at ${overMs}, limit ${limitMs}`);
      for (const attempt of ports.network.attempts) assert.ok((attempt.endedMs ?? Infinity) <= limitMs);
    }),
    { numRuns: 300 },
  );
});
