/**
 * The reader of `.d.ts` files finds each declaration, and its whole text, in the shape that the compiler writes.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { type Declaration, readModule } from '../declarations.ts';

function read(text: string): readonly Declaration[] {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-declarations-'));
  try {
    const path = join(folder, 'index.d.ts');
    writeFileSync(path, text);
    return [...readModule(path).values()];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

suite('the declarations of a module', () => {
  test('a union with comments in it ends where it ends, and hides nothing that follows', () => {
    const [kind, bed] = read(`/** How. */
export type Kind = 'short'
/** Not so short. */
 | 'long' | {
    readonly hours: number;
}
/** Never. */
 | 'none' | 'never';
/** Where. */
export interface Bed {
    readonly legs: number;
}
`);
    assert.match(kind!.code, /^type Kind = 'short'\n.*'never';$/s);
    assert.equal(kind!.doc, 'How.');
    assert.deepEqual(
      [bed!.name, bed!.doc, bed!.members.map(({ name }) => name)],
      ['Bed', 'Where.', ['legs']],
    );
  });

  test('overloads are one declaration with the docstring of the first', () => {
    const [nap, ...others] = read(`/** Rests. */
export declare function nap(hours: number): void;
/** Rests there. */
export declare function nap(bed: string): void;
`);
    assert.equal(nap!.doc, 'Rests.');
    assert.equal(nap!.code, 'function nap(hours: number): void;\nfunction nap(bed: string): void;');
    assert.deepEqual(others, []);
  });

  test('what is not exported goes with what needs it', () => {
    const [bed] = read(`interface Frame {
    readonly wood: string;
}
interface Wall {
    readonly stone: string;
}
export interface Bed extends Frame {
    readonly legs: number;
}
`);
    assert.deepEqual(
      bed!.local.map(({ name }) => name),
      ['Frame'],
    );
  });
});
