import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { parseDocument, stringify } from 'yaml';
import { quickYaml } from '../../../../src/config/yaml/quick/quick-yaml.ts';
import { assertProperty } from '../../../support/assert-property.ts';
import { EVERYTHING, GENERATED, SAMPLE, TYPICAL } from '../sample-texts.ts';
import { documents, spoilt } from './yaml-documents.ts';

/** Checks the law for every text, and that enough of them were accepted for that to mean something. */
function assertLaw(texts: fc.Arbitrary<string>, numRuns: number, minAccepted: number): void {
  let accepted = 0;
  assertProperty(
    fc.property(texts, (text) => {
      const quick = quickYaml(text);
      if (quick === undefined) return;
      accepted += 1;
      const document = parseDocument(text, { logLevel: 'error' });
      assert.deepEqual(document.errors, [], 'accepted what yaml rejects');
      assert.deepStrictEqual(quick, document.toJS());
    }),
    { numRuns },
  );
  assert.ok(accepted >= minAccepted, `only ${accepted} of ${numRuns} texts were accepted`);
}

test('the quick reader yields what yaml yields, or declines: documents in all layouts', () => {
  assertLaw(documents(40), 3_000, 1_000);
});

test('the quick reader yields what yaml yields, or declines: documents with many odd things', () => {
  assertLaw(documents(8), 2_000, 200);
});

test('the quick reader yields what yaml yields, or declines: documents spoilt at random', () => {
  assertLaw(spoilt(documents(40)), 3_000, 300);
});

test('the quick reader yields what yaml yields, or declines: real configurations spoilt at random', () => {
  assertLaw(spoilt(fc.constantFrom(SAMPLE, TYPICAL, EVERYTHING, GENERATED)), 1_500, 300);
});

test('the quick reader yields what yaml yields, or declines: what yaml itself writes', () => {
  const value = fc.object({
    key: fc.stringMatching(/^[a-z_][a-z0-9_-]{0,5}$/),
    values: [
      fc.string(),
      fc.stringMatching(/^[a-z][a-z .:/-]{0,8}$/),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    ],
    maxDepth: 3,
  });
  const text = fc
    .tuple(value, fc.constantFrom(2, 4), fc.boolean())
    .map(([written, indent, indentSeq]) => stringify(written, { indent, indentSeq }));
  assertLaw(text, 1_000, 100);
});

test('the quick reader yields what yaml yields, or declines: lists of texts as JSON', () => {
  const list = fc
    .array(fc.string({ unit: 'binary', maxLength: 5 }), { maxLength: 4 })
    .map((items) => JSON.stringify(items));
  const text = fc
    .tuple(list, fc.constantFrom('', ' ', ' # x', '\n  ', ']', ', a', ': b'))
    .map(([items, tail]) => `a: ${items}${tail}\nb: [${items}]\n`);
  assertLaw(text, 1_000, 100);
});
