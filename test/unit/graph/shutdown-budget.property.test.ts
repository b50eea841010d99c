import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Config } from '../../../src/config/types.ts';
import { type Graph, graphOf } from '../../../src/graph/graph.ts';
import { longestChain } from '../../../src/graph/longest-chain.ts';
import { type PlannedStop, planShutdown, type ShutdownPlan } from '../../../src/graph/shutdown-budget.ts';
import { KILL_MS, type StopLimits, stopLimits } from '../../../src/graph/stop-limits.ts';
import { assertProperty } from '../../support/assert-property.ts';
import { deepConfig, randomConfig } from '../../support/random-graph.ts';
import { runs } from '../../support/runs.ts';
import { type Behaviour, type SimulatedStop, simulateStop } from './simulate-stop.ts';

/** Twice what the plan itself takes for rounding. */
const ROUNDING_MS = 0.002;
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
const upTo = (max: number) => fc.integer({ min: 1, max });
const budget = fc.oneof(fc.constant(9_000), fc.constant(28_000), upTo(60_000), upTo(2_000));
/** What Ctrl-C leaves of graces. */
const atMost = fc.option(fc.oneof(fc.constant(2_000), fc.nat(12_000)), { nil: undefined });
/** At times a chain of up to 300, with a few edges beside it. */
const configs = fc.oneof(
  { weight: 9, arbitrary: randomConfig({ maxServices: MAX_SERVICES }) },
  { weight: 1, arbitrary: deepConfig({ maxServices: 300 }) },
);

interface Case {
  readonly graph: Graph;
  readonly limits: ReadonlyMap<string, StopLimits>;
  readonly atMostMs: number;
  readonly plan: ShutdownPlan;
  readonly shareOf: (name: string) => Shares;
  planOf(running: ReadonlySet<string>): ShutdownPlan;
}

function forAll(law: (given: Case) => void): void {
  assertProperty(
    fc.property(configs, budget, atMost, shares, (config: Config, budgetMs, atMostMs, all) => {
      const graph = graphOf(config.services);
      const limits = stopLimits(config);
      law({
        graph,
        atMostMs: atMostMs ?? Infinity,
        limits,
        plan: planShutdown(graph, limits, budgetMs, { atMostMs }),
        shareOf: (name) => all[graph.services.indexOf(name) % MAX_SERVICES]!,
        planOf: (running) => planShutdown(graph, limits, budgetMs, { atMostMs, running }),
      });
    }),
    runs(300),
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
    forAll(({ graph, plan }) => {
      assert.ok(endOf(simulateStop(graph, plan, worst)) <= plan.budgetMs + ROUNDING_MS);
    });
  });

  test('G4 ends within the budget, and grants every guaranteed share, whatever the services do', () => {
    forAll((given) => {
      const run = simulateStop(given.graph, given.plan, within(given));
      assert.ok(endOf(run) <= given.plan.budgetMs + ROUNDING_MS);
      assertGuaranteed(given.plan, run);
    });
  });

  test('G4 overruns the budget by no more than the clean-ups overran their reserves on one chain', () => {
    forAll(({ graph, plan, shareOf }) => {
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

  test('G4 puts at most a tenth aside for kills and half for clean-ups, however long a chain is', () => {
    forAll(({ graph, limits, plan }) => {
      const chainMs = (take: (stop: PlannedStop) => number) =>
        longestChain(graph, (name) => take(plan.services.get(name)!)).lengthMs;
      const tenthMs = plan.budgetMs / 10;
      const killsMs = longestChain(graph, () => KILL_MS).lengthMs;
      assert.ok(Math.abs(chainMs(({ killMs }) => killMs) - Math.min(killsMs, tenthMs)) <= ROUNDING_MS);
      const countedMs = longestChain(graph, (name) =>
        graph
          .spec(name)
          .cleanup.map(({ timeoutMs, untimed }) => (untimed ? Math.min(timeoutMs, tenthMs) : timeoutMs))
          .reduce((sum, ms) => sum + ms, 0),
      ).lengthMs;
      const reservedMs = chainMs((stop) => stop.reservedMs);
      assert.ok(Math.abs(reservedMs - Math.min(countedMs, plan.budgetMs / 2)) <= ROUNDING_MS);
      assert.equal(limits.size, graph.services.length);
    });
  });

  test('G4 gives nobody more than its grace, and after Ctrl-C no more than the most of it', () => {
    forAll((given) => {
      const run = simulateStop(given.graph, given.plan, within(given));
      for (const [name, { givenMs }] of run) {
        const mostMs = Math.min(given.graph.spec(name).stop.graceMs, given.atMostMs);
        assert.ok(givenMs <= mostMs + ROUNDING_MS);
      }
    });
  });

  test('G4 what clean-ups can overrun is what they do overrun when everything takes as long as it may', () => {
    forAll(({ graph, plan }) => {
      const run = simulateStop(graph, plan, (_, { cleanupMs }) => ({ askShare: 1, cleanupMs }));
      const overMs = Math.max(0, endOf(run) - plan.budgetMs);
      assert.ok(Math.abs(plan.overrunMs - overMs) <= ROUNDING_MS, `${plan.overrunMs} is not ${overMs}`);
    });
  });

  test('G4 grants every grace whole when all of them fit, and no kill is blamed on the budget then', () => {
    forAll((given) => {
      fc.pre(given.plan.factor === 1);
      const run = simulateStop(given.graph, given.plan, within(given));
      for (const [name, { givenMs, scaled }] of run) {
        const graceMs = Math.min(given.graph.spec(name).stop.graceMs, given.atMostMs);
        assert.ok(Math.abs(givenMs - graceMs) <= ROUNDING_MS);
        assert.equal(scaled, false);
      }
    });
  });

  test('G4 whole graces are scaled only if they do not fit', () => {
    forAll(({ graph, plan }) => {
      const whole = longestChain(graph, (name) => {
        const stop = plan.services.get(name)!;
        return stop.graceMs + fixedMs(stop);
      });
      assert.equal(plan.factor === 1, whole.lengthMs <= plan.budgetMs + ROUNDING_MS);
    });
  });

  test('G4 scales by the largest factor that fits', () => {
    forAll(({ graph, plan }) => {
      fc.pre(plan.factor < 1);
      const lengthMs = (factor: number) =>
        longestChain(graph, (name) => {
          const stop = plan.services.get(name)!;
          return factor * stop.graceMs + fixedMs(stop);
        }).lengthMs;
      assert.ok(lengthMs(plan.factor) <= plan.budgetMs + ROUNDING_MS);
      assert.ok(lengthMs(plan.factor + 0.001) > plan.budgetMs);
    });
  });

  test('G4 never cuts a clean-up: only its reserve is scaled', () => {
    forAll(({ graph, plan }) => {
      for (const name of graph.services) {
        const timeoutsMs = graph.spec(name).cleanup.reduce((sumMs, { timeoutMs }) => sumMs + timeoutMs, 0);
        const { cleanupMs, reservedMs } = plan.services.get(name)!;
        assert.equal(cleanupMs, timeoutsMs);
        assert.ok(reservedMs <= cleanupMs);
      }
    });
  });

  test('G4 time that is not used flows on: who is faster takes nothing from those after it', () => {
    forAll((given) => {
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
    forAll((given) => {
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
    forAll(({ graph, plan }) => {
      const unbounded = { ...plan, budgetMs: 1e9 };
      const run = simulateStop(graph, unbounded, (_, { cleanupMs }) => ({ askShare: 1, cleanupMs }));
      assert.ok(Math.abs(endOf(run) - plan.worstCaseMs) <= ROUNDING_MS);
    });
  });
});
