/**
 * The finder of type names sees what a reader of a signature would have to import, and nothing else.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Declaration } from '../declarations.ts';
import { typesNamedBy } from '../type-names.ts';

function named(code: string, ...members: readonly string[]): readonly string[] {
  const declaration: Declaration = {
    name: 'it',
    kind: 'type',
    doc: undefined,
    code,
    members: members.map((member) => ({ name: 'one', kind: 'method', doc: undefined, code: member })),
    local: [],
  };
  return typesNamedBy(declaration);
}

suite('the types that a declaration names', () => {
  const cases: readonly (readonly [law: string, code: string, names: readonly string[]])[] = [
    ['parameters and results', 'function nap(on: Bed): Dream;', ['Bed', 'Dream']],
    ['arguments of a type', 'type It = Map<Bed, readonly Pillow[]>;', ['Map', 'Bed', 'Pillow']],
    ['no words of comments', 'type It =\n/** Why not. */\n Bed | /* Or\n So */ Sofa;', ['Bed', 'Sofa']],
    ['no words of texts', `type It = 'Why' | "Or" | Bed;`, ['Bed']],
    ['no words of templates', 'type It = `SIG${Bed}`;', ['Bed']],
    ['a namespace, not its members', 'type It = NodeJS.Signals;', ['NodeJS']],
    ['no type parameter of an alias', 'type It<Kind extends Bed = Sofa> = Kind;', ['Bed', 'Sofa']],
    ['no type parameter of a function', 'function nap<Kind, Way>(on: Kind, as: Way): Bed;', ['Bed']],
    [
      'no type parameter that is bound to a function',
      'function nap<Kind extends (bed: Bed, way: Way) => Map<Sofa, 1>, Other>(on: Kind): Other;',
      ['Bed', 'Way', 'Map', 'Sofa'],
    ],
    ['no type parameter that is constant', 'function nap<const Beds extends 1>(on: Beds): void;', []],
    ['no key of a mapped type', 'type It = { [Index in keyof Beds]: Index };', ['Beds']],
    ['nothing inferred', 'type It<T> = T extends Bed<infer Inner> ? Inner : never;', ['Bed']],
    ['an argument that stands before no parameters', 'type It = Bed<Sofa> | (() => void);', ['Bed', 'Sofa']],
  ];
  for (const [law, code, names] of cases) {
    test(law, () => {
      assert.deepEqual(named(code), names);
    });
  }

  test('members name types too, and know the type parameters of what they belong to', () => {
    const members = ['lie(on: Kind): Dream;', '<Way extends Sofa>(way: Way): void;'];
    assert.deepEqual(named('interface It<Kind> extends Bed {', ...members), ['Bed', 'Dream', 'Sofa']);
  });
});
