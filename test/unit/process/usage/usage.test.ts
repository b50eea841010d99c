/** What processes use is read from what the kernel writes. */
import assert from 'node:assert/strict';
import { type IntervalHistogram, performance } from 'node:perf_hooks';
import { suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { createOwnUsage } from '../../../../src/process/usage/own-usage.ts';
import { pageBytes, parsePageSize } from '../../../../src/process/usage/page-size.ts';
import { createTreeUsages, parseUsage } from '../../../../src/process/usage/tree-usage.ts';
import { treeOf } from '../../../support/tree-of.ts';

suite('what processes use', () => {
  test('a line of stat tells time, that of children waited for included, and pages, whatever the name is', () => {
    const rest = '1 1 1 0 -1 4194304 90 0 0 0 100 20 3 7 20 0 1 0 5000 8192 25 18446744073709551615 0';
    for (const name of ['sh', 'a) S 9 9 (b', 'x y']) {
      const usage = parseUsage(`42 (${name}) S ${rest}`, 4096);
      assert.deepEqual(usage, { cpuSeconds: 1.3, residentBytes: 25 * 4096 });
    }
    assert.equal(parseUsage('42 (sh) S 1 1', 4096), undefined);
  });

  test('the size of a page is found among what the kernel says, in either order of bytes', () => {
    const le = Buffer.alloc(48);
    le.writeBigUInt64LE(33n, 0);
    le.writeBigUInt64LE(6n, 16);
    le.writeBigUInt64LE(16384n, 24);
    assert.equal(parsePageSize(le, 'LE'), 16384);
    assert.equal(parsePageSize(Buffer.from(le).swap64(), 'BE'), 16384);
    assert.equal(parsePageSize(Buffer.alloc(20), 'LE'), undefined);
    assert.ok(Number.isInteger(Math.log2(pageBytes())));
  });

  test('a tree is told of until it is gone, by the service that has it now', async () => {
    const usages = createTreeUsages();
    let end = (): void => {};
    const gone = new Promise<void>((resolve) => {
      end = resolve;
    });
    const first = usages.hold(
      'a',
      treeOf(() => [process.pid], gone),
      () => 7,
    );
    usages.hold(
      'b',
      treeOf(() => []),
      () => 7,
    );
    const read = await usages.read();
    assert.deepEqual([...read.keys()], ['a']);
    assert.deepEqual([read.get('a')?.processes, read.get('a')?.cpuSeconds], [1, 7]);
    assert.ok(read.get('a')!.residentBytes > 1_000_000);
    assert.ok(read.get('a')!.ageSeconds > 0);
    assert.deepEqual([...(await usages.read({ services: new Set(['b']) })).keys()], []);
    usages.hold(
      'a',
      treeOf(() => [process.pid]),
      () => 9,
    );
    end();
    await first.gone();
    assert.equal((await usages.read()).get('a')?.cpuSeconds, 9);
  });

  test('processor time never falls, whatever ends meanwhile', async () => {
    const usages = createTreeUsages();
    const told = [3, 2, 4];
    usages.hold(
      'a',
      treeOf(() => [process.pid]),
      () => told.shift(),
    );
    const seconds: (number | undefined)[] = [];
    for (let look = 0; look < 3; look++) seconds.push((await usages.read()).get('a')?.cpuSeconds);
    assert.deepEqual(seconds, [3, 3, 4]);
  });

  test('how late the loop is is watched from the first time on that somebody asks, and told since the last', async () => {
    // Node counts how busy the loop is from the first time on that it was idle.
    while (performance.eventLoopUtilization().idle === 0) await setTimeout(1);
    const calls: string[] = [];
    const histogram = {
      ...{ count: 0, mean: 51e6, max: 250e6 },
      percentile: () => 40e6,
      enable: () => calls.push('enable') > 0,
      reset: () => void calls.push('reset'),
    };
    const usage = createOwnUsage(() => histogram as Partial<IntervalHistogram> as IntervalHistogram);
    assert.deepEqual(calls, []);
    const first = usage();
    assert.deepEqual([first.loop.delay, calls], [undefined, ['enable']]);
    assert.ok(first.residentBytes > first.heapBytes && first.loop.busySeconds > 0);
    assert.equal(usage().loop.delay, undefined);
    histogram.count = 3;
    // It fires each 50 ms: what is above that is late.
    const { mean, p99, max } = usage().loop.delay!;
    assert.deepEqual([Math.round(mean * 1e3), p99, Math.round(max * 1e3)], [1, 0, 200]);
    assert.deepEqual(calls, ['enable', 'reset', 'reset']);
  });
});
