/**
 * Asserts a property of fast-check, prints the seed of one that fails, and keeps it: the seeds that a test file has found are
 * tried first in its next runs (`build/found-seeds`), so that a failure of one run in some hundred does not hide in the next.
 *
 * `PROPERTY_SEED=123` runs everything with that seed alone.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { repositoryRoot } from './repository-root.ts';

type Parameters<Ts> = fc.Parameters<Ts>;

/** Node's runner has a process for each test file. */
const file = join(repositoryRoot(), 'build', 'found-seeds', `${basename(process.argv[1] ?? 'unknown')}.json`);
const given = process.env.PROPERTY_SEED;

export function assertProperty<Ts>(property: fc.IProperty<Ts>, params: Parameters<Ts> = {}): void {
  for (const run of runsOf(params)) judge(fc.check(property, run));
}

export async function assertAsyncProperty<Ts>(
  property: fc.IAsyncProperty<Ts>,
  params: Parameters<Ts> = {},
): Promise<void> {
  for (const run of runsOf(params)) judge(await fc.check(property, run));
}

/** One for each seed that was found, and one with a seed of its own; or one with the seed that is given. */
function runsOf<Ts>(params: Parameters<Ts>): readonly Parameters<Ts>[] {
  if (given !== undefined) return [{ ...params, seed: Number(given) }];
  return [...found().map((seed) => ({ ...params, seed })), params];
}

function judge<Ts>(details: fc.RunDetails<Ts>): void {
  if (!details.failed) return;
  keep(details.seed);
  const error = new Error(`${fc.defaultReportMessage(details)}\nagain: PROPERTY_SEED=${details.seed}`);
  if (details.errorInstance instanceof Error)
    error.stack = `${error.message}\n${details.errorInstance.stack}`;
  throw error;
}

function found(): readonly number[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as readonly number[];
  } catch {
    return []; // Nothing was found yet.
  }
}

function keep(seed: number): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, JSON.stringify([...new Set([...found(), seed])]));
}
