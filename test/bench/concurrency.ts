/**
 * What the building blocks of `orderlyd/concurrency` cost, beside Effect, effection, p-queue and plain promises.
 *
 * Every measurement is a process of its own (`programs/concurrency/measure.mjs`), so that nobody meets another's garbage
 * or what was compiled for another's types.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../support/repository-root.ts';
import { type Contender, figuresOf, ROWS, type Row } from './concurrency-rows.ts';
import type { Figure } from './figure.ts';
import { findContenders } from './find-contenders.ts';
import { interleave } from './interleave.ts';
import type { Workload } from './workload.ts';

const FOLDER = join(repositoryRoot(), 'test/bench/programs/concurrency');
const PROGRAMS: Readonly<Record<Contender | 'orderly', string>> = {
  orderly: './orderly.mjs',
  'plain promises': './plain.mjs',
  Effect: './packages/effect.mjs',
  effection: './packages/effection.mjs',
  'p-queue': './packages/p-queue.mjs',
};

const execute = promisify(execFile);

export const concurrency: Workload = async (repetitions) => {
  const present = await findContenders(join(FOLDER, 'packages'));
  const figures: Figure[] = [];
  for (const row of ROWS) {
    const beside = (Object.keys(row.beside) as Contender[]).filter((contender) => present.has(contender));
    const measurements = (['orderly', ...beside] as const).map(
      (who) => [who, () => measure(who, row)] as const,
    );
    figures.push(...figuresOf(row, await interleave(repetitions, Object.fromEntries(measurements))));
  }
  return figures;
};

async function measure(who: Contender | 'orderly', { workload }: Row): Promise<number> {
  const { stdout } = await execute(
    process.execPath,
    ['--expose-gc', 'measure.mjs', PROGRAMS[who], workload],
    { cwd: FOLDER },
  );
  return Number(stdout);
}
