/**
 * Every guarantee at once, held against what one simulation saw and against the record of it alone.
 */
import assert from 'node:assert/strict';
import { checkRecord } from './check-record.ts';
import { assertGraces } from './grace-law.ts';
import {
  assertBudget,
  assertCleanups,
  assertClosed,
  assertEndings,
  assertLeftovers,
  assertStartsAllowed,
  assertStartsHappen,
  assertStatus,
  assertStopOrder,
} from './laws.ts';
import type { Scenario, Simulated } from './simulation.ts';
import { assertToldFields } from './told-fields-law.ts';

type Law = (scenario: Scenario, seen: Simulated) => void;

const LAWS: readonly (readonly [name: string, law: Law])[] = [
  ['G1 no instance starts unless every edge holds at that moment', assertStartsAllowed],
  ['G1 a service whose edges hold is started', assertStartsHappen],
  ['G2 no instance is asked to stop before its dependents are gone', assertStopOrder],
  ['G3 each spawned instance gets exactly one clean-up pass', assertCleanups],
  ['G4 from the cause to the exit the budget is kept', assertBudget],
  ['G4 each has its share of the budget, and after Ctrl-C the most that a person waits', assertGraces],
  ['G5 what no tree knows of is asked when all services are gone, and nothing is alive', assertLeftovers],
  ['G8 the exit status tells the truth', assertStatus],
  ['G8 an end that is to end everything does', assertEndings],
  ['nothing is alive or open at the end', (_, seen) => assertClosed(seen)],
  [
    'RC-1 RC-2 the record tells for which wish, by which graph and why',
    (_, { events, graphs }) => assertToldFields(events, graphs, 0),
  ],
  ['the record alone shows that every guarantee was kept', assertRecord],
];

/** Throws with the name of the first law that is broken, and the facts. */
export function assertLaws(scenario: Scenario, seen: Simulated): void {
  for (const [name, law] of LAWS) {
    try {
      law(scenario, seen);
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
}

function assertRecord({ services }: Scenario, { events, lostMs }: Simulated): void {
  assert.deepEqual(checkRecord(services, events, { toldWithinMs: 0, lostMs }), []);
}
