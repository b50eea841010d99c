import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Config } from '../../../src/config/types.ts';
import { type Graph, graphOf } from '../../../src/graph/graph.ts';
import { longestChain } from '../../../src/graph/longest-chain.ts';
import { type PlannedStop, planShutdown, type ShutdownPlan } from '../../../src/graph/shutdown-budget.ts';
import { KILL_MS, stopLimits } from '../../../src/graph/stop-limits.ts';
import { randomConfig } from '../../support/random-graph.ts';
import { type Behaviour, type SimulatedStop, simulateStop } from './simulate-stop.ts';

const ROUNDING_MS = 0.001;
const MAX_SERVICES = 10;

/** What each service does, in the order of the file; the shares of two runs, the second one never slower. */
interface Shares {
  readonly ask: number;
  readonly cleanup: number;
  readonly sooner: number;
}

const share = fc.constantFrom(1, 0, 0.25, 0.5, 0.9);
const shares = fc.array(fc.record<Shares>({ ask: share, cleanup: share, sooner: share }), {
  minLength: MAX_SERVICES,
  maxLength: MAX_SERVICES,
});
const budget = fc.oneof(fc.constant(9_000), fc.constant(28_000), fc.nat(60_000), fc.nat(2_000));

interface Case {
  readonly graph: Graph;
  readonly plan: ShutdownPlan;
  readonly shareOf: (name: string) => Shares;
  planOf(running: ReadonlySet<string>): ShutdownPlan;
}

function forAll(reserveCleanups: boolean, law: (given: Case) => void): void {
  const configs = randomConfig({ maxServices: MAX_SERVICES });
  fc.assert(
    fc.property(configs, budget, shares, (config: Config, budgetMs, all) => {
      const graph = graphOf(config.services);
      const limits = stopLimits(config);
      law({
        graph,
        plan: planShutdown(graph, limits, budgetMs, { reserveCleanups }),
        shareOf: (name) => all[graph.services.indexOf(name)]!,
        planOf: (running) => planShutdown(graph, limits, budgetMs, { reserveCleanups, running }),
      });
    }),
    { numRuns: 300 },
  );
}

const worst = (_: string, { reservedMs }: PlannedStop): Behaviour => ({ askShare: 1, cleanupMs: reservedMs });

function within({ shareOf }: Case): (name: string, stop: PlannedStop) => Behaviour {
  return (name, { reservedMs }) => ({
    askShare: shareOf(name).ask,
    cleanupMs: shareOf(name).cleanup * reservedMs,
  });
}

function endOf(run: ReadonlyMap<string, SimulatedStop>): number {
  return Math.max(0, ...[...run.values()].map(({ goneMs }) => goneMs));
}

function assertGuaranteed(plan: ShutdownPlan, run: ReadonlyMap<string, SimulatedStop>): void {
  for (const [name, { givenMs }] of run) {
    assert.ok(givenMs >= plan.services.get(name)!.guaranteedMs - ROUNDING_MS, `${name} was given ${givenMs}`);
  }
}

const fixedMs = ({ killMs, reservedMs }: PlannedStop) => killMs + reservedMs;

describe('a shutdown that reserves its clean-ups', () => {
  test('G4 ends within the budget when every service uses all it may', () => {
    forAll(true, ({ graph, plan }) => {
      fc.pre(plan.fits);
      assert.ok(endOf(simulateStop(graph, plan, worst)) <= plan.budgetMs + ROUNDING_MS);
    });
  });

  test('G4 ends within the budget, and grants every guaranteed share, whatever the services do', () => {
    forAll(true, (given) => {
      fc.pre(given.plan.fits);
      const run = simulateStop(given.graph, given.plan, within(given));
      assert.ok(endOf(run) <= given.plan.budgetMs + ROUNDING_MS);
      assertGuaranteed(given.plan, run);
    });
  });

  test('G4 overruns the budget by no more than the clean-ups overran their reserves on one chain', () => {
    forAll(true, ({ graph, plan, shareOf }) => {
      fc.pre(plan.fits);
      const run = simulateStop(graph, plan, (name, { cleanupMs }) => ({
        askShare: shareOf(name).ask,
        cleanupMs: shareOf(name).cleanup * cleanupMs,
      }));
      const overrun = longestChain(graph, (name) =>
        Math.max(0, run.get(name)!.cleanupMs - plan.services.get(name)!.reservedMs),
      );
      assert.ok(endOf(run) <= plan.budgetMs + overrun.lengthMs + ROUNDING_MS);
    });
  });

  test('G4 takes no longer than kills and reserves when even those do not fit', () => {
    forAll(true, (given) => {
      fc.pre(!given.plan.fits);
      const { lengthMs } = longestChain(given.graph, (name) => fixedMs(given.plan.services.get(name)!));
      assert.ok(lengthMs > given.plan.budgetMs);
      const run = simulateStop(given.graph, given.plan, worst);
      assert.ok(endOf(run) <= lengthMs + ROUNDING_MS);
    });
  });

  test('G4 grants every grace whole when all of them fit, and no kill is blamed on the budget then', () => {
    forAll(true, (given) => {
      fc.pre(given.plan.factor === 1);
      const run = simulateStop(given.graph, given.plan, within(given));
      for (const [name, { givenMs, scaled }] of run) {
        assert.ok(Math.abs(givenMs - given.graph.spec(name).stop.graceMs) <= ROUNDING_MS);
        assert.equal(scaled, false);
      }
    });
  });

  test('G4 whole graces are scaled only if they do not fit', () => {
    forAll(true, ({ graph, plan }) => {
      const whole = longestChain(graph, (name) => {
        const stop = plan.services.get(name)!;
        return stop.graceMs + fixedMs(stop);
      });
      assert.equal(plan.factor === 1, whole.lengthMs <= plan.budgetMs + ROUNDING_MS);
    });
  });

  test('G4 scales by the largest factor that fits', () => {
    forAll(true, ({ graph, plan }) => {
      fc.pre(plan.factor < 1 && plan.fits);
      const lengthMs = (factor: number) =>
        longestChain(graph, (name) => {
          const stop = plan.services.get(name)!;
          return factor * stop.graceMs + fixedMs(stop);
        }).lengthMs;
      assert.ok(lengthMs(plan.factor) <= plan.budgetMs + ROUNDING_MS);
      assert.ok(lengthMs(plan.factor + 0.001) > plan.budgetMs);
    });
  });

  test('G4 reserves every clean-up whole if the longest chain of them takes half of the budget at most', () => {
    forAll(true, ({ graph, plan }) => {
      const halfMs = plan.budgetMs / 2;
      const inFull = longestChain(graph, (name) => plan.services.get(name)!.cleanupMs).lengthMs;
      const reserved = longestChain(graph, (name) => plan.services.get(name)!.reservedMs).lengthMs;
      assert.ok(Math.abs(reserved - Math.min(inFull, halfMs)) <= ROUNDING_MS);
      assert.equal(plan.cleanupsMayOverrun, inFull > halfMs);
    });
  });

  test('G4 never cuts a clean-up: only its reserve is scaled', () => {
    forAll(true, ({ graph, plan }) => {
      for (const name of graph.services) {
        const timeoutsMs = graph.spec(name).cleanup.reduce((sumMs, { timeoutMs }) => sumMs + timeoutMs, 0);
        const { cleanupMs, reservedMs } = plan.services.get(name)!;
        assert.equal(cleanupMs, timeoutsMs);
        assert.ok(reservedMs <= cleanupMs);
      }
    });
  });

  test('G4 time that is not used flows on: who is faster takes nothing from those after it', () => {
    forAll(true, (given) => {
      const slow = simulateStop(given.graph, given.plan, within(given));
      const fast = simulateStop(given.graph, given.plan, (name, { killMs, reservedMs }) => {
        const { ask, cleanup, sooner } = given.shareOf(name);
        // A share of more time could be later: who is faster is gone by the time it was in the slow run.
        const { givenMs } = slow.get(name)!;
        const usedMs = sooner * (ask * givenMs + (ask === 1 ? killMs : 0));
        return { askShare: 0, cleanupMs: usedMs + cleanup * sooner * reservedMs };
      });
      for (const [name, { givenMs, startMs }] of fast) {
        assert.ok(startMs <= slow.get(name)!.startMs + ROUNDING_MS);
        assert.ok(givenMs >= slow.get(name)!.givenMs - ROUNDING_MS);
      }
    });
  });

  test('G4 the plan of what is running guarantees no less than the plan of all, and ends within the budget', () => {
    forAll(true, (given) => {
      fc.pre(given.plan.fits);
      const running = new Set(given.graph.services.filter((name) => given.shareOf(name).sooner > 0));
      const plan = given.planOf(running);
      for (const name of running) {
        const whole = given.plan.services.get(name)!;
        assert.ok(plan.services.get(name)!.guaranteedMs >= whole.guaranteedMs - ROUNDING_MS);
      }
      const run = simulateStop(given.graph, plan, worst);
      assert.ok(endOf(run) <= plan.budgetMs + ROUNDING_MS);
      assertGuaranteed(plan, run);
    });
  });

  test('the worst case is what it takes when nobody is held to the budget', () => {
    forAll(true, ({ graph, plan }) => {
      const unbounded = { ...plan, budgetMs: 1e9 };
      const run = simulateStop(graph, unbounded, (_, { cleanupMs }) => ({ askShare: 1, cleanupMs }));
      assert.ok(Math.abs(endOf(run) - plan.worstCaseMs) <= ROUNDING_MS);
    });
  });
});

describe('a shutdown whose budget is for the asking alone', () => {
  test('G4 ends within the budget and the clean-ups of one chain, and grants every guaranteed share', () => {
    forAll(false, ({ graph, plan, shareOf }) => {
      fc.pre(plan.fits);
      const run = simulateStop(graph, plan, (name, { cleanupMs }) => ({
        askShare: shareOf(name).ask,
        cleanupMs: shareOf(name).cleanup * cleanupMs,
      }));
      const cleanups = longestChain(graph, (name) => run.get(name)!.cleanupMs);
      assert.ok(endOf(run) <= plan.budgetMs + cleanups.lengthMs + ROUNDING_MS);
      assertGuaranteed(plan, run);
    });
  });

  test('G4 depends on no clean-up', () => {
    forAll(false, ({ graph, plan }) => {
      const limits = new Map(
        graph.services.map((name) => [name, { graceMs: graph.spec(name).stop.graceMs, cleanupMs: 0 }]),
      );
      const without = planShutdown(graph, limits, plan.budgetMs, { reserveCleanups: false });
      assert.equal(plan.factor, without.factor);
      for (const [name, stop] of plan.services) {
        assert.equal(stop.tailMs, without.services.get(name)?.tailMs);
        assert.equal(stop.killMs, KILL_MS);
      }
    });
  });
});
