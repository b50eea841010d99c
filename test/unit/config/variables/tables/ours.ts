/**
 * What we make of the text of a row, by the whole way of a configuration: the value, and all that is told about it.
 */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { LoadResult } from '../../../../../src/config/load-config.ts';
import { loadText, shown } from '../../load.ts';
import { REFUSED, type Row, type Values, type Verdict } from './row.ts';

export interface Ours<T> {
  readonly value: T | typeof REFUSED;
  /** As the user sees it, but for lines of files; empty: nothing is told. */
  readonly told: string;
}

/** A text in the configuration, where no shell reads it. */
export async function interpolated({ text, env }: Row<string>): Promise<Ours<string>> {
  const result = await loadText(`services: { a: { command: x, env: { X: ${JSON.stringify(text)} } } }`, {
    env,
  });
  const value = result.ok ? result.config.services[0]?.env.X : REFUSED;
  assert.ok(value === REFUSED || typeof value === 'string');
  return { value, told: toldOf(result) };
}

/** A file of variables. */
export async function readFromFile({ text, env }: Row<Values>): Promise<Ours<Values>> {
  const result = await loadText('services: { a: { command: x, env_file: of.a } }', {
    env,
    files: { '/shop/of.a': text },
  });
  return { value: environmentOf(result), told: toldOf(result) };
}

/** What the only service of a configuration is given. */
export function environmentOf(result: LoadResult): Values | typeof REFUSED {
  return result.ok ? (result.config.services[0]!.env as Values) : REFUSED;
}

export function toldOf(result: LoadResult): string {
  const told = result.ok ? result.warnings : result.diagnostics;
  return shown(told.map((one) => ({ ...one, place: one.place && { ...one.place, lineText: '' } })));
}

/** A message about what both refuse is agreement. */
export function verdictOf<T>(theirs: T | typeof REFUSED, { value, told }: Ours<T>): Verdict {
  if (value === REFUSED) return theirs === REFUSED ? 'agree' : 'loud';
  if (told !== '') return 'loud';
  return isDeepStrictEqual(value, theirs) ? 'agree' : 'on purpose';
}

/** Holds a row against what we make of it. */
export function check<T>(row: Row<T>, ours: Ours<T>): void {
  const { theirs, verdict, why } = row;
  assert.equal(verdictOf(theirs, ours), verdict, `${JSON.stringify(ours)} for ${JSON.stringify(theirs)}`);
  if (verdict === 'loud') assert.ok(ours.told.includes(why), ours.told);
  if (verdict !== 'agree') assert.notEqual(why, '');
  if (verdict === 'on purpose') assert.deepEqual(ours.value, row.ours);
}
