/**
 * Whether the command line under test has its native helper; `ORDERLY_HELPER=off` runs the suite without.
 */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { orderlyBin } from './orderly-bin.ts';

const file = `dist/native/helper-${process.platform}-${process.arch}`;

export const helperFile = join(dirname(dirname(realpathSync(orderlyBin))), file);

if (process.env.ORDERLY_TEST_ALL !== undefined && !existsSync(helperFile))
  throw new Error('there is no helper, and ORDERLY_TEST_ALL is set: it takes a C compiler');

export const hasHelper = process.env.ORDERLY_HELPER !== 'off' && existsSync(helperFile);

/** For tests of both forms: what has to be said to have it, or not. */
export const forms: readonly (readonly [string, NodeJS.ProcessEnv])[] = [
  ...(hasHelper ? [['the helper', {}] as const] : []),
  ['a shell', { ORDERLY_HELPER: 'off' }],
];
