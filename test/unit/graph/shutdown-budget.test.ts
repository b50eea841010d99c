import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ServiceConfig } from '../../../src/config/types.ts';
import { describeBudget } from '../../../src/graph/describe-budget.ts';
import { graphOf } from '../../../src/graph/graph.ts';
import {
  cooperativeDeadline,
  holdsGuarantee,
  planShutdown,
  type ShutdownPlan,
} from '../../../src/graph/shutdown-budget.ts';
import { KILL_MS, stopLimits } from '../../../src/graph/stop-limits.ts';
import { sampleEdge, sampleService } from '../../support/sample-config.ts';

/** `a > b` is a service `a` that depends on `b`; the numbers are its grace and its clean-ups' timeouts. */
function service(name: string, needs: string[], graceMs: number, ...cleanupsMs: number[]): ServiceConfig {
  return sampleService(name, {
    dependsOn: needs.map((dependency) => sampleEdge(dependency)),
    stop: { signal: 'SIGTERM', graceMs, command: undefined, target: 'group' },
    cleanup: cleanupsMs.map((timeoutMs) => ({ run: { kind: 'exec', argv: ['true'] }, timeoutMs })),
  });
}

function plan(
  services: readonly ServiceConfig[],
  budgetMs: number,
  options: { atMostMs?: number; running?: string[] } = {},
): ShutdownPlan {
  return planShutdown(graphOf(services), stopLimits({ services }), budgetMs, {
    atMostMs: options.atMostMs,
    ...(options.running !== undefined && { running: new Set(options.running) }),
  });
}

function guaranteed(planned: ShutdownPlan): Record<string, number> {
  return Object.fromEntries(
    [...planned.services].map(([name, stop]) => [name, Math.round(stop.guaranteedMs)]),
  );
}

const chain = [
  service('web', ['api'], 10_000),
  service('api', ['db'], 10_000),
  service('db', [], 8_000, 2_000, 1_000),
];

describe('the plan of a shutdown', () => {
  test('the clean-ups of a service add up', () => {
    assert.deepEqual(stopLimits({ services: chain }).get('db'), {
      graceMs: 8_000,
      cleanupMs: 3_000,
      untimedMs: [],
    });
  });

  test('G4 graces that fit are granted whole', () => {
    const planned = plan(chain, 31_750);
    assert.equal(planned.factor, 1);
    assert.deepEqual(guaranteed(planned), { web: 10_000, api: 10_000, db: 8_000 });
  });

  test('G4 graces that do not fit are scaled by one factor, and kills and clean-ups keep their time', () => {
    const planned = plan(chain, 3 * KILL_MS + 3_000 + 14_000);
    assert.equal(planned.factor, 0.5);
    assert.deepEqual(guaranteed(planned), { web: 5_000, api: 5_000, db: 4_000 });
    assert.equal(planned.services.get('web')?.tailMs, 5_000 + 4_000 + 2 * KILL_MS + 3_000);
  });

  test('G4 the factor fits the chain that is critical with it, not the one that is critical without', () => {
    // Whole: "a" is the longest. Scaled: the fixed parts of "b" to "d" are more.
    const planned = plan(
      [service('a', [], 20_000), service('b', ['c'], 6_000, 3_000), service('c', [], 6_000, 1_500)],
      9_000,
    );
    assert.equal(planned.factor, (9_000 - 2 * KILL_MS - 4_500) / 12_000);
    assert.deepEqual(guaranteed(planned), { a: 6_667, b: 2_000, c: 2_000 });
  });

  test('G4 the longest chain of reserves is scaled to half of the budget, every clean-up alike', () => {
    const planned = plan(
      [service('a', ['b'], 1_000, 6_000), service('b', [], 1_000, 3_000), service('c', [], 0, 4_500)],
      9_000,
    );
    assert.deepEqual(
      [...planned.services.values()].map((stop) => [stop.reservedMs, stop.cleanupMs]),
      [
        [3_000, 6_000],
        [1_500, 3_000],
        [2_250, 4_500],
      ],
    );
  });

  test('the worst case counts graces and clean-ups in full, and names its chain', () => {
    const planned = plan([...chain, service('mail', ['db'], 25_000)], 9_000);
    assert.equal(planned.worstCaseMs, 25_000 + 8_000 + 3_000 + 2 * KILL_MS);
    assert.deepEqual(planned.chain, ['mail', 'db']);
  });

  test('G4 kills take a tenth of the budget at most, and what is left of it is for the asking', () => {
    const planned = plan(chain, 1_000);
    assert.equal(planned.services.get('web')?.killMs, 1_000 / 10 / 3);
    assert.deepEqual(guaranteed(planned), { web: 143, api: 143, db: 114 });
    assert.equal(plan(chain, 7_500).services.get('web')?.killMs, KILL_MS);
  });

  test('G4 a clean-up without a timeout of its own counts with a tenth of the budget', () => {
    const [web, api, db] = chain as [ServiceConfig, ServiceConfig, ServiceConfig];
    const timed = db.cleanup[0]!;
    const untimed = { ...timed, timeoutMs: 5_000, untimed: true } as const;
    const reserved = (budgetMs: number, ...cleanup: ServiceConfig['cleanup']) =>
      plan([web, api, { ...db, cleanup }], budgetMs).services.get('db')?.reservedMs;
    assert.equal(reserved(9_000, untimed), 900);
    assert.equal(reserved(9_000, untimed, untimed, timed), 3_800);
    assert.equal(reserved(9_000, { ...timed, timeoutMs: 4_000 }), 4_000);
    assert.equal(reserved(60_000, untimed), 5_000);
  });

  test('G4 after Ctrl-C each has the most of its grace at most, within the same budget', () => {
    assert.deepEqual(guaranteed(plan(chain, 28_000, { atMostMs: 2_000 })), {
      web: 2_000,
      api: 2_000,
      db: 2_000,
    });
    const deep = (depth: number) =>
      Array.from({ length: depth }, (_, at) => service(`s${at}`, at === 0 ? [] : [`s${at - 1}`], 10_000));
    assert.equal(plan(deep(8), 28_000, { atMostMs: 2_000 }).factor, 1);
    assert.equal(plan(deep(200), 28_000, { atMostMs: 2_000 }).services.get('s199')?.guaranteedMs, 126);
  });

  test('G4 a chain of 300 that just fits loses nothing by rounding, nor does one of 5,000', () => {
    for (const depth of [300, 5000]) {
      const thirds = Array.from({ length: depth }, (_, at) =>
        service(`s${at}`, at === 0 ? [] : [`s${at - 1}`], 1_000),
      );
      const budgetMs = (depth * 1_000) / 0.9;
      const planned = plan(thirds, budgetMs);
      assert.ok(planned.factor > 1 - 1e-9, `${planned.factor}`);
      let startMs = 0;
      for (const name of thirds.map((one) => one.name).toReversed()) {
        const { atMs } = cooperativeDeadline(planned, name, startMs, budgetMs);
        assert.ok(atMs - startMs > 1_000 - 0.01, `${name} had ${atMs - startMs}`);
        startMs = atMs + planned.services.get(name)!.killMs;
      }
      assert.ok(startMs <= budgetMs + 0.01);
    }
  });

  test('G4 of a budget that is partly used up what is left is shared, and reserves stay what they were', () => {
    const planned = planShutdown(graphOf(chain), stopLimits({ services: chain }), 28_000, { leftMs: 10_750 });
    assert.deepEqual(guaranteed(planned), { web: 2_500, api: 2_500, db: 2_000 });
    assert.equal(planned.services.get('db')?.reservedMs, 3_000);
    const nothing = planShutdown(graphOf(chain), stopLimits({ services: chain }), 28_000, { leftMs: 1_000 });
    assert.deepEqual(guaranteed(nothing), { web: 0, api: 0, db: 0 });
  });

  test('what is not running takes no time of the others', () => {
    const planned = plan(chain, 22_000, { running: ['web', 'db'] });
    assert.equal(planned.factor, 1);
    assert.equal(planned.services.get('web')?.tailMs, 8_000 + KILL_MS + 3_000);
    assert.deepEqual(planned.chain, ['web', 'db']);
  });

  test('an empty graph fits any budget', () => {
    const { factor, overrunMs, worstCaseMs } = plan([], 0);
    assert.deepEqual({ factor, overrunMs, worstCaseMs }, { factor: 1, overrunMs: 0, worstCaseMs: 0 });
  });
});

describe('a cooperative deadline', () => {
  const scaled = plan(chain, 3 * KILL_MS + 3_000 + 14_000);

  const table: readonly [law: string, name: string, startMs: number, atMs: number, scaled: boolean][] = [
    ['is the guaranteed share when nothing is left over', 'api', 5_250, 10_250, true],
    ['is later when those before it finished early', 'api', 1_000, 10_250, true],
    ['is the whole grace when that much was left', 'api', 100, 10_100, false],
    ['is never before the start', 'api', 12_000, 12_000, true],
    ['puts its own reserve aside', 'db', 9_000, 14_500, true],
  ];
  for (const [law, name, startMs, atMs, isScaled] of table) {
    test(law, () =>
      assert.deepEqual(cooperativeDeadline(scaled, name, startMs, scaled.budgetMs), {
        atMs,
        scaled: isScaled,
      }),
    );
  }

  test('a service without grace is killed at once by its own setting, however late it is', () => {
    const planned = plan([service('a', [], 0)], 1_000);
    assert.deepEqual(cooperativeDeadline(planned, 'a', 5_000, 1_000), { atMs: 5_000, scaled: false });
  });

  test('a difference that comes of rounding is not blamed on the budget', () => {
    const planned = plan([service('a', [], 10_000)], 10_000 + KILL_MS);
    const startMs = 1e-9;
    assert.deepEqual(cooperativeDeadline(planned, 'a', startMs, planned.budgetMs), {
      atMs: startMs + 10_000,
      scaled: false,
    });
  });
});

describe('the description of a plan', () => {
  const inMs = (ms: number) => `${ms} ms`;

  test('has no scaled grace and no warning when everything fits', () => {
    const { scaled, warnings } = describeBudget([plan(chain, 60_000)], inMs);
    assert.deepEqual([scaled, warnings], [[], []]);
  });

  test('lists every scaled grace, but not one of nothing', () => {
    const services = [service('a', ['b'], 4_000), service('b', [], 0)];
    assert.deepEqual(describeBudget([plan(services, 2_500)], inMs).scaled, [
      { service: 'a', graceMs: 4_000, guaranteedMs: 2_250 },
    ]);
  });

  test('warns of clean-ups that can overrun the budget, with their reserves', () => {
    const [warning, ...more] = describeBudget(
      [plan([service('a', [], 10_000, 6_000)], 9_000)],
      inMs,
    ).warnings;
    assert.deepEqual(more, []);
    assert.deepEqual(warning?.path, ['shutdown', 'budget']);
    assert.equal(
      warning?.message,
      'The shutdown can take 10500 ms, more than its budget of 9000 ms, if clean-ups take as long as they may: those of "a" (6000 ms, of which 4500 ms are put aside)',
    );
  });

  test('does not warn of clean-ups that can not', () => {
    assert.deepEqual(describeBudget([plan([service('a', [], 0, 6_000)], 9_000)], inMs).warnings, []);
  });

  test('of several that may come it tells the longest chain, and the smallest share of each grace', () => {
    const services = [service('a', ['b'], 8_000), service('b', [], 8_000), service('c', [], 10_000)];
    const plans = [['a', 'b'], ['c'], []].map((running) => plan(services, 8_000 + 2 * KILL_MS, { running }));
    const { worstCaseMs, chain, scaled } = describeBudget(plans, inMs);
    assert.deepEqual([worstCaseMs, chain], [16_000 + 2 * KILL_MS, ['a', 'b']]);
    assert.deepEqual(scaled, [
      { service: 'a', graceMs: 8_000, guaranteedMs: 4_000 },
      { service: 'b', graceMs: 8_000, guaranteedMs: 4_000 },
      { service: 'c', graceMs: 10_000, guaranteedMs: 8_250 },
    ]);
  });
});

test('G4 what passes while others are asked is not shared anew, a stall is', () => {
  const graph = graphOf([sampleService('a'), sampleService('b')]);
  const limits = new Map(['a', 'b'].map((name) => [name, { graceMs: 10_000, cleanupMs: 0, untimedMs: [] }]));
  const plan = planShutdown(graph, limits, 9_000);
  const { guaranteedMs } = plan.services.get('a')!;
  assert.ok(guaranteedMs < 10_000, 'the budget is short of what they are granted');
  assert.equal(holdsGuarantee(plan, 'a', 0, 9_000), true);
  assert.equal(holdsGuarantee(plan, 'a', guaranteedMs * 0.09, 9_000), true);
  assert.equal(holdsGuarantee(plan, 'a', guaranteedMs * 0.2, 9_000), false);
});
