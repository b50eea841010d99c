/**
 * Laws that hold for every script: fast-check makes scripts, shrinks one that breaks the law, and prints it with its seed.
 * `PROPERTY_RUNS=20000` runs more of each than the ordinary suite does.
 */
import fc from 'fast-check';
import { assertAsyncProperty } from './assert-property.ts';
import { type Lab, law } from './concurrency-lab.ts';
import { runs } from './runs.ts';

/** Declares the test of a law that holds for everything `scripts` makes. */
export function property<T>(
  sentence: string,
  scripts: fc.Arbitrary<T>,
  proof: (script: T, lab: Lab) => Promise<void>,
): void {
  law(sentence, (lab) =>
    assertAsyncProperty(
      fc.asyncProperty(scripts, (script) => proof(script, lab)),
      runs(300),
    ),
  );
}
