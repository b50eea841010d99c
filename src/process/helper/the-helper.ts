/**
 * The helper of this program, if it has one. Importing this file starts it when the command line looks as if services
 * will run, so that it is ready by the time it is needed.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { adopter } from '../orphans/init-shim.ts';
import { willSupervise } from '../will-supervise.ts';
import type { Helper } from './helper.ts';
import { startHelper } from './start-helper.ts';

/** Of the bundle, beside which it lies. */
declare const __filename: string | undefined;

/** For who wants to be without: `off`. */
const SWITCH = 'ORDERLY_HELPER';

/** Undefined: there is none for this system, or it isn't wanted. */
export const helperFile: string | undefined = findHelper();

let starting: Promise<Helper | undefined> | undefined;

/** The same for everyone who asks; undefined: there is none, or it can't be run here. Never rejects. */
export function theHelper(): Promise<Helper | undefined> {
  // Where there is an init orphans come to that, which reaps them.
  const asSubreaper = adopter === process.pid && process.pid !== 1;
  starting ??= helperFile === undefined ? Promise.resolve(undefined) : startHelper(helperFile, asSubreaper);
  return starting;
}

function findHelper(): string | undefined {
  if (typeof __filename !== 'string' || process.env[SWITCH] === 'off') return undefined;
  const file = join(dirname(__filename), 'native', `helper-${process.platform}-${process.arch}`);
  return existsSync(file) ? file : undefined;
}

if (willSupervise) void theHelper();
